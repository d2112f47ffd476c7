"""Seller and buyer agree about a return, or do not: solutions, offers, disputes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Money, Request
from crossdock_shopee.sandbox.returns.endpoints import ReturnRequest, find_return, order_of
from crossdock_shopee.sandbox.returns.lifecycle import move_return
from crossdock_shopee.sandbox.returns.record import Return, Solution
from crossdock_shopee.sandbox.wire import number

_NOT_RECEIVED = 41
_REASONS = {
    _NOT_RECEIVED: "Did not receive the return product",
    50: "The returned product is damaged or not complete",
    51: "The product was as described",
}
_MAX_IMAGES = 3


class OfferRequest(Request):
    """Parameters of returns.offer."""

    return_sn: str
    proposed_solution: Solution
    proposed_adjusted_refund_amount: Money | None = None


class Evidence(Request):
    """Images for one thing that must be shown."""

    module_index: int
    requirement: str
    image_url: list[str] = Field(min_length=1)


class DisputeRequest(Request):
    """Parameters of returns.dispute."""

    return_sn: str
    email: str
    dispute_reason_id: int
    image_list: list[Evidence] = Field(default_factory=list)
    dispute_text_reason: str = ""


def get_available_solutions(call: Call, ask: ReturnRequest) -> Reply:
    """What the seller may offer, and between which amounts."""
    found = find_return(call, ask.return_sn)
    open_to_offers = found.status in ("REQUESTED", "PROCESSING") and found.negotiation_status == "PENDING_RESPOND"
    low, high = number(order_of(call, found).region.smallest), number(found.refund_amount)
    amounts: dict[str, Any] = {"refund_amount_adjustable": open_to_offers}
    amounts |= {"max_refund_amount": high, "min_refund_amount": low}
    return wrapped(
        {
            "return_sn": found.return_sn,
            "offer_return_refund": {"eligibility": open_to_offers and found.solution == 0, **amounts},
            "offer_refund": {"eligibility": open_to_offers, **amounts},
        }
    )


def offer(call: Call, ask: OfferRequest) -> Reply:
    """Offer the buyer another solution or amount; now it is the buyer's turn."""
    found = find_return(call, ask.return_sn)
    _check_turn(found)
    if ask.proposed_solution == "RETURN_REFUND" and found.solution == 1:
        message = "This proposed solution is not one of the available solutions for this return."
        raise ApiError("error_param", message)
    amount = ask.proposed_adjusted_refund_amount
    _check_amount(call, found, amount)
    found.latest_solution = ask.proposed_solution
    found.latest_offer = found.refund_amount if amount is None else amount
    found.latest_creator = "seller"
    found.negotiation_status = "PENDING_BUYER_RESPOND"
    move_return(call.state, order_of(call, found), found, "PROCESSING", call.now)
    call.state.world.oracle.record("offer", found.return_sn, amount=str(found.latest_offer))
    return wrapped({"return_sn": found.return_sn})


def accept_offer(call: Call, ask: ReturnRequest) -> Reply:
    """Accept what the buyer proposed."""
    found = find_return(call, ask.return_sn)
    if found.latest_creator != "buyer":
        message = "cannot accept refund offer because there is no proposal from buyer"
        raise ApiError("error_no_buyer_offer", message)
    _check_turn(found)
    found.agree()
    move_return(call.state, order_of(call, found), found, "ACCEPTED", call.now)
    call.state.world.oracle.record("accept_offer", found.return_sn)
    return wrapped({"return_sn": found.return_sn})


def get_return_dispute_reason(call: Call, ask: ReturnRequest) -> Reply:
    """Why the seller may object; the id is a text here, and a number when it is used."""
    find_return(call, ask.return_sn)
    rows = [
        {
            "dispute_reason": str(number_of_reason),
            "dispute_requirement": text,
            "evidence_module_list": _modules(number_of_reason),
        }
        for number_of_reason, text in _REASONS.items()
    ]
    return wrapped({"dispute_reason_list": rows})


def dispute(call: Call, ask: DisputeRequest) -> Reply:
    """Object; Shopee judges."""
    found = find_return(call, ask.return_sn)
    if found.status not in ("REQUESTED", "PROCESSING", "ACCEPTED"):
        message = "Cannot raise dispute because return SN is not in REQUESTED, RETURN_PROCESSING, or RETURN_ACCEPTED"
        raise ApiError("error_return_status", message)
    if "@" not in ask.email:
        raise ApiError("error_perm", f"invalid email : {ask.email}.")
    if ask.dispute_reason_id not in _REASONS:
        raise _bad_dispute("Can't raise dispute because the return_sn and dispute_reason_id does not match.")
    if any(len(row.image_url) > _MAX_IMAGES for row in ask.image_list):
        raise _bad_dispute("Invalid images, images max size is 3 per module")
    if ask.dispute_reason_id != _NOT_RECEIVED and not ask.image_list:
        raise _bad_dispute("can't raise dispute because mandatory evidence is missing")
    found.dispute_reasons.append(str(ask.dispute_reason_id))
    found.dispute_texts.append(ask.dispute_text_reason)
    move_return(call.state, order_of(call, found), found, "JUDGING", call.now)
    call.state.world.oracle.record("dispute", found.return_sn, reason=ask.dispute_reason_id)
    return wrapped({"return_sn": found.return_sn, "msg": "dispute return success"})


def _check_turn(found: Return) -> None:
    if found.status in ("JUDGING", "SELLER_DISPUTE"):
        raise ApiError("error_ongoing_dispute", "cannot offer refund to buyer when return has ongoing dispute")
    if found.status not in ("REQUESTED", "PROCESSING"):
        raise ApiError("error_return_status", "The return status cannot support this action")
    if found.negotiation_status != "PENDING_RESPOND":
        raise ApiError("error_negotiation_status", "The negotiation status cannot support this action")


def _check_amount(call: Call, found: Return, amount: Decimal | None) -> None:
    region = order_of(call, found).region
    if amount is None:
        return
    if amount <= 0:
        raise ApiError("error_param", "The proposed adjusted refund amount must be positive")
    if amount != region.round(amount):
        digits = f"only accepts {region.decimals} digit(s) after decimal point"
        raise ApiError("error_param", f"The proposed adjusted refund amount {digits}")
    if amount > found.refund_amount:
        raise ApiError("error_param", "The proposed adjusted refund amount can not exceed max refund amount")


def _modules(reason: int) -> list[dict[str, Any]]:
    required = reason != _NOT_RECEIVED
    return [{"module_index": 1, "requirement": "Pictures of the parcel and of the product", "is_required": required}]


def _bad_dispute(message: str) -> ApiError:
    return ApiError("dispute.request.param.error", message)


_METHODS: tuple[tuple[Literal["GET", "POST"], str, type[Request], Any], ...] = (
    ("GET", "get_available_solutions", ReturnRequest, get_available_solutions),
    ("POST", "offer", OfferRequest, offer),
    ("POST", "accept_offer", ReturnRequest, accept_offer),
    ("GET", "get_return_dispute_reason", ReturnRequest, get_return_dispute_reason),
    ("POST", "dispute", DisputeRequest, dispute),
)
ENDPOINTS = tuple(Endpoint(method, f"returns/{name}", ask, run) for method, name, ask, run in _METHODS)
