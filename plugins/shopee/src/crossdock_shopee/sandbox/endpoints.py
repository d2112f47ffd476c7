"""Every endpoint that the sandbox has."""

from __future__ import annotations

from crossdock_shopee.sandbox import identity, signin
from crossdock_shopee.sandbox.endpoint import Endpoint
from crossdock_shopee.sandbox.orders import escrow, queries

ENDPOINTS: tuple[Endpoint, ...] = (
    *signin.ENDPOINTS,
    *identity.ENDPOINTS,
    *queries.ENDPOINTS,
    *escrow.ENDPOINTS,
)
