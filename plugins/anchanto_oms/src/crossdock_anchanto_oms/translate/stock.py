"""Stock, both ways: what the OMS may sell as our levels, our levels as its rows. Pure.

Stock is kept per ISKU and warehouse; a channel sells CSKUs. Of a kit there is, in each warehouse, the least that its
parts allow; what two warehouses have in part makes no whole kit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from crossdock.model import StockLevel
from crossdock_anchanto_oms.config import AnchantoRoute
from crossdock_anchanto_oms.goods_records import Component, Offer, OfferPart, OmsProduct, Shelf, StockRow

__all__ = ["levels_of", "orderable", "reckoned", "row_of"]

GROUP, KIT = "group", "kit"


def levels_of(offer: Offer, warehouses: Sequence[str], options: AnchantoRoute) -> Iterator[StockLevel]:
    """The levels of one SKU: their sum, or one for each warehouse.

    Args:
        offer: what the OMS says, or what was reckoned.
        warehouses: that count; none means all of the store.
        options: of the route. Warehouses that `locations` does not name are not shown, if it names any.
    """
    parts = [part for part in offer.warehouses if not warehouses or part.warehouse_code in warehouses]
    if options.locations:
        parts = [part for part in parts if part.warehouse_code in options.locations]
    if options.stock_by == "sum":
        all_of_it = not (warehouses or options.locations)
        total = offer.available if all_of_it else sum(part.available for part in parts)
        yield _level(offer, total, "")
        return
    for part in parts:
        yield _level(offer, part.available, options.locations.get(part.warehouse_code, part.warehouse_code))


def orderable(product: OmsProduct) -> Mapping[str, tuple[Component, ...]]:
    """The SKUs under which a product is ordered, and what each takes from stock; the parent of variants is none."""
    if product.type == GROUP:
        return {part.isku: (Component(part.isku),) for part in product.components}
    if product.type == KIT:
        return {product.csku: product.components}
    return {product.csku: (Component(product.csku),)}


def reckoned(sku: str, parts: Iterable[Component], shelves: Mapping[tuple[str, str], Shelf]) -> Offer | None:
    """What may be sold of `sku`, from the shelves of its parts; None where one of them was never counted.

    Args:
        sku: single, variant or kit.
        parts: what one piece of it takes.
        shelves: by ISKU and warehouse.
    """
    needed = list(parts)
    if not all(any(isku == part.isku for isku, _ in shelves) for part in needed):
        return None
    touched = [shelf for (isku, _), shelf in shelves.items() if any(isku == part.isku for part in needed)]
    codes = sorted({shelf.warehouse_code for shelf in touched})
    made = tuple(OfferPart(code, min(_whole(part, code, shelves) for part in needed)) for code in codes)
    newest: datetime = max(shelf.changed_at for shelf in touched)
    version = sum(shelf.version for shelf in touched)  # each only grows, and so does their sum
    return Offer(sku, sum(part.available for part in made), newest, version, made)


def row_of(level: StockLevel, warehouse: str, options: AnchantoRoute) -> StockRow:
    """A level of ours as the sellable level of an ISKU; parts of a piece are not counted.

    Args:
        level: of the backend.
        warehouse: for levels without a location.
        options: of the route; `locations` is read from right to left.
    """
    known = {location: code for code, location in options.locations.items()}
    code = known.get(level.location, level.location) if level.location else warehouse
    return StockRow(level.sku, code, "absolute", int(level.available))


def _whole(part: Component, warehouse: str, shelves: Mapping[tuple[str, str], Shelf]) -> int:
    shelf = shelves.get((part.isku, warehouse))
    return shelf.available // part.quantity if shelf else 0


def _level(offer: Offer, available: int, location: str) -> StockLevel:
    return StockLevel(
        sku=offer.sku,
        available=Decimal(max(available, 0)),
        location=location,
        version=offer.version,
        as_of=offer.changed_at,
    )
