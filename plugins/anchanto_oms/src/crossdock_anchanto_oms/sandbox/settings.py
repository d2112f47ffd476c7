"""What a simulated Anchanto OMS can be told when it starts, and the credentials that never change."""

from __future__ import annotations

from dataclasses import dataclass

SELLER_CODE = "SBX-SELLER"
STORE_CODE = "KR-STORE-1"
FOREIGN_STORE_CODE = "FOREIGN-1"
CHANNEL_SHOP_ID = "600000"
CLIENT_ID = "crossdock-sandbox"
CLIENT_SECRET = "sandbox-secret-0001"  # noqa: S105 a documented test credential
EVENT_SECRET = "sandbox-event-secret-0001"  # noqa: S105 a documented test credential


@dataclass(frozen=True)
class Settings:
    """How this account is set up.

    Attributes:
        wms: the seller runs Anchanto WMS too; picking makes orders ready, and nobody does it by hand.
        multi_warehouse: three warehouses, two of them mapped to the store, instead of one.
        country: ISO 3166 code of the seeded store.
        currency: ISO 4217 code of the seeded store.
        channel_shop_id: the marketplace's number of the shop behind the seeded store.
        default_carrier: used where an order in mode ``marketplace_carrier`` names none; None leaves a problem.
        default_integrated_carrier: the same for mode ``oms_carrier``.
        authorized_brands: brands that may be listed; None allows all.
        oversell: reserve below zero instead of reporting a problem.
        token_seconds: life of an access token.
        requests_per_minute: limit of a client.
        list_lag_seconds: how long lists lag behind writes.
        label_delay_seconds: from Ready to Ship until an integrated carrier answers.
        feed_delay_seconds: from a listing feed's arrival until its first rows are done.
    """

    wms: bool = False
    multi_warehouse: bool = False
    country: str = "KR"
    currency: str = "KRW"
    channel_shop_id: str = CHANNEL_SHOP_ID
    default_carrier: str | None = "SLS"
    default_integrated_carrier: str | None = "CJ"
    authorized_brands: tuple[str, ...] | None = None
    oversell: bool = False
    token_seconds: int = 3600
    requests_per_minute: int = 6000
    list_lag_seconds: int = 0
    label_delay_seconds: float = 5
    feed_delay_seconds: float = 2
