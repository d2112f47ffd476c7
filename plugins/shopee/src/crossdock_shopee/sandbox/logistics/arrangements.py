"""What a seller may say about a shipment, and whether the channel takes it."""

from __future__ import annotations

from crossdock_shopee.sandbox.logistics.channels import ADDRESSES, BRANCHES, Channel, Mode, pickup_slots
from crossdock_shopee.sandbox.logistics.parcels import Arrangement
from crossdock_shopee.sandbox.replies import ApiError
from crossdock_shopee.sandbox.requests import Request

MAX_TEXT = 64


class PickupRequest(Request):
    """The carrier comes; the times come from get_shipping_parameter."""

    address_id: int | None = None
    pickup_time_id: str = ""
    tracking_number: str = ""


class DropoffRequest(Request):
    """The seller brings the parcel."""

    branch_id: int | None = None
    sender_real_name: str = ""
    tracking_number: str = ""
    slug: str = ""


class NonIntegratedRequest(Request):
    """The seller ships by other means."""

    tracking_number: str = ""


class ShipRequest(Request):
    """Exactly one of the three ways; an empty object counts as named."""

    pickup: PickupRequest | None = None
    dropoff: DropoffRequest | None = None
    non_integrated: NonIntegratedRequest | None = None


def plan_shipment(channel: Channel, ask: ShipRequest, now: int) -> Arrangement:
    """What is to be arranged.

    Raises:
        ApiError: the channel does not do that, or something that it needs is missing or wrong.
    """
    if ask.pickup is not None:
        return plan_pickup(channel, ask.pickup, now)
    if ask.dropoff is not None:
        return _plan_dropoff(channel, ask.dropoff)
    if ask.non_integrated is not None:
        return _plan_own(channel, ask.non_integrated)
    raise ValueError("no way to ship was named")


def plan_pickup(channel: Channel, ask: PickupRequest, now: int) -> Arrangement:
    """A pickup at one of the seller's addresses, at one of the offered times if the channel has them.

    Raises:
        ApiError: something about it is missing or wrong.
    """
    _check_mode(channel, "pickup")
    if ask.address_id is None or (channel.has_slots and not ask.pickup_time_id):
        message = "Parameter address_id and pickup_time_id are required."
        raise ApiError("logistics.ship_order_need_address_pickup_time", message)
    if ask.address_id not in {address.id for address in ADDRESSES}:
        raise ApiError("logistics.address_not_found", "Address is not found.")
    offered = {slot["pickup_time_id"] for slot in pickup_slots(now)} if channel.has_slots else {""}
    if ask.pickup_time_id not in offered:
        message = "Invalid pickup time id. Please check the pick up time id."
        raise ApiError("logistics.ship_order_pickup_time_invalid", message)
    return Arrangement("pickup", ask.address_id, ask.pickup_time_id)


def _plan_dropoff(channel: Channel, ask: DropoffRequest) -> Arrangement:
    _check_mode(channel, "dropoff")
    needed = channel.modes["dropoff"]
    if "branch_id" in needed and ask.branch_id is None:
        raise ApiError("logistics.ship_order_need_branch_id", "Parameter branch_id is required.")
    if ask.branch_id is not None and ask.branch_id not in {branch["branch_id"] for branch in BRANCHES}:
        raise ApiError("logistics.error_store_not_found", "Store is not found.")
    if "sender_real_name" in needed and not ask.sender_real_name:
        raise ApiError("logistics.ship_order_need_sender_real_name", "Parameter sender_real_name can not be null.")
    if len(ask.sender_real_name) > MAX_TEXT:
        message = "Parameter sender_real_name can not be longer than 64."
        raise ApiError("logistics.ship_order_long_sender_real_name", message)
    _check_number(ask.tracking_number, required="tracking_no" in needed)
    if ask.tracking_number and "tracking_no" not in needed:
        message = "Please do not request with tracking_no for this channel which does not require tracking_no."
        raise ApiError("error_param", message)
    return Arrangement("dropoff", tracking_number=ask.tracking_number)


def _plan_own(channel: Channel, ask: NonIntegratedRequest) -> Arrangement:
    _check_mode(channel, "non_integrated")
    _check_number(ask.tracking_number, required="tracking_number" in channel.modes["non_integrated"])
    return Arrangement("non_integrated", tracking_number=ask.tracking_number)


def _check_mode(channel: Channel, mode: Mode) -> None:
    if mode not in channel.modes:
        raise ApiError(f"logistics.ship_order_unsupport_{mode}", f"This order does not support ship with {mode}.")


def _check_number(tracking_number: str, *, required: bool) -> None:
    if required and not tracking_number:
        raise ApiError("logistics.ship_order_need_tracking_number", "Parameter tracking_number can not be null.")
    if len(tracking_number) > MAX_TEXT:
        message = "Parameter tracking_number can not be longer than 64."
        raise ApiError("logistics.ship_order_long_tracking_number", message)
