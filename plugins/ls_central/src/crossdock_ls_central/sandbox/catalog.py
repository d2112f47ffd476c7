"""Master data: items with variants, units and stock, stores, tender types, VAT."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

ANY_VARIANT = ""


@dataclass
class Variant:
    """A variant of an item, with its own blocks."""

    code: str
    description: str
    blocked: bool = False
    blocked_on_ecommerce: bool = False
    system_id: str = ""


@dataclass(frozen=True)
class SpecialPrice:
    """A price including VAT for a time; `ends` None is without end."""

    line_no: int
    price: Decimal
    starts: date
    ends: date | None = None
    variant: str = ANY_VARIANT
    unit: str = ""


@dataclass(frozen=True)
class Attribute:
    """Something that is said of items, as free text or as one of some options."""

    description: str
    options: tuple[str, ...] = ()


@dataclass
class Item:
    """An item. Prices include VAT and are per sales unit; stock is in base units by variant and location."""

    number: str
    description: str
    unit_price: Decimal
    vat_group: str = "STANDARD"
    type: str = "Inventory"
    base_unit: str = "PCS"
    units: dict[str, Decimal] = field(default_factory=lambda: {"PCS": Decimal(1)})
    sales_unit: str = "PCS"
    variants: dict[str, Variant] = field(default_factory=dict)
    variant_prices: dict[str, Decimal] = field(default_factory=dict)
    special_prices: list[SpecialPrice] = field(default_factory=list)
    stock: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    barcodes: dict[str, str] = field(default_factory=dict)
    category: str = "GENERAL"
    vendor: str = ""
    gross_weight: Decimal = Decimal("0.5")
    html: str = ""
    blocked: bool = False
    blocked_on_ecommerce: bool = False
    blocked_on_pos: bool = False
    images: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    system_id: str = ""
    version: int = 0
    modified_at: datetime | None = None

    @property
    def is_service(self) -> bool:
        """Whether it has no stock."""
        return self.type != "Inventory"

    def price(self, variant: str = ANY_VARIANT) -> Decimal:
        """Unit price including VAT."""
        return self.variant_prices.get(variant, self.unit_price)

    def inventory(self, variant: str | None = None, location: str | None = None) -> Decimal:
        """Stock in base units, over all variants or locations where None."""
        return sum(
            (
                quantity
                for (of_variant, at), quantity in self.stock.items()
                if variant in (None, of_variant) and location in (None, at)
            ),
            Decimal(0),
        )

    def sellable(self) -> Iterator[str]:
        """The variant codes that have stock of their own; the empty code for an item without variants."""
        yield from self.variants or (ANY_VARIANT,)


@dataclass(frozen=True)
class Store:
    """A store, the location of its stock, those that its web orders are sourced from, and its VAT group."""

    number: str
    name: str
    location: str
    sourcing: tuple[str, ...]
    vat_bus_group: str
    web_store: bool
    city: str
    country: str
    currency: str


@dataclass(frozen=True)
class TenderType:
    """A way of paying."""

    code: str
    description: str


@dataclass(frozen=True)
class Location:
    """A place that holds stock."""

    code: str
    name: str
    system_id: str


@dataclass(frozen=True)
class ShippingAgent:
    """A default shipping agent of a store."""

    store: str
    agent: str
    service: str


@dataclass
class StatusCode:
    """A status that the customer configured, and what it allows."""

    code: str
    description: str
    ext_code: str
    cancel_allowed: bool
    modify_allowed: bool
