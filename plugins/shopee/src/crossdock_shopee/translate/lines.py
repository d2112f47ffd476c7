"""Order lines. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from crossdock.errors import CannotTranslate
from crossdock.model import OrderLine
from crossdock_shopee.config import SkuFallback
from crossdock_shopee.translate.prices import Price
from crossdock_shopee.wire.orders import Item, PackageItem

__all__ = ["LineKey", "key_of", "line_ids", "lines", "named_by", "require_quantities", "sku_of"]

LineKey = tuple[int, int, int, int]
"""Item, variation, order item, promotion group: what Shopee wants to hear when a part is cancelled."""


def key_of(item: Item | PackageItem) -> LineKey:
    """What tells one line of an order from the others."""
    item_id = item.item_id
    return item_id, item.model_id or 0, item.order_item_id or item_id, item.promotion_group_id or 0


def line_ids(items: Sequence[Item]) -> list[str]:
    """Ids of the lines: the same in every reading, and enough to name the line to Shopee again.

    ``item-model``, with ``-orderitem-group`` for goods of a bundle, and ``.2`` for a second line with the same key.
    """
    seen: Counter[LineKey] = Counter()
    ids = []
    for item in items:
        key = key_of(item)
        seen[key] += 1
        name = f"{key[0]}-{key[1]}" if key[2] == key[0] and not key[3] else "-".join(map(str, key))
        ids.append(name if seen[key] == 1 else f"{name}.{seen[key]}")
    return ids


def named_by(line_id: str) -> LineKey:
    """Undo `line_ids`."""
    item, model, *rest = (int(part) for part in line_id.partition(".")[0].split("-"))
    order_item, group = rest or (item, 0)
    return item, model, order_item, group


def lines(
    items: Sequence[Item], ids: Sequence[str], priced: Sequence[Price], fallback: SkuFallback
) -> tuple[OrderLine, ...]:
    """Join goods, ids and prices.

    Raises:
        CannotTranslate: a quantity is not above 0.
    """
    return tuple(_line(item, id_, price, fallback) for item, id_, price in zip(items, ids, priced, strict=True))


def _line(item: Item, id_: str, price: Price, fallback: SkuFallback) -> OrderLine:
    return OrderLine(
        id=id_,
        sku=sku_of(item, fallback),
        name=_name(item),
        product_id=str(item.item_id),
        variant_id=str(item.model_id) if item.model_id else "",
        quantity=Decimal(item.model_quantity_purchased),
        list_price=price.list_price,
        discounts=price.discounts,
        amount=price.amount,
        cancelled_quantity=Decimal(item.cancelled_qty or 0),
        returned_quantity=Decimal(item.returned_qty or 0),
        location=_location(item.product_location_id),
    )


def require_quantities(items: Sequence[Item]) -> None:
    """Refuse an order with a line of nothing, before anything is divided by it."""
    for number, item in enumerate(items):
        if item.model_quantity_purchased <= 0:
            path = f"item_list[{number}].model_quantity_purchased"
            raise CannotTranslate(path, "above 0", seen=str(item.model_quantity_purchased))


def sku_of(item: Item, fallback: SkuFallback) -> str:
    """The variation's SKU, or the item's where there are no variations, or what stands for a missing one."""
    own = item.model_sku if item.model_id else item.item_sku or item.model_sku
    if own:
        return own
    if fallback is SkuFallback.IDS:
        return f"{item.item_id}-{item.model_id or 0}"
    return item.item_sku or "" if fallback is SkuFallback.ITEM else ""


def _name(item: Item) -> str:
    return f"{item.item_name or ''}, {item.model_name}" if item.model_name else item.item_name or ""


def _location(wire: list[str] | str | None) -> str:
    """The table of the documentation says text, the wire says a list."""
    if not wire:
        return ""
    return wire if isinstance(wire, str) else wire[0]
