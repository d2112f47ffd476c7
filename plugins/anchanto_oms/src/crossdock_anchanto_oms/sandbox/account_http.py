"""Endpoints of the account: who it is, its stores, warehouses and carriers."""

from __future__ import annotations

from dataclasses import asdict

from aiohttp import web

from crossdock_anchanto_oms.sandbox import render
from crossdock_anchanto_oms.sandbox.gate import Call, Endpoint
from crossdock_anchanto_oms.sandbox.settings import SELLER_CODE


def _account(call: Call) -> web.Response:
    settings = call.seller.settings
    return web.json_response(
        {
            "seller_code": SELLER_CODE,
            "name": "Sandbox seller",
            "currency": settings.currency,
            "multi_warehouse": settings.multi_warehouse,
            "wms": settings.wms,
        }
    )


def _stores(call: Call) -> web.Response:
    return web.json_response({"items": [render.store(shop.store) for shop in call.seller.shops.values()]})


def _store(call: Call) -> web.Response:
    return web.json_response(render.store(call.seller.shop(call.path["store_code"]).store))


def _warehouses(call: Call) -> web.Response:
    return web.json_response({"items": [asdict(each) for each in call.seller.warehouses.values()]})


def _carriers(call: Call) -> web.Response:
    return web.json_response({"items": [asdict(each) for each in call.seller.carriers.values()]})


ENDPOINTS = (
    Endpoint("GET", "/api/v1/account", _account),
    Endpoint("GET", "/api/v1/stores", _stores),
    Endpoint("GET", "/api/v1/stores/{store_code}", _store),
    Endpoint("GET", "/api/v1/warehouses", _warehouses),
    Endpoint("GET", "/api/v1/carriers", _carriers),
)
