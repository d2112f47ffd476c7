"""What a route says to LS Central: how orders become documents, and documents become orders. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from crossdock.contract import Route, Settings
from crossdock.errors import Refused

__all__ = [
    "LsRouteOptions",
    "MarketplaceDiscounts",
    "Masked",
    "Posting",
    "PriceRounding",
    "Prices",
    "Sourcing",
    "StockFrom",
    "options_of",
]

AgentCode = Annotated[str, StringConstraints(min_length=1, max_length=10, to_upper=True)]
Code = Annotated[str, StringConstraints(max_length=20, to_upper=True)]


class MarketplaceDiscounts(StrEnum):
    """What becomes of discounts that somebody else than the seller bears."""

    DISCOUNT = "discount"
    PAYMENT = "payment"


class PriceRounding(StrEnum):
    """Where a net amount goes that falls between two steps."""

    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


class Masked(StrEnum):
    """What becomes of personal data that the channel withholds."""

    OMIT = "omit"
    SEND = "send"


class Posting(StrEnum):
    """How a document is posted."""

    API_V2 = "api_v2"
    CUSTOM = "custom"


class StockFrom(StrEnum):
    """What levels of several locations become."""

    SUM = "sum"
    PRIORITY = "priority"
    SINGLE = "single"
    EACH = "each"


class Prices(StrEnum):
    """Where prices come from."""

    WEB = "web"
    SALES_PRICE = "sales_price"
    PRICE_LIST = "price_list"


class Sourcing(StrEnum):
    """Whose stock counts: the store's own, or all from which its web orders can be sourced."""

    STORE = "store"
    SOURCING = "sourcing"


class LsRouteOptions(Settings):
    """What a route says to LS Central."""

    customer_no: Code = ""
    """Customer that documents are made for."""
    member_card: str = ""
    """Member card that documents are made for; empty makes anonymous orders."""
    source_type: str = "1"
    """`SourceType` of documents: 1 is eCommerce."""
    sku_delimiter: str = Field(default="-", max_length=5)
    """Between item and variant in a SKU; the last one counts. Empty when there are no variants."""
    price_rounding: PriceRounding = PriceRounding.NEAREST
    """How net prices and net amounts are rounded, which follow from prices that include tax: `nearest`, `up` or `down`.
    The VAT amount takes the difference, so what was paid never changes."""
    price_decimals: int = Field(default=5, ge=0, le=5)
    """Decimals of a derived net unit price; net amounts have those of the currency."""
    masked: Masked = Masked.OMIT
    """`omit` leaves out what the channel withholds (LS Central may refuse `****` as an e-mail address), `send` sends
    it as it is."""

    shipping_item: Code = ""
    """Item number of the line that carries the shipping fee and balances the total."""
    charge_items: dict[str, Code] = Field(default_factory=dict)
    """Other charges to item numbers, such as `{service = "66020"}`; a charge that is not named goes to
    `shipping_item`."""
    tender_types: dict[str, str] = Field(default_factory=dict)
    """The channel's payment methods to tender types, such as `{"Credit Card" = "3"}`; case does not matter."""
    default_tender: str = ""
    """Tender type of every other payment method."""
    marketplace_discounts: MarketplaceDiscounts = MarketplaceDiscounts.DISCOUNT
    """Discounts that the marketplace, a bank or the buyer's coins pay: `discount` lowers the document to what the
    buyer paid, `payment` keeps it at what the seller is owed and adds a second payment line."""
    marketplace_tender: str = ""
    """Tender type of that second payment line; `default_tender` when empty."""
    shipping_agents: dict[str, AgentCode] = Field(default_factory=dict)
    """The channel's carriers to shipping agent codes; a carrier that is not named is left out."""
    shipping_services: dict[str, AgentCode] = Field(default_factory=dict)
    """The channel's carriers to agent service codes."""

    posting: Posting = Posting.API_V2
    """How orders that had been shipped before they came in are posted: `api_v2` ships and invoices their sales order,
    `custom` calls the connection's `custom_posting`."""

    locations: list[Code] = Field(default_factory=list)
    """Locations whose stock is sold; empty means every one that LS Central names for the store."""
    stock_from: StockFrom = StockFrom.SUM
    """`sum` adds the locations up, `priority` takes the first of them that has any, `single` the first; `each` keeps
    them apart, for a channel whose `locations` say which of its own places shows which."""
    sourcing: Sourcing = Sourcing.SOURCING
    """`sourcing` counts what web orders of the store can be sourced from, `store` what the store itself has."""
    sales_unit: bool = True
    """Products are sold, priced and counted in their sales unit; off, in their base unit."""

    prices: Prices = Prices.WEB
    """`web` takes the store's calculated web prices, `sales_price` and `price_list` the lowest price that is valid
    today. What has no such price has none: an item's unit price may lack the tax."""
    price_groups: list[str] = Field(default_factory=list)
    """Customer price groups whose sales prices and price lists count, besides those of everybody."""
    customer_discount_group: str = ""
    """Web prices of this group instead of everybody's."""
    gross_weight_grams: int = Field(default=1000, ge=1)
    """Grams in one unit of an item's gross weight."""

    @model_validator(mode="after")
    def _named_locations(self) -> Self:
        if self.stock_from is not StockFrom.SUM and not self.locations:
            raise ValueError(f'stock_from = "{self.stock_from}" needs locations')
        return self


def options_of(route: Route) -> LsRouteOptions:
    """What `route` says to its backend; LS Central is never a channel."""
    options = route.backend.options
    if isinstance(options, LsRouteOptions):
        return options
    if options is None:
        return LsRouteOptions()
    raise Refused(f"Route {route.name} has no LS Central at its backend end.", code="setting")
