"""What a shop has for sale, as far as an order needs to know."""

from __future__ import annotations

from collections.abc import Sequence
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

    @property
    def sku(self) -> str:
        """The seller's own number: of the variation if there is one, else of the item."""
        return self.model_sku or self.item_sku


class Listings:
    """The listings of one shop by SKU; an SKU that nobody listed is invented when it is sold."""

    def __init__(self, listings: Sequence[Listing], first_free_item_id: int) -> None:
        self._by_sku = {listing.sku: listing for listing in listings}
        self._next_item_id = first_free_item_id

    def first(self) -> Listing:
        """The listing that a test order has when nothing else is said."""
        return next(iter(self._by_sku.values()))

    def find(self, item_sku: str, model_sku: str, name: str, price: Decimal) -> Listing:
        """The listing with these SKUs; a new one with `name` and `price` if there is none."""
        sku = model_sku or item_sku
        if sku not in self._by_sku:
            number = self._next_item_id
            model = (number + 10_000_000, "Standard") if model_sku else (0, "")
            self._by_sku[sku] = Listing(number, model[0], name, item_sku, model[1], model_sku, price)
            self._next_item_id += 1
        return self._by_sku[sku]


def sample_listings(price_factor: int) -> list[Listing]:
    """A T-shirt in two variations, a cap and a mug; prices in units of `price_factor`."""
    shirt = "Cotton T-shirt"
    return [
        Listing(846056136, 12984093, shirt, "TSHIRT", "Black,M", "TSHIRT-BLACK-M", Decimal(15 * price_factor)),
        Listing(846056136, 12984094, shirt, "TSHIRT", "White,M", "TSHIRT-WHITE-M", Decimal(15 * price_factor)),
        Listing(846056137, 0, "Cap", "CAP", "", "", Decimal(12 * price_factor)),
        Listing(846056138, 0, "Mug", "MUG", "", "", Decimal(8 * price_factor)),
    ]
