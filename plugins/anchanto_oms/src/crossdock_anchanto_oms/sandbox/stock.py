"""Stock: kept per ISKU and warehouse, offered per SKU and store."""

from __future__ import annotations

from crossdock_anchanto_oms.sandbox.records import Order, StockLevel, Store
from crossdock_anchanto_oms.sandbox.seller import Seller


def level(seller: Seller, isku: str, warehouse_code: str) -> StockLevel:
    """The level of an ISKU in a warehouse; it begins at nothing."""
    key = f"{isku}@{warehouse_code}"
    found = seller.stock.get(key)
    if found is None:
        found = StockLevel(isku, warehouse_code)
        seller.stock.put(key, found)
    return found


def version(seller: Seller, found: StockLevel) -> int:
    """The number of the level's latest change."""
    return seller.stock.version(f"{found.isku}@{found.warehouse_code}")


def note_change(seller: Seller, changed: StockLevel) -> None:
    """Stamp the level, and every offer in every store that contains its ISKU."""
    seller.stock.touch(f"{changed.isku}@{changed.warehouse_code}")
    for store_code, shop in seller.shops.items():
        if changed.warehouse_code in shop.store.warehouse_codes:
            for sku in (changed.isku, *seller.kits_with.get(changed.isku, ())):
                seller.shops[store_code].offers.touch(sku)
                seller.affected.setdefault(store_code, {})[sku] = None


def components_of(seller: Seller, sku: str) -> dict[str, int] | None:
    """ISKUs and quantities in one piece of an orderable SKU; None for a group's parent and for the unknown."""
    product = seller.products.get(sku)
    if product is None or product.type == "group":
        return None
    return {component.isku: component.quantity for component in product.components}


def available(seller: Seller, sku: str, warehouse_code: str) -> int:
    """How many pieces of an orderable SKU one warehouse could still serve."""
    parts = components_of(seller, sku) or {}
    return min((level(seller, isku, warehouse_code).available() // each for isku, each in parts.items()), default=0)


def choose_warehouse(seller: Seller, store: Store, needs: dict[str, int]) -> str:
    """The store's first warehouse that has everything, else its first one."""
    for code in store.warehouse_codes:
        if has_all(seller, code, needs):
            return code
    return store.warehouse_codes[0]


def has_all(seller: Seller, warehouse_code: str, needs: dict[str, int]) -> bool:
    """Whether `needs` could be reserved in a warehouse."""
    return all(level(seller, isku, warehouse_code).available() >= quantity for isku, quantity in needs.items())


def reserve(seller: Seller, order: Order) -> None:
    """Set the order's goods aside."""
    for isku, quantity in order.needs().items():
        found = level(seller, isku, order.warehouse_code)
        found.reserved += quantity
        note_change(seller, found)
    order.reserved = True


def release(seller: Seller, order: Order) -> None:
    """Give back what was set aside, if anything was."""
    if order.reserved:
        _unreserve(seller, order, taken=False)


def deduct(seller: Seller, order: Order) -> None:
    """The order's goods leave the warehouse."""
    if order.reserved:
        _unreserve(seller, order, taken=True)
        order.away = True


def _unreserve(seller: Seller, order: Order, *, taken: bool) -> None:
    for isku, quantity in order.needs().items():
        found = level(seller, isku, order.warehouse_code)
        found.reserved -= quantity
        found.sellable -= quantity if taken else 0
        note_change(seller, found)
    order.reserved = False


def count(seller: Seller, counted: StockLevel, *, sellable: int, damaged: int) -> None:
    """So many pieces are there, whatever was known: somebody counted, or the first ones came."""
    seller.counted[counted.isku, counted.warehouse_code] += sellable + damaged - counted.sellable - counted.damaged
    counted.sellable, counted.damaged = sellable, damaged
    note_change(seller, counted)


def put_back(seller: Seller, isku: str, warehouse_code: str, *, sellable: int, damaged: int) -> None:
    """Goods come (back) into a warehouse; a negative figure takes them out."""
    found = level(seller, isku, warehouse_code)
    found.sellable += sellable
    found.damaged += damaged
    note_change(seller, found)
