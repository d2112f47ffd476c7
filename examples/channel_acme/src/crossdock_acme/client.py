"""What Acme Market is asked, call by call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from crossdock.contract import (
    ArrangeShipment,
    CancelOrder,
    CancelReason,
    Outcome,
    Page,
    Probe,
    Receipt,
    Toolbox,
    Unreadable,
    Window,
)
from crossdock.errors import Refused, SignInAgain
from crossdock.model import Order, StockLevel

from crossdock_acme import translate, wire
from crossdock_acme.config import AcmeSettings
from crossdock_acme.gateway import Gateway

_REASONS = {CancelReason.OUT_OF_STOCK: "NO_STOCK", CancelReason.BUYER_ASKED: "BUYER"}
_ALREADY_PACKED = "already_packed"
_ALREADY_CANCELLED = "already_cancelled"


class Client:
    """Calls the API for one seller.

    Args:
        settings: of the connection.
        toolbox: lends the HTTP client and the vault.
    """

    def __init__(self, settings: AcmeSettings, toolbox: Toolbox) -> None:
        self._gateway = Gateway(settings, toolbox)
        self._settings = settings

    async def probe(self) -> Probe:
        """Read the seller's name."""
        seller = await self._gateway.call("GET", "/v1/seller", wire.Seller, verb="probe")
        return Probe(f"seller {seller.name}", {"currency": seller.currency})

    def sign_in_link(self, redirect_url: str) -> str:
        """The page on which the seller lets the app in."""
        query = {"client_id": self._settings.client_id, "redirect_uri": redirect_url, "response_type": "code"}
        return f"{self._settings.base_url}/oauth/authorize?{urlencode(query)}"

    async def sign_in(self, answer: Mapping[str, str]) -> Probe:
        """Exchange the code for tokens."""
        if "code" not in answer:
            raise SignInAgain(f"Acme Market answered {answer.get('error', 'nothing')} instead of a code")
        await self._gateway.sign_in({"grant_type": "authorization_code", "code": answer["code"]})
        return await self.probe()

    async def pull(self, window: Window) -> AsyncIterator[Page[Order]]:
        """Pages in the order of the last change; the cursor is that moment, read again inclusively.

        Offsets count from a list that moves: an order that changes while pages are read goes to its end, and all
        behind it come forward by one. So each page begins with the last order of the one before; where that is not
        found there, reading begins anew at its moment, and nothing is skipped.
        """
        since = int(window.cursor or _milliseconds(window.start))
        offset, last, total = 0, None, 1
        while offset < total:
            page = await self._page(since, window, max(offset - 1, 0))
            names = [translate.named(raw) for raw in page.data]
            if last is not None and (not names or names[0] != last):
                since, offset, last = last.updated_ms, 0, None
                continue
            fresh = page.data if last is None else page.data[1:]
            last, total, offset = names[-1] if names else last, page.total, offset + len(fresh)
            cursor = str(last.updated_ms if last else since)
            yield Page([translate.order(raw) for raw in fresh], cursor)
            if not fresh:
                return

    async def read(self, ids: Sequence[str]) -> Sequence[Order | Unreadable]:
        """Orders by number, as many calls as it takes."""
        found: list[Order | Unreadable] = []
        for first in range(0, len(ids), self._settings.page_size):
            params = {"ids": ",".join(ids[first : first + self._settings.page_size])}
            page = await self._gateway.call("GET", "/v1/orders", wire.OrderPage, params, verb="read_orders")
            found += [translate.order(raw) for raw in page.data]
        return found

    async def pack(self, arrange: ArrangeShipment) -> Receipt:
        """Say that a parcel is packed; Acme's own carrier collects it."""
        path = f"/v1/parcels/{arrange.shipment_id}/pack"
        return await self._once(path, {}, "arrange_shipment", _ALREADY_PACKED)

    async def cancel(self, cancel: CancelOrder) -> Receipt:
        """Cancel an order, or as many pieces of its lines as are named."""
        path = f"/v1/orders/{cancel.order.id}/cancel"
        pieces = [{"line": line, "count": int(count)} for line, count in cancel.quantities.items()]
        body = {"reason": _REASONS.get(cancel.reason, "OTHER"), "pieces": pieces}
        return await self._once(path, body, "cancel_order", _ALREADY_CANCELLED)

    async def set_stock(self, levels: Sequence[StockLevel]) -> Sequence[Outcome]:
        """Set levels; absolute, so that doing it twice is harmless."""
        body = {"rows": [{"sku": level.sku, "on_hand": int(level.available)} for level in levels]}
        rows = await self._gateway.change("/v1/inventory", wire.Rows, body, verb="push_stock", effect=False)
        return [Outcome(row.sku, Refused(row.problem) if row.problem else None) for row in rows.rows]

    async def _page(self, since: int, window: Window, offset: int) -> wire.OrderPage:
        params = {"updated_from": str(since), "offset": str(offset), "limit": str(self._settings.page_size)}
        if window.end is not None:
            params["updated_to"] = str(_milliseconds(window.end))
        return await self._gateway.call("GET", "/v1/orders", wire.OrderPage, params, verb="pull_orders")

    async def _once(self, path: str, body: Mapping[str, object], verb: str, already: str) -> Receipt:
        try:
            done = await self._gateway.change(path, wire.Accepted, body, verb=verb)
        except Refused as error:
            if error.code != already:
                raise
            return Receipt(already=True)
        return Receipt(done.id)


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
