"""What an order needs to know of the things that are bought."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

LOCATION_ID = "SGZ"


@dataclass(frozen=True)
class Listing:
    """One thing that can be bought; `model_id` is 0 for an item without variations."""

    item_id: int
    model_id: int
    item_name: str
    item_sku: str
    model_name: str
    model_sku: str
    price: Decimal
    weight: Decimal = Decimal(1)
    location_id: str = LOCATION_ID


class Bygones:
    """What a shop does not list (any more) but buyers ordered: an SKU keeps the ids it was sold with."""

    def __init__(self, first_free_item_id: int) -> None:
        self._by_sku: dict[str, Listing] = {}
        self._next_item_id = first_free_item_id

    def find(self, item_sku: str, model_sku: str, name: str, price: Decimal) -> Listing:
        """The listing with these SKUs; a new one with `name` and `price` if there is none."""
        sku = model_sku or item_sku
        if sku not in self._by_sku:
            number = self._next_item_id
            model = (number + 10_000_000, "Standard") if model_sku else (0, "")
            self._by_sku[sku] = Listing(number, model[0], name, item_sku, model[1], model_sku, price)
            self._next_item_id += 1
        return self._by_sku[sku]
