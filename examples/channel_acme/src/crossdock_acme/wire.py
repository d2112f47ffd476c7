"""Acme Market's own words: money in the smallest unit, times in milliseconds, one entry a piece."""

from __future__ import annotations

import msgspec


class Seller(msgspec.Struct):
    """Answer of ``GET /v1/seller``."""

    name: str
    currency: str


class Piece(msgspec.Struct):
    """One piece of goods: three mugs are three entries, each in a parcel of its own choice."""

    id: str
    sku: str
    title: str
    price_minor: int
    parcel: str
    cancelled: bool = False


class Parcel(msgspec.Struct):
    """What is packed together."""

    id: str
    state: str
    carrier: str = ""
    tracking: str = ""


class Order(msgspec.Struct):
    """An order."""

    id: str
    state: str
    currency: str
    pieces: list[Piece]
    parcels: list[Parcel]
    delivery_minor: int
    paid_minor: int
    recipient: str
    street: str
    created_ms: int
    updated_ms: int


class OrderPage(msgspec.Struct):
    """Answer of ``GET /v1/orders``; orders stay undecoded, so that one that cannot be read spoils no page."""

    data: list[msgspec.Raw]
    total: int


class Named(msgspec.Struct, frozen=True):
    """All that must be readable of an order to say which one it is."""

    id: str
    updated_ms: int


class Accepted(msgspec.Struct):
    """Answer to whatever changes something."""

    id: str


class Row(msgspec.Struct):
    """How one row of a batch fared."""

    sku: str
    problem: str | None = None


class Rows(msgspec.Struct):
    """Answer of ``POST /v1/inventory``."""

    rows: list[Row]


class Tokens(msgspec.Struct):
    """Answer of ``POST /oauth/token``."""

    access_token: str
    refresh_token: str
    expires_in: int


class Problem(msgspec.Struct):
    """One of the errors that come with every status from 400 on."""

    code: str
    detail: str = ""


class Problems(msgspec.Struct):
    """What comes with every status from 400 on."""

    errors: list[Problem]


class Event(msgspec.Struct):
    """Body of a webhook."""

    event_id: str
    topic: str
    order: str
    at_ms: int
