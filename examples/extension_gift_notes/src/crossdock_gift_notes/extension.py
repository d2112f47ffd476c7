"""What Gift notes does: it rewrites or holds back what passes on a route. Quick, and free of effects."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from decimal import Decimal

from crossdock.contract import Receipt, Route, hookimpl
from crossdock.errors import Refused
from crossdock.model import Order, Product, StockLevel

from crossdock_gift_notes.config import GiftNotesSettings

INCLUDED = "A hand-written gift note is included."


class GiftNotesExtension:
    """Asked on every route whose `extensions` name it, in their order.

    Args:
        settings: from the config file.
    """

    def __init__(self, settings: GiftNotesSettings) -> None:
        self._settings = settings

    @hookimpl
    async def rewrite_order(self, order: Order, route: Route) -> Order:
        """Write the note on gifts, and hold large orders back.

        Raises:
            Refused: the order is parked with this reason; ``crossdock parked retry`` asks again.
        """
        limit = self._settings.hold_from
        if limit is not None and order.total is not None and order.total.amount >= limit:
            raise Refused(f"the total of {order.total} is not below {limit}, so a person must look")
        if not self._is_gift(order):
            return order
        note = " ".join(part for part in (self._settings.note, order.note) if part)
        return order.model_copy(update={"note": note})

    @hookimpl(wrapper=True)
    def push_order(self, order: Order) -> Generator[None, Receipt | None, Receipt | None]:
        """Stand around the making of the document: what it answers, or raises, passes here."""
        receipt = yield
        if receipt is None or receipt.already or not self._is_gift(order):
            return receipt
        return replace(receipt, note=" ".join(part for part in (receipt.note, "with a gift note") if part))

    @hookimpl
    async def rewrite_stock(self, level: StockLevel, route: Route) -> StockLevel:
        """Keep the reserve."""
        return level.model_copy(update={"available": max(level.available - self._settings.reserve, Decimal(0))})

    @hookimpl
    async def rewrite_product(self, product: Product, route: Route) -> Product:
        """Tell buyers of gifts what they get."""
        skus = {product.sku, *(variant.sku for variant in product.variants)}
        if skus.isdisjoint(self._settings.gift_skus) or INCLUDED in product.description:
            return product
        return product.model_copy(update={"description": f"{product.description}\n{INCLUDED}".lstrip()})

    def _is_gift(self, order: Order) -> bool:
        return any(line.sku in self._settings.gift_skus for line in order.lines)
