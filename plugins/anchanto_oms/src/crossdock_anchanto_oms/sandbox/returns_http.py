"""Endpoints of returns."""

from __future__ import annotations

from aiohttp import web

from crossdock_anchanto_oms.sandbox import render, returns
from crossdock_anchanto_oms.sandbox.bodies import MoveBody
from crossdock_anchanto_oms.sandbox.gate import Call, Endpoint
from crossdock_anchanto_oms.sandbox.orders_http import order_of
from crossdock_anchanto_oms.sandbox.paging import found, listed
from crossdock_anchanto_oms.sandbox.records import Return
from crossdock_anchanto_oms.sandbox.refusal import unknown

_STORE = "/api/v1/stores/{store_code}"
_ONE = _STORE + "/returns/{return_id}"


def _return_of(call: Call) -> Return:
    known = call.seller.shop(call.path["store_code"]).returns.get(call.path["return_id"])
    if known is None:
        raise unknown("return", call.path["return_id"])
    return known


def _shown(call: Call, known: Return, status: int = 200) -> web.Response:
    return web.json_response(render.returned(call.seller, known), status=status)


def _open(call: Call) -> web.Response:
    return _shown(call, returns.open_return(call.seller, order_of(call), call.json(returns.OpenReturn)), 201)


def _read(call: Call) -> web.Response:
    return _shown(call, _return_of(call))


def _list(call: Call) -> web.Response:
    seller, store_code = call.seller, call.path["store_code"]
    shop = seller.shop(store_code)
    if "return_reference" in call.query:
        known = shop.return_by_reference.get(call.only("return_reference")["return_reference"])
        return web.json_response(found(seller, [] if known is None else [render.returned(seller, known)]))
    query = call.only("changed_since", "limit", "cursor", "return_reference")
    page = listed(
        seller, shop.returns, query, lambda each: render.returned(seller, each), name=f"returns of {store_code}"
    )
    return web.json_response(page)


def _move(call: Call) -> web.Response:
    known = _return_of(call)
    returns.move(call.seller, known, call.json(MoveBody))
    return _shown(call, known)


def _change(call: Call) -> web.Response:
    known = _return_of(call)
    returns.change(call.seller, known, call.json(returns.ChangeReturn))
    return _shown(call, known)


ENDPOINTS = (
    Endpoint("POST", _STORE + "/orders/{order_id}/returns", _open),
    Endpoint("GET", _STORE + "/returns", _list),
    Endpoint("GET", _ONE, _read),
    Endpoint("PATCH", _ONE, _change),
    Endpoint("POST", _ONE + "/moves", _move),
)
