"""returns.get_return_list, get_return_detail and confirm."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.orders.record import Order
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Request, Timestamp
from crossdock_shopee.sandbox.returns.lifecycle import move_return
from crossdock_shopee.sandbox.returns.record import ANSWER_SECONDS, Return, ReturnItem, ReturnStatus
from crossdock_shopee.sandbox.wire import number

MAX_WINDOW_SECONDS = 15 * 24 * 60 * 60


class ReturnListRequest(Request):
    """Parameters of returns.get_return_list; which page is the first is a setting."""

    page_no: int = Field(ge=0)
    page_size: int = Field(ge=1, le=100)
    create_time_from: Timestamp | None = None
    create_time_to: Timestamp | None = None
    update_time_from: Timestamp | None = None
    update_time_to: Timestamp | None = None
    status: ReturnStatus | None = None
    negotiation_status: str = ""


class ReturnRequest(Request):
    """One return."""

    return_sn: str


def get_return_list(call: Call, ask: ReturnListRequest) -> Reply:
    """The shop's returns, newest first."""
    _check_window("create_time", ask.create_time_from, ask.create_time_to)
    _check_window("update_time", ask.update_time_from, ask.update_time_to)
    found = [each for each in call.state.returns.values() if each.shop_id == call.shop.id and _fits(each, ask)]
    found.sort(key=lambda each: (each.create_time, each.return_sn), reverse=True)
    start = (ask.page_no - call.state.settings.first_return_page) * ask.page_size
    page = found[start : start + ask.page_size] if start >= 0 else []
    more = start >= 0 and start + ask.page_size < len(found)
    return wrapped({"more": more, "return": [_row(call, each) for each in page]})


def get_return_detail(call: Call, ask: ReturnRequest) -> Reply:
    """All of one return."""
    return wrapped(_detail(call, find_return(call, ask.return_sn)))


def confirm(call: Call, ask: ReturnRequest) -> Reply:
    """Accept the return: the buyer gets the whole refund."""
    found = find_return(call, ask.return_sn)
    if found.status not in ("REQUESTED", "PROCESSING"):
        raise ApiError("error_return_status", "The return status cannot support this action")
    move_return(call.state, order_of(call, found), found, "ACCEPTED", call.now)
    call.state.world.oracle.record("confirm_return", found.return_sn)
    return wrapped({"return_sn": found.return_sn})


def find_return(call: Call, return_sn: str) -> Return:
    """The shop's return with this number.

    Raises:
        ApiError: it has none.
    """
    found = call.state.returns.get(return_sn)
    if found is None or found.shop_id != call.shop.id:
        raise ApiError("error_data", "The return you queried doesn't exist.")
    return found


def order_of(call: Call, found: Return) -> Order:
    """The order whose goods come back."""
    order = call.shop.orders.get(found.order_sn)
    if order is None:
        raise LookupError(f"return {found.return_sn} belongs to no order of shop {call.shop.id}")
    return order


def _check_window(name: str, start: int | None, end: int | None) -> None:
    if start is None or end is None:
        return
    if end <= start:
        raise ApiError("error_param", f"The {name}_to should be later than {name}_from.")
    if end - start > MAX_WINDOW_SECONDS:
        message = f"The period between {name}_from and {name}_to must not more than 15 days."
        raise ApiError("error_param", message)


def _fits(found: Return, ask: ReturnListRequest) -> bool:
    return (
        (ask.create_time_from or 0) <= found.create_time
        and (ask.create_time_to is None or found.create_time <= ask.create_time_to)
        and (ask.update_time_from or 0) <= found.update_time
        and (ask.update_time_to is None or found.update_time <= ask.update_time_to)
        and ask.status in (None, found.status)
        and ask.negotiation_status in ("", found.negotiation_status)
    )


def _row(call: Call, found: Return) -> dict[str, Any]:
    return {
        **_shared(found),
        "negotiation_status": found.negotiation_status,
        "seller_proof_status": "NOT_NEEDED",
        "seller_compensation_status": "COMPENSATION_NOT_APPLICABLE",
        "item": [_item(item) for item in found.items],
        "follow_up_action_list": [],
        "image": [f"{call.base_url}/image/{found.return_sn}"],
    }


def _detail(call: Call, found: Return) -> dict[str, Any]:
    due = found.create_time + ANSWER_SECONDS
    return {
        **_shared(found),
        "image": [f"{call.base_url}/image/{found.return_sn}"],
        "buyer_videos": [],
        "item": [{**_item(item), "refund_amount": number(item.line.discounted_price)} for item in found.items],
        "activity": [],
        "seller_proof": {"seller_proof_status": "NOT_NEEDED", "seller_evidence_deadline": None},
        "seller_compensation": {
            "seller_compensation_status": "COMPENSATION_NOT_APPLICABLE",
            "seller_compensation_due_date": None,
            "compensation_amount": None,
        },
        "negotiation": {
            "negotiation_status": found.negotiation_status,
            "latest_solution": found.latest_solution,
            "latest_offer_amount": number(found.refund_amount if found.latest_offer is None else found.latest_offer),
            "latest_offer_creator": found.latest_creator or "",
            "counter_limit": 0,
            "offer_due_date": due,
        },
        "logistics_status": found.logistics_status,
        "reverse_logistic_status": found.logistics_status,
        "return_address": {"whs_id": ""},
        "has_uploaded_shipping_proof": False,
        "is_reverse_logistics_channel_integrated": True,
        "follow_up_action_list": [],
    }


def _shared(found: Return) -> dict[str, Any]:
    """The members that list and detail have in common."""
    due = found.create_time + ANSWER_SECONDS
    return {
        "reason": found.reason,
        "text_reason": found.text_reason,
        "return_sn": found.return_sn,
        "refund_amount": number(found.refund_amount),
        "currency": found.currency,
        "create_time": found.create_time,
        "update_time": found.update_time,
        "status": found.status,
        "due_date": due,
        "tracking_number": found.tracking_number,
        "dispute_reason": found.dispute_reasons,
        "dispute_text_reason": found.dispute_texts,
        "needs_logistics": found.solution == 0,
        "amount_before_discount": number(found.amount_before_discount),
        "user": {"username": found.buyer_username, "email": "****", "portrait": ""},
        "order_sn": found.order_sn,
        "return_ship_due_date": due,
        "return_seller_due_date": due,
        "return_refund_type": "RRAOC" if found.after_completion else "RRBOC",
        "return_solution": found.solution,
        "is_seller_arrange": False,
        "is_shipping_proof_mandatory": False,
        "return_refund_request_type": 0,
        "validation_type": "seller_validation",
        "is_arrived_at_warehouse": 1,
    }


def _item(item: ReturnItem) -> dict[str, Any]:
    line = item.line
    return {
        "model_id": line.model_id,
        "name": line.item_name,
        "images": [line.image_url],
        "amount": item.units,
        "item_price": number(line.discounted_price),
        "is_add_on_deal": line.promotion_type.startswith("add_on"),
        "is_main_item": line.main_item,
        "add_on_deal_id": line.add_on_deal_id,
        "item_id": line.item_id,
        "item_sku": line.item_sku,
        "variation_sku": line.model_sku,
    }


ENDPOINTS = (
    Endpoint("GET", "returns/get_return_list", ReturnListRequest, get_return_list),
    Endpoint("GET", "returns/get_return_detail", ReturnRequest, get_return_detail),
    Endpoint("POST", "returns/confirm", ReturnRequest, confirm),
)
