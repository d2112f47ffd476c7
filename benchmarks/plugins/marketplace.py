"""The instant marketplace as a crossdock channel."""

from __future__ import annotations

import asyncio
import hmac
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import msgspec

from crossdock.contract import Page, Plugin, Route, Settings, Toolbox, Unreadable, Window, hookimpl
from crossdock.errors import CannotTranslate
from crossdock.http import HttpClient, Request, giving_way
from crossdock.model import (
    Address,
    Buyer,
    Charge,
    Discount,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payer,
    Payment,
    Shipment,
    ShipmentLine,
    ShipmentStatus,
)

_LIST, _DETAIL = "/api/v2/order/get_order_list", "/api/v2/order/get_order_detail"
_A_CALL, _CALLS_AHEAD = 50, 4


class MarketplaceSettings(Settings):
    """Settings of a connection."""

    base_url: str
    partner_id: int
    partner_key: str
    shop_id: int
    token: str
    look_back_seconds: int = 0
    """How far each look reaches back behind the newest order that was seen; the plugin for Shopee takes 5 minutes."""


class Row(msgspec.Struct):
    """One row of a list."""

    order_sn: str


class Listing(msgspec.Struct):
    """One page of a list."""

    more: bool
    next_cursor: str
    order_list: list[Row]


class ListAnswer(msgspec.Struct):
    """The envelope of a list."""

    response: Listing


class WireItem(msgspec.Struct, gc=False):
    """Goods."""

    item_id: int
    item_name: str
    model_id: int
    model_sku: str
    model_quantity_purchased: int
    model_original_price: Decimal
    model_discounted_price: Decimal
    product_location_id: list[str]


class WireParcelItem(msgspec.Struct, gc=False):
    """Goods in a parcel."""

    item_id: int
    model_id: int
    model_quantity: int


class WireParcel(msgspec.Struct, gc=False):
    """A parcel."""

    package_number: str
    logistics_status: str
    shipping_carrier: str
    item_list: list[WireParcelItem]


class WireAddress(msgspec.Struct, gc=False):
    """An address."""

    name: str
    phone: str
    town: str
    district: str
    city: str
    state: str
    region: str
    zipcode: str
    full_address: str


class WireOrder(msgspec.Struct, gc=False):
    """An order."""

    order_sn: str
    order_status: str
    currency: str
    total_amount: Decimal
    estimated_shipping_fee: Decimal
    shipping_carrier: str
    payment_method: str
    cod: bool
    message_to_seller: str
    create_time: int
    update_time: int
    pay_time: int
    ship_by_date: int
    buyer_user_id: int
    buyer_username: str
    recipient_address: WireAddress
    item_list: list[WireItem]
    package_list: list[WireParcel]


class Details(msgspec.Struct):
    """Orders, undecoded, so that one which cannot be read does not hide the others."""

    order_list: list[msgspec.Raw]


class DetailAnswer(msgspec.Struct):
    """The envelope of details."""

    response: Details


_listing = msgspec.json.Decoder(ListAnswer).decode
_details = msgspec.json.Decoder(DetailAnswer).decode
_order = msgspec.json.Decoder(WireOrder).decode


class MarketplaceConnection:
    """One shop."""

    def __init__(self, settings: MarketplaceSettings, toolbox: Toolbox) -> None:
        self._settings = settings
        self._clock = toolbox.clock
        self._http: HttpClient = toolbox.http(sign=self._sign)

    def _sign(self, request: Request) -> Request:
        settings, now = self._settings, int(self._clock.now().timestamp())
        path = request.url.removeprefix(settings.base_url)
        text = f"{settings.partner_id}{path}{now}{settings.token}{settings.shop_id}"
        common = [
            ("partner_id", str(settings.partner_id)),
            ("timestamp", str(now)),
            ("access_token", settings.token),
            ("shop_id", str(settings.shop_id)),
            ("sign", hmac.digest(settings.partner_key.encode(), text.encode(), sha256).hex()),
        ]
        return replace(request, params=[*common, *request.params])

    @hookimpl
    async def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        """Read what changed, a few calls for details ahead of what was handed over."""
        seen = int(window.cursor) - self._settings.look_back_seconds if window.cursor else None
        start = int(window.start.timestamp()) if seen is None else seen
        ahead: deque[asyncio.Task[list[Order | Unreadable]]] = deque()
        try:
            async for numbers in self._numbers(start):
                ahead.append(asyncio.create_task(self.read_orders(numbers, route)))
                if len(ahead) > _CALLS_AHEAD:
                    yield _page(await ahead.popleft())
            while ahead:
                yield _page(await ahead.popleft())
        finally:
            for reading in ahead:
                reading.cancel()

    async def _numbers(self, start: int) -> AsyncIterator[list[str]]:
        coming: asyncio.Task[Listing] | None = asyncio.create_task(self._list(start, ""))
        while coming is not None:
            found = await coming
            coming = asyncio.create_task(self._list(start, found.next_cursor)) if found.more else None
            numbers = [row.order_sn for row in found.order_list]
            for at in range(0, len(numbers), _A_CALL):
                yield numbers[at : at + _A_CALL]

    @hookimpl
    async def read_orders(self, ids: Sequence[str], route: Route) -> list[Order | Unreadable]:
        """Read orders by number."""
        params = [("order_sn_list", ",".join(ids))]
        request = Request("GET", self._settings.base_url + _DETAIL, params, verb="read_orders")
        answer = await self._http.send(request)
        return [_read(bytes(raw)) async for raw in giving_way(_details(answer.body).response.order_list)]

    async def _list(self, start: int, cursor: str) -> Listing:
        end = int(self._clock.now().timestamp()) + 1
        params = [
            ("time_range_field", "update_time"),
            ("time_from", str(start)),
            ("time_to", str(end)),
            ("page_size", "100"),
            ("cursor", cursor),
        ]
        request = Request("GET", self._settings.base_url + _LIST, params, verb="pull_orders")
        return _listing((await self._http.send(request)).body).response


def _page(items: list[Order | Unreadable]) -> Page[Order]:
    moments = [item.updated_at for item in items if isinstance(item, Order) and item.updated_at]
    return Page(items, str(int(max(moments).timestamp())) if moments else None)


def _read(raw: bytes) -> Order | Unreadable:
    try:
        return translate(_order(raw))
    except msgspec.ValidationError as error:
        return Unreadable("", CannotTranslate("order", str(error)))


_STATUSES = {"READY_TO_SHIP": OrderStatus.OPEN, "CANCELLED": OrderStatus.CANCELLED}


def translate(seen: WireOrder) -> Order:
    """Our order for theirs."""
    currency = seen.currency
    return Order(
        id=seen.order_sn,
        status=_STATUSES.get(seen.order_status, OrderStatus.UNKNOWN),
        vendor_status=seen.order_status,
        currency=currency,
        total=Money(seen.total_amount, currency),
        lines=tuple(_line(item, currency) for item in seen.item_list),
        charges=(Charge(kind="shipping", amount=Money(seen.estimated_shipping_fee, currency)),),
        payment=Payment(method=seen.payment_method, cash_on_delivery=seen.cod),
        buyer=Buyer(id=str(seen.buyer_user_id), name=seen.buyer_username),
        ship_to=_address(seen.recipient_address),
        shipping_method=seen.shipping_carrier,
        shipments=tuple(_parcel(parcel) for parcel in seen.package_list),
        note=seen.message_to_seller,
        placed_at=datetime.fromtimestamp(seen.create_time, UTC),
        paid_at=datetime.fromtimestamp(seen.pay_time, UTC),
        ship_by=datetime.fromtimestamp(seen.ship_by_date, UTC),
        updated_at=datetime.fromtimestamp(seen.update_time, UTC),
    )


def _line(item: WireItem, currency: str) -> OrderLine:
    price, paid, quantity = item.model_original_price, item.model_discounted_price, item.model_quantity_purchased
    saved = (price - paid) * quantity
    discount = Discount(kind="item", payer=Payer.SELLER, amount=Money(saved, currency)) if saved else None
    return OrderLine(
        id=f"{item.item_id}-{item.model_id}",
        sku=item.model_sku,
        name=item.item_name,
        product_id=str(item.item_id),
        variant_id=str(item.model_id),
        quantity=Decimal(quantity),
        list_price=Money(price, currency),
        discounts=(discount,) if discount else (),
        amount=Money(paid * quantity, currency),
        location=item.product_location_id[0],
    )


def _parcel(parcel: WireParcel) -> Shipment:
    return Shipment(
        id=parcel.package_number,
        status=ShipmentStatus.READY,
        vendor_status=parcel.logistics_status,
        carrier=parcel.shipping_carrier,
        lines=tuple(
            ShipmentLine(line_id=f"{item.item_id}-{item.model_id}", quantity=Decimal(item.model_quantity))
            for item in parcel.item_list
        ),
    )


def _address(seen: WireAddress) -> Address:
    return Address(
        name=seen.name,
        phone=seen.phone,
        line=seen.full_address,
        line2=seen.town,
        district=seen.district,
        city=seen.city,
        state=seen.state,
        postcode=seen.zipcode,
        country=seen.region,
    )


@asynccontextmanager
async def connect(settings: MarketplaceSettings, toolbox: Toolbox) -> AsyncIterator[MarketplaceConnection]:
    """Open a connection."""
    yield MarketplaceConnection(settings, toolbox)


plugin = Plugin(
    name="bench_marketplace",
    title="Instant marketplace",
    settings=MarketplaceSettings,
    contract=">=1,<2",
    connect=connect,
    connection=MarketplaceConnection,
    requests_per_second=1_000_000,
)
