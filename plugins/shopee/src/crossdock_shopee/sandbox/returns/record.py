"""What the sandbox knows of a return."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from crossdock_shopee.sandbox.orders.record import Line, OrderStatus

ReturnStatus = Literal["REQUESTED", "ACCEPTED", "CANCELLED", "JUDGING", "CLOSED", "PROCESSING", "SELLER_DISPUTE"]
STATUSES: tuple[str, ...] = get_args(ReturnStatus)
ANSWER_SECONDS = 2 * 24 * 60 * 60


@dataclass
class ReturnItem:
    """Units of one line that come back, or only their money."""

    line: Line
    units: int


@dataclass
class Return:
    """One return of an order; an order can have several.

    Attributes:
        solution: 0 return and refund, 1 refund only.
        after_completion: the order was completed when the buyer asked.
        status_before: the order's, to which it goes back when the buyer withdraws.
    """

    return_sn: str
    order_sn: str
    shop_id: int
    currency: str
    buyer_username: str
    items: list[ReturnItem]
    reason: str
    text_reason: str
    refund_amount: Decimal
    create_time: int
    update_time: int
    status_before: OrderStatus
    solution: int = 0
    after_completion: bool = False
    status: ReturnStatus = "REQUESTED"
    logistics_status: str = "LOGISTICS_NOT_STARTED"
    tracking_number: str = ""
    negotiation_status: str = "PENDING_RESPOND"

    @property
    def amount_before_discount(self) -> Decimal:
        """What the units cost without any discount."""
        return sum((item.line.original_price * item.units for item in self.items), Decimal(0))
