"""What a connection and a route say about Shopee. Pure."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from crossdock.contract import Route, Settings

__all__ = ["HOSTS", "Region", "ShipBy", "ShopeeRoute", "ShopeeSettings", "SkuFallback", "options_of"]

HOSTS = {
    "live": "https://partner.shopeemobile.com",
    "live-us": "https://openplatform.shopee.com.br",
    "live-cn": "https://openplatform.shopee.cn",
    "sandbox": "https://openplatform.sandbox.test-stable.shopee.sg",
    "sandbox-cn": "https://openplatform.sandbox.test-stable.shopee.cn",
}
"""Short names of the documented hosts. One host serves every region's shops: choose the one near this machine."""

Region = Literal["SG", "MY", "TH", "ID", "VN", "PH", "TW", "BR", "MX", "CO", "CL", "AR", "PL", "ES", "FR", "IN", "KR"]


class EscrowReading(StrEnum):
    """How the parts of an order's total are read when the order itself does not explain it."""

    BATCH = "batch"
    SINGLE = "single"
    NEVER = "never"


class SignInPage(StrEnum):
    """Which page the shop's owner opens to authorise the app."""

    SIGNED = "signed"
    OPEN = "open"


class ShopeeSettings(Settings):
    """One shop."""

    region: Region
    """Market of the shop; `crossdock check` refuses a shop of another one."""
    shop_id: int = Field(gt=0, lt=2**32)
    """Number of the shop, as the page shows it on which its owner authorises the app."""
    partner_id: int = Field(ge=0, lt=2**32)
    """Number of the app in the Open Platform console."""
    partner_key: SecretStr = Field(min_length=8)
    """Key of the app in the Open Platform console; it signs every call."""
    base_url: str = "live"
    """`live`, `live-us`, `live-cn`, `sandbox`, `sandbox-cn`, or an address such as `http://127.0.0.1:8000`."""
    merchant_id: int | None = None
    """Set for cross-border (KRSC, CNSC) sellers: products and stock then go through global products."""
    main_account_id: int | None = None
    """Set when `code` came from the login of a main account."""
    code: SecretStr | None = None
    """First authorisation: usable once, for ten minutes. Not needed where `crossdock auth link` is used."""
    access_token: SecretStr | None = None
    """First access token, where another program had it; newer ones are kept encrypted in the ledger."""
    refresh_token: SecretStr | None = None
    """First refresh token, likewise; it works once."""
    push_key: SecretStr | None = None
    """Key that signs push messages, where the console shows one of its own; else the partner key."""
    push_url: str | None = None
    """Callback address exactly as the console has it, where a proxy changes what we see."""
    recover_lost_pushes: bool = True
    """Fetch push messages that did not arrive. Shopee keeps them for the app as a whole, and forgets what one reader
    confirmed: switch it off where other programs read them too."""
    sign_in_page: SignInPage = SignInPage.SIGNED
    """`signed` for the page on the API's host, `open` for the newer page on open.shopee.com."""
    order_overlap_seconds: int = Field(default=300, ge=0, le=86_400)
    """How far a look at the order list reaches back behind the last one, unless another one did within the last minute;
    five minutes, because the gateway accepts clocks that differ by as much."""
    page_size: int = Field(default=100, ge=1, le=100)
    """Rows of the order list per call."""
    details_in_flight: int = Field(default=4, ge=1, le=16)
    """How many calls for details are under way at once."""
    pending_orders: bool = True
    """Show orders that Shopee still holds back as held; switched off they look as in older versions of the API."""
    escrow: EscrowReading = EscrowReading.BATCH
    """`batch` asks for 20 orders at once, `single` for one, `never` leaves what is not explained as imbalance."""
    returns_first_page: int = Field(default=0, ge=0, le=1)
    """Number of the first page of returns: 0 in the description, 1 in the sample."""
    refresh_ahead_seconds: int = Field(default=600, ge=0, le=3_600)
    """How long before its end an access token is renewed."""

    @field_validator("base_url")
    @classmethod
    def _known_host(cls, value: str) -> str:
        if value in HOSTS:
            return HOSTS[value]
        if not value.startswith(("https://", "http://")):
            raise ValueError(f"base_url {value!r} is neither an address nor one of {', '.join(HOSTS)}")
        return value.rstrip("/")

    @property
    def key(self) -> bytes:
        """The partner key as bytes."""
        return self.partner_key.get_secret_value().encode()


class SkuFallback(StrEnum):
    """What stands for the SKU of a variant that has none."""

    NONE = "none"
    ITEM = "item"
    IDS = "ids"


class ShipBy(StrEnum):
    """How parcels leave."""

    PICKUP = "pickup"
    DROPOFF = "dropoff"
    NON_INTEGRATED = "non_integrated"


class UnknownBrand(StrEnum):
    """What becomes of a product whose brand the route does not name."""

    NONE = "none"
    REFUSE = "refuse"
    REGISTER = "register"


class Brand(Settings):
    """A brand as Shopee knows it; 0 and ``NoBrand`` mean none."""

    id: int = 0
    name: str = "NoBrand"


class Attribute(Settings):
    """Where one of our attributes goes."""

    id: int
    values: dict[str, int] = Field(default_factory=dict)
    """Our value to their value id; what is not here is sent as free text."""
    unit: str = ""


class LogisticsChannel(Settings):
    """A shipping channel that new listings offer."""

    id: int
    free: bool = False
    size_id: int = 0
    """For channels that charge by size; 0 where they do not."""


class ShopeeRoute(Settings):
    """What a route may say to its Shopee end."""

    sku_fallback: SkuFallback = SkuFallback.NONE
    """A variant without SKU: `none` leaves the line without, `item` takes the item's, `ids` writes item-model."""
    ship_by: tuple[ShipBy, ...] = (ShipBy.PICKUP, ShipBy.DROPOFF, ShipBy.NON_INTEGRATED)
    """The first of these that Shopee offers for a parcel is taken."""
    pickup_address_id: int | None = None
    """From where parcels are picked up; else the shop's pickup address, else its default address."""
    pickup_slot: Literal["first", "last"] = "first"
    """Which of the offered time slots."""
    dropoff_branch_id: int | None = None
    """Where parcels are dropped off; else the first branch offered."""
    sender_name: str = Field(default="", max_length=64)
    """Real name of the sender, for drop-off points that ask for it."""
    cancel_other_as: Literal["OUT_OF_STOCK", "CUSTOMER_REQUEST", "COD_NOT_SUPPORTED"] = "OUT_OF_STOCK"
    """Reason that Shopee hears where it has none of its own, such as an order cancelled in the back office."""
    label_type: str = ""
    """Such as `THERMAL_AIR_WAYBILL`; empty takes what Shopee suggests."""
    duplicate_skus: Literal["refuse", "all"] = "refuse"
    """Stock and price of an SKU that several listings carry: `refuse` parks it, `all` writes to each of them."""
    locations: dict[str, str] = Field(default_factory=dict)
    """Our location to their location id; to an empty text in a shop that has one place for all stock."""
    categories: dict[str, int] = Field(default_factory=dict)
    """Our category to the id of a leaf category."""
    brands: dict[str, Brand] = Field(default_factory=dict)
    """Our brand to theirs; of a brand that is not here, `unknown_brand` says what becomes."""
    unknown_brand: UnknownBrand = UnknownBrand.NONE
    """`none` lists the product as NoBrand. `refuse` and `register` look the brand up by its name, and wait while
    Shopee has not approved it; where Shopee does not have it, `refuse` parks the product, and `register` registers the
    brand with the product's pictures and waits."""
    attributes: dict[str, Attribute] = Field(default_factory=dict)
    """Our attribute to theirs; others are not sent."""
    logistics: tuple[LogisticsChannel, ...] = ()
    """Shipping channels of new listings; empty takes all that are enabled in the shop."""
    condition: Literal["NEW", "USED"] = "NEW"
    """Of all that is listed by this route."""
    list_as: Literal["NORMAL", "UNLIST"] = "NORMAL"
    """`UNLIST` makes new listings invisible until a person shows them."""
    pre_order_above_days: int = Field(default=3, ge=0)
    """Products that take longer to ship than this are listed as pre-order; it differs by market."""
    missing_variants: Literal["keep", "delete"] = "keep"
    """Variations that are listed and that the product no longer has."""
    local_price_factor: Decimal | None = Field(default=None, gt=0)
    """Cross-border: merchant's price x factor = price in the shop's currency; without it Shopee calculates one."""
    price_currency: Literal["merchant", "shop"] = "merchant"
    """Cross-border: in whose currency the backend's prices are.

    `shop` needs `local_price_factor`: the shop's own items get them as they are, the merchant's divided by it."""
    prices_follow_merchant: bool = False
    """Cross-border: by Seller Centre's setting the shop's prices follow the merchant's, so that only those are set."""
    settle_seconds: float = Field(default=5.0, ge=0)
    """How long after making an item its variations may be added."""

    @model_validator(mode="after")
    def _can_convert(self) -> Self:
        if self.price_currency == "shop" and self.local_price_factor is None:
            raise ValueError(
                "price_currency = \"shop\" needs local_price_factor: merchant's price x factor = shop's price"
            )
        return self

    @property
    def rate(self) -> Decimal | None:
        """The factor, where the backend's prices are in the shop's currency."""
        return self.local_price_factor if self.price_currency == "shop" else None

    @property
    def first_location(self) -> str:
        """Where new listings have their stock; empty where the shop knows no locations."""
        return next(iter(self.locations.values()), "")


_DEFAULTS = ShopeeRoute()


def options_of(route: Route) -> ShopeeRoute:
    """What a route says to its Shopee end; the defaults where it says nothing."""
    options = route.channel.options
    return options if isinstance(options, ShopeeRoute) else _DEFAULTS
