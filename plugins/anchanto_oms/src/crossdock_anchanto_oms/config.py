"""What a connection to the OMS is configured with, and what a route may say about it. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints

from crossdock.contract import Settings

__all__ = ["CANNOT", "AnchantoRoute", "AnchantoSettings", "Mode"]

Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s?#]+[^\s?#/]$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Mode(StrEnum):
    """Who makes tracking number and label."""

    MARKETPLACE = "marketplace_carrier"
    OMS = "oms_carrier"


CANNOT = {
    "delete_product": "Anchanto OMS does not delete products on a channel",
    "delist_product": "Anchanto OMS does not activate or deactivate products on a channel",
    "fetch_image": "Anchanto OMS names pictures by address, where everybody can fetch them",
    "split_order": "Anchanto OMS does not split orders: an order has one parcel",
    "answer_return": "Anchanto OMS does not approve or reject returns: that is done on the marketplace",
    "answer_cancellation": "Anchanto OMS follows a cancellation: it is accepted or rejected on the marketplace",
    "post_order": "Anchanto OMS ships what is picked: an order that has left comes in as history instead",
}
"""What is asked for in vain, verb or not, to the sentence that says why not."""


class AnchantoSettings(Settings):
    """One store of the OMS."""

    base_url: Url
    """Address of the OMS, without a slash at the end."""
    client_id: str = Field(min_length=1)
    """Of the API client that the OMS made for crossdock; it reaches the stores of one seller."""
    client_secret: SecretStr
    """The API client's secret."""
    store_code: Code
    """The store, as the OMS calls it; one connection is one store."""
    store_name: str = ""
    """Nickname of the store; when it is given, `crossdock check` compares it."""
    channel_shop_id: str = ""
    """The marketplace's number of the shop behind the store; when it is given, `crossdock check` compares it, so that
    no second store is connected to the same shop."""
    country: str = Field(pattern="^[A-Z]{2}$")
    """Country of the store; `crossdock check` refuses a store of another one."""
    currency: str = Field(pattern="^[A-Z]{3}$")
    """Currency of the store; orders in another one are refused."""
    warehouses: tuple[Code, ...] = ()
    """Warehouses that the store ships from; needed where the account has several."""
    event_secret: SecretStr | None = None
    """Signs push messages; without it none is believed."""
    previous_event_secret: SecretStr | None = None
    """Still believed while the secret is being exchanged."""
    event_skew_seconds: int = Field(default=300, ge=1, le=3600)
    """How old or early a push message may be."""
    profile: str = "oms_rest_neutral"
    """Which wire the installation speaks: a built-in name, or a `.toml` file."""
    page_size: int = Field(default=100, ge=1, le=100)
    """Rows of a list per call."""
    overlap_seconds: int = Field(default=120, ge=60, le=86_400)
    """How far each look at a list reaches back; lists may lag behind writes by a minute."""
    timeout_seconds: float = Field(default=30.0, gt=0)
    """For one call."""


class AnchantoRoute(Settings):
    """What a route may say to its end at the OMS."""

    logistics_mode: Mode = Mode.MARKETPLACE
    """`marketplace_carrier`: the channel makes tracking number and label. `oms_carrier`: an integrated carrier of the
    OMS does, and the channel is told its tracking number."""
    oms_carrier_methods: tuple[str, ...] = ()
    """Shipping methods of the channel that go by `oms_carrier` whatever `logistics_mode` says."""
    carriers: dict[str, Code] = Field(default_factory=dict)
    """The channel's carriers to carriers of the OMS; one that is not here is named as it is, and the OMS takes the
    store's default where it does not know it."""
    warehouse: str = Field(default="", max_length=64)
    """Warehouse of new orders; empty lets the OMS choose the first of the store that has all goods."""
    historical: bool = True
    """Orders of a backfill, and others that had left before they came in, are history: they move no stock."""
    follow_parcels: bool = False
    """Lost parcels become `LOST_IN_TRANSIT`, failed deliveries `FAILED_DELIVERY_INITIATED`, as the channel says."""
    stock_by: Literal["sum", "warehouse"] = "sum"
    """`sum` shows what all warehouses of the store have together, `warehouse` a level for each."""
    locations: dict[str, str] = Field(default_factory=dict)
    """Warehouse of the OMS to location of the channel; with it, warehouses that are not named are not shown."""
    stock_from: Literal["offers", "shelves"] = "offers"
    """`offers` takes what the OMS says may be sold of each SKU, `shelves` reckons it here from the stock of each ISKU:
    of a kit the least that its parts allow."""
    products: Literal["listings", "catalogue"] = "listings"
    """Which products are for the channel: those that people listed on the store, or all."""
    return_goods: Literal["always", "tracking", "never"] = "always"
    """Whether a parcel comes back with a return: `tracking` when it has a tracking number as it is opened."""
