"""The statuses of the OMS, in our spelling, and what they have in common. Pure."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["CANCELLED", "END", "PREPARING", "OmsState", "ReturnState"]


class OmsState(StrEnum):
    """Where an order is in the OMS."""

    MP_UNPAID = "MP_UNPAID"
    NEW = "NEW"
    RFP = "RFP"  # the help pages never say what it stands for; a label without further meaning
    PARTIAL = "PARTIAL"  # some of it is picked
    PACKED = "PACKED"  # before or after Ready to Ship, by who packs
    READY_TO_SHIP = "READY_TO_SHIP"
    IN_TRANSIT = "IN_TRANSIT"
    COMPLETE = "COMPLETE"
    CANCEL_IN_PROCESS = "CANCEL_IN_PROCESS"
    CANCEL = "CANCEL"
    CANCEL_BY_SELLER_IN_PROCESS = "CANCEL_BY_SELLER_IN_PROCESS"
    CANCEL_BY_SELLER = "CANCEL_BY_SELLER"
    APPROVAL_IN_PROCESS = "APPROVAL_IN_PROCESS"
    REJECTION_IN_PROCESS = "REJECTION_IN_PROCESS"
    REJECT = "REJECT"
    LOST_IN_TRANSIT = "LOST_IN_TRANSIT"
    FAILED_DELIVERY_INITIATED = "FAILED_DELIVERY_INITIATED"
    FAILED_DELIVERY_PUTAWAY = "FAILED_DELIVERY_PUTAWAY"
    FAILED_DELIVERY_COMPLETE = "FAILED_DELIVERY_COMPLETE"


class ReturnState(StrEnum):
    """Where a return is in the OMS."""

    RETURN_INITIATED = "RETURN_INITIATED"
    RETURN_APPROVED = "RETURN_APPROVED"
    RETURN_REJECTED = "RETURN_REJECTED"
    RETURN_PUTAWAY = "RETURN_PUTAWAY"
    RETURN_COMPLETED = "RETURN_COMPLETED"


_S = OmsState
PREPARING = frozenset({_S.NEW, _S.RFP, _S.PARTIAL, _S.PACKED})
"""Being made ready; a packed order may also be ready already, which its time of readiness tells."""
CANCELLED = frozenset({_S.CANCEL, _S.CANCEL_BY_SELLER, _S.REJECT})
END = CANCELLED | {_S.COMPLETE, _S.LOST_IN_TRANSIT, _S.FAILED_DELIVERY_COMPLETE}
"""Nothing that a channel shows moves these."""
