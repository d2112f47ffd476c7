"""What the sandbox knows of a return."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from crossdock_shopee.sandbox.orders.record import Line, OrderStatus

ReturnStatus = Literal["REQUESTED", "ACCEPTED", "CANCELLED", "JUDGING", "CLOSED", "PROCESSING", "SELLER_DISPUTE"]
Solution = Literal["RETURN_REFUND", "REFUND"]
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
        latest_offer: amount that was proposed last; None before anybody proposed one.
        latest_creator: who proposed it; the other one answers.
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
    latest_solution: Solution = "RETURN_REFUND"
    latest_offer: Decimal | None = None
    latest_creator: Literal["buyer", "seller"] | None = None
    refunded: bool = False
    dispute_reasons: list[str] = field(default_factory=list)
    dispute_texts: list[str] = field(default_factory=list)

    def agree(self) -> None:
        """Note that what was proposed last is what happens."""
        self.refund_amount = self.refund_amount if self.latest_offer is None else self.latest_offer
        self.solution = 1 if self.latest_solution == "REFUND" else 0
        self.negotiation_status = "TERMINATED"

    @property
    def amount_before_discount(self) -> Decimal:
        """What the units cost without any discount."""
        return sum((item.line.original_price * item.units for item in self.items), Decimal(0))
