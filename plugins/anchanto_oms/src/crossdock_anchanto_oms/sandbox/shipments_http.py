"""Endpoints of an order's parcel and its label."""

from __future__ import annotations

from aiohttp import web

from crossdock_anchanto_oms.sandbox import render, shipments
from crossdock_anchanto_oms.sandbox.gate import Call, Endpoint
from crossdock_anchanto_oms.sandbox.label_links import link_to
from crossdock_anchanto_oms.sandbox.orders_http import order_of
from crossdock_anchanto_oms.sandbox.records import Shipment
from crossdock_anchanto_oms.sandbox.refusal import Refusal

_PARCEL = "/api/v1/stores/{store_code}/orders/{order_id}/shipment"


def _put(call: Call) -> web.Response:
    attached = shipments.attach(call.seller, order_of(call), call.json(shipments.PutShipment))
    return web.json_response(render.shipment(attached))


def _read(call: Call) -> web.Response:
    return web.json_response(render.shipment(_parcel(call)))


def _label(call: Call) -> web.Response:
    label = _parcel(call).label
    if label is None:
        raise Refusal(404, "label_not_ready", f"order {call.path['order_id']} has no label yet")
    if call.seller.oddities.label_link_seconds:
        return link_to(call, label)
    return web.Response(body=label, content_type="application/pdf")


def _parcel(call: Call) -> Shipment:
    found = order_of(call).shipment
    if found is None:
        raise Refusal(404, "no_shipment", f"order {call.path['order_id']} has no shipment yet")
    return found


ENDPOINTS = (
    Endpoint("PUT", _PARCEL, _put),
    Endpoint("GET", _PARCEL, _read),
    Endpoint("GET", _PARCEL + "/label", _label),
)
