"""Prices: of each orderable SKU on each store."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from crossdock_anchanto_oms.sandbox.gate import Call, Endpoint
from crossdock_anchanto_oms.sandbox.paging import listed
from crossdock_anchanto_oms.sandbox.records import Price, Store
from crossdock_anchanto_oms.sandbox.seller import Seller, Shop
from crossdock_anchanto_oms.sandbox.stock import components_of
from crossdock_anchanto_oms.sandbox.stock_http import Outcome, outcome
from crossdock_anchanto_oms.sandbox.values import Body, Code, fits, money_text, time_text

_AMOUNT = re.compile(r"-?\d{1,14}(\.\d{1,4})?", re.ASCII)


class PriceRow(Body):
    """One price; whether the amounts are good is told per row."""

    sku: Code
    retail_price: str
    selling_price: str | None = None


class PutPrices(Body):
    """``PUT …/prices``."""

    rows: Annotated[list[PriceRow], Field(min_length=1, max_length=100)]


def set_price(seller: Seller, store: Store, row: PriceRow) -> tuple[str, str] | None:
    """Set one price; tells code and reason if it is refused."""
    if components_of(seller, row.sku) is None:
        return "unknown_sku", f"no product is ordered by SKU {row.sku!r}"
    wrong = wrong_amount(store, row)
    if wrong is not None:
        return "invalid_price", wrong
    selling = None if row.selling_price is None else Decimal(row.selling_price)
    seller.shops[store.store_code].prices.put(row.sku, Price(row.sku, Decimal(row.retail_price), selling))
    return None


def wrong_amount(store: Store, row: PriceRow) -> str | None:
    """Which amount is not positive, or has more decimals than the store's currency."""
    for name, text in (("retail_price", row.retail_price), ("selling_price", row.selling_price)):
        if text is not None and not _good(text, store.currency):
            return f"{name} {text!r} is no positive amount in {store.currency}"
    return None


def _good(text: str, currency: str) -> bool:
    return bool(_AMOUNT.fullmatch(text)) and Decimal(text) > 0 and fits(Decimal(text), currency)


def shown(shop: Shop, price: Price) -> dict[str, Any]:
    """A price as the wire shows it."""
    return {
        "sku": price.sku,
        "retail_price": money_text(price.retail_price, shop.store.currency),
        "selling_price": money_text(price.selling_price, shop.store.currency),
        "currency": shop.store.currency,
        "changed_at": time_text(shop.prices.changed_at(price.sku)),
        "version": shop.prices.version(price.sku),
    }


def _list(call: Call) -> web.Response:
    shop = call.seller.shop(call.path["store_code"])
    query = call.only("changed_since", "limit", "cursor")
    name = f"prices of {shop.store.store_code}"
    return web.json_response(listed(call.seller, shop.prices, query, partial(shown, shop), name=name))


def _put(call: Call) -> web.Response:
    store = call.seller.shop(call.path["store_code"]).store
    results: list[Outcome] = []
    for number, row in enumerate(call.json(PutPrices).rows):
        refused = set_price(call.seller, store, row)
        if refused is None:
            version = call.seller.shops[store.store_code].prices.version(row.sku)
            results.append(outcome(number, row.sku, "ACCEPTED", version=version))
            facts = row.model_dump(exclude={"sku"})
            call.seller.world.oracle.record("set_price", row.sku, store=store.store_code, **facts)
        else:
            results.append(outcome(number, row.sku, "REJECTED", error=refused))
    return web.json_response({"results": results})


ENDPOINTS = (
    Endpoint("GET", "/api/v1/stores/{store_code}/prices", _list),
    Endpoint("PUT", "/api/v1/stores/{store_code}/prices", _put),
)
