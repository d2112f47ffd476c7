"""The one parcel of an order: orders of the OMS are not split. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from crossdock.model import Shipment, ShipmentStatus
from crossdock_anchanto_oms.order_records import OmsOrder
from crossdock_anchanto_oms.statuses import DELIVERED, OmsState

__all__ = ["OMS_MADE", "parcels_of"]

OMS_MADE = "oms"
"""Source of a parcel that an integrated carrier of the OMS ships."""

_S, _P = OmsState, ShipmentStatus
_STATUS: Mapping[str, ShipmentStatus] = {
    _S.MP_UNPAID: _P.WAITING,
    _S.NEW: _P.READY,
    _S.RFP: _P.READY,
    _S.PARTIAL: _P.READY,
    _S.PACKED: _P.READY,
    _S.READY_TO_SHIP: _P.ARRANGED,
    _S.IN_TRANSIT: _P.SHIPPED,
    _S.COMPLETE: _P.DELIVERED,
    _S.CANCEL_IN_PROCESS: _P.WAITING,
    _S.CANCEL_BY_SELLER_IN_PROCESS: _P.WAITING,
    _S.APPROVAL_IN_PROCESS: _P.WAITING,
    _S.REJECTION_IN_PROCESS: _P.WAITING,
    _S.LOST_IN_TRANSIT: _P.LOST,
    _S.FAILED_DELIVERY_INITIATED: _P.FAILED,
    _S.FAILED_DELIVERY_PUTAWAY: _P.FAILED,
    _S.FAILED_DELIVERY_COMPLETE: _P.FAILED,
}


def parcels_of(oms: OmsOrder) -> tuple[Shipment, ...]:
    """The parcel, which has the order's number; it has no carrier before somebody made a tracking number."""
    parcel = oms.shipment
    return (
        Shipment(
            id=oms.order_id,
            status=_status(oms),
            vendor_status=oms.state,
            carrier=parcel.carrier if parcel else "",
            tracking_number=parcel.tracking_number if parcel else "",
            shipped_at=oms.shipped_at,
        ),
    )


def _status(oms: OmsOrder) -> ShipmentStatus:
    status = _STATUS.get(oms.state, _P.UNKNOWN)
    if oms.state == _S.PACKED and oms.ready_at is not None:
        return _P.ARRANGED
    if status is _P.READY and (oms.hold or any(problem.blocking for problem in oms.problems)):
        return _P.WAITING
    return _P.DELIVERED if status is _P.SHIPPED and oms.sub_state == DELIVERED else status
