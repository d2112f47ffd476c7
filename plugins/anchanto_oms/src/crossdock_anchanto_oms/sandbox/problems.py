"""Problems of orders: the blocking ones come and go by themselves."""

from __future__ import annotations

from crossdock_anchanto_oms.sandbox import stock
from crossdock_anchanto_oms.sandbox.records import Order, OrderLine, Problem
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.states import ENDS

BLOCKING = frozenset({"UNKNOWN_SKU", "UNKNOWN_CARRIER", "OUT_OF_STOCK"})


def review(seller: Seller, order: Order) -> bool:
    """Find the blocking problems of `order` anew and reserve its goods if nothing is in the way.

    Returns:
        Whether the set of blocking problems has changed.
    """
    if order.sent.historical or order.ready_at is not None or order.state in ENDS:
        seller.waiting.pop(order.order_id, None)
        return False
    before = {(problem.code, problem.line_reference) for problem in order.problems if problem.blocking}
    found = [*_unknown_skus(seller, order), *_unknown_carrier(seller, order)]
    found += _out_of_stock(seller, order)
    order.problems = [problem for problem in order.problems if not problem.blocking] + found
    if found:
        seller.waiting[order.order_id] = order
    else:
        seller.waiting.pop(order.order_id, None)
    return before != {(problem.code, problem.line_reference) for problem in found}


def review_waiting(seller: Seller) -> None:
    """Look again at every order with a blocking problem, oldest first."""
    for order in list(seller.waiting.values()):
        if review(seller, order):
            seller.touch(order)
            seller.tell("problem_update", order)


def _unknown_skus(seller: Seller, order: Order) -> list[Problem]:
    return [
        _problem(seller, "UNKNOWN_SKU", f"no product is ordered by SKU {line.sent.sku!r}", line.sent.line_reference)
        for line in order.lines
        if not _resolve(seller, line)
    ]


def _resolve(seller: Seller, line: OrderLine) -> bool:
    if not line.components:
        parts = stock.components_of(seller, line.sent.sku) or {}
        line.components = {isku: each * line.sent.quantity for isku, each in parts.items()}
    return bool(line.components)


def _unknown_carrier(seller: Seller, order: Order) -> list[Problem]:
    if usable_carrier(seller, order.carrier, order.sent.logistics_mode):
        return []
    return [_problem(seller, "UNKNOWN_CARRIER", f"carrier {order.carrier!r} is not set up and there is no default")]


def _out_of_stock(seller: Seller, order: Order) -> list[Problem]:
    if order.reserved or order.state == "MP_UNPAID" or not all(line.components for line in order.lines):
        return []
    needs = order.needs()
    if order.sent.warehouse_code is None:
        order.warehouse_code = stock.choose_warehouse(seller, seller.shops[order.store_code].store, needs)
    if seller.settings.oversell or stock.has_all(seller, order.warehouse_code, needs):
        stock.reserve(seller, order)
        return []
    return [_problem(seller, "OUT_OF_STOCK", f"warehouse {order.warehouse_code} does not have all goods of the order")]


def usable_carrier(seller: Seller, carrier_code: str | None, mode: str) -> bool:
    """Whether the carrier is set up and, where the OMS books it, integrated."""
    carrier = seller.carriers.get(carrier_code or "")
    return carrier is not None and (mode == "marketplace_carrier" or carrier.kind == "integrated")


def _problem(seller: Seller, code: str, message: str, line_reference: str | None = None) -> Problem:
    return Problem(code, message, True, line_reference, seller.now())
