"""Endpoints of orders."""

from __future__ import annotations

from aiohttp import web

from crossdock_anchanto_oms.sandbox import orders, render
from crossdock_anchanto_oms.sandbox.bodies import ChangeOrder, CreateOrder, MoveBody, ReportProblem
from crossdock_anchanto_oms.sandbox.gate import Call, Endpoint
from crossdock_anchanto_oms.sandbox.moves import move
from crossdock_anchanto_oms.sandbox.paging import found, listed
from crossdock_anchanto_oms.sandbox.records import Order
from crossdock_anchanto_oms.sandbox.refusal import invalid
from crossdock_anchanto_oms.sandbox.states import ORDER_STATES

_ALL = "/api/v1/stores/{store_code}/orders"
_ONE = _ALL + "/{order_id}"


def order_of(call: Call) -> Order:
    """The order that the path names."""
    return call.seller.order(call.path["store_code"], call.path["order_id"])


def _shown(call: Call, order: Order, status: int = 200) -> web.Response:
    return web.json_response(render.order(call.seller, order), status=status)


def _create(call: Call) -> web.Response:
    store_code = call.path["store_code"]
    call.seller.shop(store_code)
    return _shown(call, orders.create(call.seller, store_code, call.json(CreateOrder)), 201)


def _read(call: Call) -> web.Response:
    return _shown(call, order_of(call))


def _list(call: Call) -> web.Response:
    seller, store_code = call.seller, call.path["store_code"]
    shop = seller.shop(store_code)
    if "channel_reference" in call.query:
        order = shop.order_by_reference.get(call.only("channel_reference")["channel_reference"])
        return web.json_response(found(seller, [] if order is None else [render.order(seller, order)]))
    query = call.only("changed_since", "limit", "cursor", "state", "channel_reference")
    state = query.get("state")
    if state is not None and state not in ORDER_STATES:
        raise invalid("state", f"{state!r} is no order state; allowed: {', '.join(sorted(ORDER_STATES))}")
    return web.json_response(
        listed(
            seller,
            shop.orders,
            query,
            lambda order: render.order(seller, order),
            keep=lambda order: state in (None, order.state),
            name=f"orders of {store_code}",
        )
    )


def _move(call: Call) -> web.Response:
    order = order_of(call)
    move(call.seller, order, call.json(MoveBody))
    return _shown(call, order)


def _change(call: Call) -> web.Response:
    order = order_of(call)
    orders.change(call.seller, order, call.json(ChangeOrder))
    return _shown(call, order)


def _report_problem(call: Call) -> web.Response:
    order = order_of(call)
    orders.report_problem(call.seller, order, call.json(ReportProblem))
    return _shown(call, order)


def _clear_problem(call: Call) -> web.Response:
    order = order_of(call)
    orders.clear_problem(call.seller, order, call.path["code"])
    return _shown(call, order)


ENDPOINTS = (
    Endpoint("POST", _ALL, _create),
    Endpoint("GET", _ALL, _list),
    Endpoint("GET", _ONE, _read),
    Endpoint("PATCH", _ONE, _change),
    Endpoint("POST", _ONE + "/moves", _move),
    Endpoint("POST", _ONE + "/problems", _report_problem),
    Endpoint("DELETE", _ONE + "/problems/{code}", _clear_problem),
)
