"""Endpoints of products."""

from __future__ import annotations

from aiohttp import web

from crossdock_anchanto_oms.sandbox import products, render
from crossdock_anchanto_oms.sandbox.gate import Call, Endpoint
from crossdock_anchanto_oms.sandbox.goods_bodies import PutProduct
from crossdock_anchanto_oms.sandbox.paging import listed
from crossdock_anchanto_oms.sandbox.refusal import unknown


def _list(call: Call) -> web.Response:
    seller = call.seller
    query = call.only("changed_since", "limit", "cursor")
    page = listed(seller, seller.products, query, lambda product: render.product(seller, product), name="products")
    return web.json_response(page)


def _read(call: Call, status: int = 200) -> web.Response:
    product = call.seller.products.get(call.path["csku"])
    if product is None:
        raise unknown("product", call.path["csku"])
    return web.json_response(render.product(call.seller, product), status=status)


def _put(call: Call) -> web.Response:
    sent = call.json(PutProduct)
    new = products.put(call.seller, call.path["csku"], sent)
    call.seller.world.oracle.record("put_product", call.path["csku"], type=sent.type)
    return _read(call, 201 if new else 200)


ENDPOINTS = (
    Endpoint("GET", "/api/v1/products", _list),
    Endpoint("GET", "/api/v1/products/{csku}", _read),
    Endpoint("PUT", "/api/v1/products/{csku}", _put),
)
