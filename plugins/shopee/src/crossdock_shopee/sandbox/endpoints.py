"""Every endpoint that the sandbox has."""

from __future__ import annotations

from crossdock_shopee.sandbox import identity, signin
from crossdock_shopee.sandbox.endpoint import Endpoint
from crossdock_shopee.sandbox.global_products import levels as global_levels
from crossdock_shopee.sandbox.global_products import publishing
from crossdock_shopee.sandbox.global_products import reading as global_reading
from crossdock_shopee.sandbox.global_products import writing as global_writing
from crossdock_shopee.sandbox.logistics import documents, mass_shipping, offers, queues, shipping, tracking
from crossdock_shopee.sandbox.orders import changes, escrow, invoices, payouts, queries, splitting
from crossdock_shopee.sandbox.products import (
    images,
    kits,
    levels,
    reading,
    taxonomy_endpoints,
    variations,
    warehouses,
    writing,
)
from crossdock_shopee.sandbox.pushes import endpoints as pushes
from crossdock_shopee.sandbox.returns import endpoints as returns
from crossdock_shopee.sandbox.returns import negotiation

ENDPOINTS: tuple[Endpoint, ...] = (
    *signin.ENDPOINTS,
    *identity.ENDPOINTS,
    *queries.ENDPOINTS,
    *escrow.ENDPOINTS,
    *changes.ENDPOINTS,
    *invoices.ENDPOINTS,
    *payouts.ENDPOINTS,
    *splitting.ENDPOINTS,
    *shipping.ENDPOINTS,
    *mass_shipping.ENDPOINTS,
    *tracking.ENDPOINTS,
    *queues.ENDPOINTS,
    *documents.ENDPOINTS,
    *offers.ENDPOINTS,
    *returns.ENDPOINTS,
    *negotiation.ENDPOINTS,
    *pushes.ENDPOINTS,
    *reading.ENDPOINTS,
    *writing.ENDPOINTS,
    *variations.ENDPOINTS,
    *levels.ENDPOINTS,
    *taxonomy_endpoints.ENDPOINTS,
    *images.ENDPOINTS,
    *kits.ENDPOINTS,
    *warehouses.ENDPOINTS,
    *global_reading.ENDPOINTS,
    *global_writing.ENDPOINTS,
    *global_levels.ENDPOINTS,
    *publishing.ENDPOINTS,
)
