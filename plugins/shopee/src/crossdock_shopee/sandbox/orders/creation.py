"""From an operator's draft to an order whose amounts add up."""

from __future__ import annotations

from decimal import Decimal

from crossdock.sandbox import OperatorError
from crossdock_shopee.sandbox.listings import Listing
from crossdock_shopee.sandbox.logistics.channels import CHANNELS
from crossdock_shopee.sandbox.orders.amounts import buyer_total
from crossdock_shopee.sandbox.orders.draft import DraftItem, OrderDraft
from crossdock_shopee.sandbox.orders.record import Address, Checkout, Line, Order, Package
from crossdock_shopee.sandbox.products.record import ItemStatus
from crossdock_shopee.sandbox.regions import Region
from crossdock_shopee.sandbox.state import Shop, State

_USUAL_PRICE = Decimal(15)


def new_order(state: State, shop: Shop, draft: OrderDraft, created: int) -> Order:
    """The order as it is in the moment of checkout: unpaid, one parcel, nothing arranged.

    Raises:
        OperatorError: the amounts cannot be.
    """
    region = shop.region
    lines = [_line(state, shop, item) for item in draft.items]
    order = Order(
        order_sn=state.numbers.order_sn(region.day(created)),
        shop_id=shop.id,
        region=region,
        currency=draft.currency or region.currency,
        lines=lines,
        checkout=_checkout(draft, region),
        recipient=Address(region=region.code, **draft.recipient.model_dump()),
        buyer_user_id=1_170_000_000 + state.numbers.below(1_000_000),
        buyer_username=draft.buyer_username,
        message=draft.message,
        cod=draft.cod,
        create_time=created,
        update_time=created,
        days_to_ship=state.settings.days_to_ship,
        invoice="missing" if draft.invoice_pending else None,
        packages=[_first_package(state, draft, region, lines, created)],
    )
    if buyer_total(order) < 0:
        raise OperatorError(f"the buyer would pay {buyer_total(order)}: vouchers and coins exceed the order")
    return order


def new_package(state: State, lines: list[Line], channel_id: int, carrier: str, at: int) -> Package:
    """A parcel that holds `lines`."""
    return Package(f"OFG{state.numbers.serial()}", list(lines), channel_id, carrier, at)


def _first_package(state: State, draft: OrderDraft, region: Region, lines: list[Line], at: int) -> Package:
    channel = CHANNELS.get(draft.channel_id)
    if channel is None:
        raise OperatorError(f"no channel {draft.channel_id}; there are {sorted(CHANNELS)}", missing=True)
    return new_package(state, lines, channel.id, draft.carrier or channel.name or region.carrier, at)


def _line(state: State, shop: Shop, item: DraftItem) -> Line:
    listing = _listing(state, shop, item)
    original = listing.price if item.original_price is None else item.original_price
    discounted = original if item.discounted_price is None else item.discounted_price
    _check_prices(shop.region, original, discounted, item.shopee_discount)
    in_bundle = item.promotion_type == "bundle_deal"
    group = item.promotion_group or (1 if in_bundle or item.promotion_type.startswith("add_on") else 0)
    return Line(
        item_id=listing.item_id,
        model_id=listing.model_id,
        item_name=listing.item_name,
        item_sku=listing.item_sku,
        model_name=listing.model_name,
        model_sku=listing.model_sku,
        quantity=item.quantity,
        original_price=original,
        discounted_price=discounted,
        shopee_discount=item.shopee_discount,
        promotion_type=item.promotion_type,
        promotion_id=200_000_000 + group if item.promotion_type else 0,
        order_item_id=group if in_bundle else listing.item_id,
        promotion_group_id=group,
        line_item_id=state.numbers.serial(),
        weight=listing.weight,
        location_id=listing.location_id,
        image_url=f"https://cf.shopee.sg/file/sandbox-{listing.item_id}",
        add_on_deal_id=300_000_000 + group if item.promotion_type.startswith("add_on") else 0,
        main_item=item.promotion_type == "add_on_deal_main",
    )


def _listing(state: State, shop: Shop, item: DraftItem) -> Listing:
    """What is bought: something the shop lists, or something that it once listed."""
    catalogue = shop.catalogue
    named = bool(item.sku or item.model_sku)
    found = catalogue.find(item.sku, item.model_sku) if named else catalogue.first_for_sale()
    if found is None and not named:
        raise OperatorError(f"shop {shop.id} has nothing for sale; name an sku")
    if found is None or found[0].status is not ItemStatus.NORMAL:
        price = item.original_price if item.original_price is not None else _USUAL_PRICE
        return shop.bygones.find(item.sku, item.model_sku, item.name or item.model_sku or item.sku, price)
    if state.settings.stock_after_sale and catalogue.available(*found) < item.quantity:
        left = catalogue.available(*found)
        raise OperatorError(f"only {left} of {item.model_sku or item.sku or 'the first item'} are left")
    return catalogue.listing(*found)


def _checkout(draft: OrderDraft, region: Region) -> Checkout:
    usual = Decimal("1.99") if region.decimals else Decimal(30)
    checkout = Checkout(
        seller_voucher=draft.seller_voucher,
        seller_voucher_code=draft.seller_voucher_code or ("SANDBOX" if draft.seller_voucher else ""),
        shopee_voucher=draft.shopee_voucher,
        coins=draft.coins,
        shipping_fee=usual if draft.shipping_fee is None else draft.shipping_fee,
        shipping_rebate=draft.shipping_rebate,
        payment_method="Cash on Delivery" if draft.cod else draft.payment_method,
    )
    for amount in (checkout.seller_voucher, checkout.shopee_voucher, checkout.coins, checkout.shipping_fee):
        _check_decimals(region, amount)
    return checkout


def _check_prices(region: Region, original: Decimal, discounted: Decimal, shopee_discount: Decimal) -> None:
    for amount in (original, discounted, shopee_discount):
        _check_decimals(region, amount)
    if original - discounted - shopee_discount < 0:
        raise OperatorError(
            f"a unit cannot go from {original} to {discounted} with {shopee_discount} borne by Shopee: "
            "the parts of the discount must not exceed the difference"
        )


def _check_decimals(region: Region, amount: Decimal) -> None:
    if amount != region.round(amount):
        raise OperatorError(f"{amount} {region.currency} has more than {region.decimals} decimals")
