"""The products of one shop."""

from __future__ import annotations

from collections.abc import Iterator

from crossdock_shopee.sandbox.listings import Listing
from crossdock_shopee.sandbox.products.record import Item, ItemStatus, Model


class Catalogue:
    """All items of one shop, found by id and by SKU; it also says what a buyer gets for an SKU.

    Args:
        locations: where the shop keeps stock; the first one is meant where none is named.
    """

    def __init__(self, locations: tuple[str, ...]) -> None:
        self.locations = locations
        self._items: dict[int, Item] = {}
        self._by_sku: dict[str, tuple[Item, Model]] | None = None

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items.values())

    def add(self, item: Item) -> None:
        """Take in a new item."""
        self._items[item.item_id] = item
        self._by_sku = None

    def get(self, item_id: int) -> Item | None:
        """The item with this id."""
        return self._items.get(item_id)

    def changed(self, item: Item, at: int) -> None:
        """Note that `item` changed at `at` (UTC seconds)."""
        item.update_time = max(item.update_time, at)
        self._by_sku = None

    def first_for_sale(self) -> tuple[Item, Model] | None:
        """What a test order has when nothing is said."""
        return next(((item, item.models[0]) for item in self if item.status is ItemStatus.NORMAL), None)

    def find(self, item_sku: str, model_sku: str) -> tuple[Item, Model] | None:
        """What has this SKU: a variation's own number, else that of an item without variations."""
        if self._by_sku is None:
            self._by_sku = {}
            for item in self:
                for model in item.models:
                    self._by_sku.setdefault(model.sku if item.has_model else item.sku, (item, model))
        return self._by_sku.get(model_sku or item_sku)

    def available(self, item: Item, model: Model) -> int:
        """Units that can be sold; of a kit what its scarcest component allows."""
        if not model.components:
            return model.total
        return min(self._component_stock(each.item_id, each.model_id) // each.quantity for each in model.components)

    def take(self, item_id: int, model_id: int, units: int) -> None:
        """Sell units (or put them back, when negative), from the first location that has some."""
        item = self._items.get(item_id)
        model = item.model(model_id) if item else None
        if model is None:
            return
        for component in model.components:
            self.take(component.item_id, component.model_id, units * component.quantity)
        for location in model.stock:
            part = min(units, model.stock[location]) if units > 0 else units
            model.stock[location] -= part
            units -= part

    def _component_stock(self, item_id: int, model_id: int) -> int:
        item = self._items.get(item_id)
        model = item.model(model_id) if item else None
        return model.total if model else 0

    def listing(self, item: Item, model: Model) -> Listing:
        """The item as an order has it."""
        named = item.has_model
        return Listing(
            item_id=item.item_id,
            model_id=model.model_id,
            item_name=item.name,
            item_sku=item.sku,
            model_name=item.model_name(model) if named else "",
            model_sku=model.sku if named else "",
            price=model.price,
            weight=model.weight or item.weight,
            location_id=next(iter(model.stock), self.locations[0]),
        )
