"""Endpoints of stock: levels per ISKU and warehouse, offers per SKU and store."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from crossdock_anchanto_oms.sandbox import problems, render, stock
from crossdock_anchanto_oms.sandbox.gate import Call, Endpoint
from crossdock_anchanto_oms.sandbox.goods_bodies import PutStock, StockRow
from crossdock_anchanto_oms.sandbox.paging import listed
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.values import time_text

Outcome = dict[str, Any]


def _levels(call: Call) -> web.Response:
    seller = call.seller
    query = call.only("changed_since", "limit", "cursor", "warehouse_code", "isku")
    warehouse_code, isku = query.get("warehouse_code"), query.get("isku")
    page = listed(
        seller,
        seller.stock,
        query,
        lambda level: render.stock_level(seller, level),
        keep=lambda level: warehouse_code in (None, level.warehouse_code) and isku in (None, level.isku),
        name="stock",
    )
    return web.json_response(page)


def _offers(call: Call) -> web.Response:
    seller, store_code = call.seller, call.path["store_code"]
    seller.shop(store_code)
    query = call.only("changed_since", "limit", "cursor", "sku")
    wanted = query.get("sku")
    page = listed(
        seller,
        seller.shops[store_code].offers,
        query,
        lambda sku: _offer(seller, store_code, sku),
        keep=lambda sku: wanted in (None, sku),
        name=f"stock of {store_code}",
    )
    return web.json_response(page)


def _offer(seller: Seller, store_code: str, sku: str) -> Outcome:
    codes = seller.shops[store_code].store.warehouse_codes
    parts = [{"warehouse_code": code, "available": stock.available(seller, sku, code)} for code in codes]
    offers = seller.shops[store_code].offers
    return {
        "sku": sku,
        "available": sum(stock.available(seller, sku, code) for code in codes),
        "warehouses": parts,
        "changed_at": time_text(offers.changed_at(sku)),
        "version": offers.version(sku),
    }


def _put(call: Call) -> web.Response:
    rows = call.json(PutStock).rows
    results = [apply_row(call.seller, number, row) for number, row in enumerate(rows)]
    problems.review_waiting(call.seller)
    return web.json_response({"results": results})


def apply_row(seller: Seller, number: int, row: StockRow) -> Outcome:
    """Carry one row out, or say why not."""
    refused = _reason_against(seller, row)
    if refused is not None:
        return outcome(number, row.isku, "REJECTED", error=refused)
    if row.reference is not None and row.reference in seller.stock_references:
        return outcome(number, row.isku, "DUPLICATE")
    level = stock.level(seller, row.isku, row.warehouse_code)
    sellable = row.quantity if row.mode == "absolute" else level.sellable + row.quantity
    stock.count(seller, level, sellable=sellable, damaged=level.damaged)
    if row.reference is not None:
        seller.stock_references.add(row.reference)
    facts = {"warehouse": row.warehouse_code, "mode": row.mode, "quantity": row.quantity, "sellable": level.sellable}
    seller.world.oracle.record("set_stock", row.isku, **facts)
    return outcome(number, row.isku, "ACCEPTED", version=stock.version(seller, level))


def _reason_against(seller: Seller, row: StockRow) -> tuple[str, str] | None:
    product = seller.products.get(row.isku)
    if product is None or product.type != "single":
        return "unknown_sku", f"{row.isku!r} is no ISKU"
    if row.warehouse_code not in seller.warehouses:
        return "unknown_warehouse", f"there is no warehouse {row.warehouse_code!r}"
    if row.mode == "delta" and row.reference is None:
        return "reference_required", "a delta needs a reference, so that it is not applied twice"
    if row.reference is not None and row.reference in seller.stock_references:
        return None
    key = f"{row.isku}@{row.warehouse_code}"
    known = seller.stock.get(key)
    now = seller.stock.version(key) if known else 0
    if row.expected_version not in (None, now):
        return "version_conflict", f"expected version {row.expected_version}, found {now}"
    before = known.sellable if known and row.mode == "delta" else 0
    if before + row.quantity < 0:
        return "negative_stock", f"the level would be {before + row.quantity}"
    return None


def outcome(
    number: int, sku: str, status: str, *, version: int | None = None, error: tuple[str, str] | None = None
) -> Outcome:
    """What became of one row of a batch."""
    shown = None if error is None else {"code": error[0], "message": error[1]}
    return {"row": number, "sku": sku, "status": status, "version": version, "error": shown}


ENDPOINTS = (
    Endpoint("GET", "/api/v1/stock", _levels),
    Endpoint("PUT", "/api/v1/stock", _put),
    Endpoint("GET", "/api/v1/stores/{store_code}/stock", _offers),
)
