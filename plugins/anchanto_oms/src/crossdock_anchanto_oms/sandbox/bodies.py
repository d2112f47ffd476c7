"""Request bodies of the order side, field by field as the wire page has them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from crossdock_anchanto_oms.sandbox.values import Body, Code, Country, Currency, Label, Money, Note, Time

LogisticsMode = Literal["marketplace_carrier", "oms_carrier"]
FirstState = Literal["MP_UNPAID", "NEW", "READY_TO_SHIP", "IN_TRANSIT", "COMPLETE", "CANCEL", "CANCEL_IN_PROCESS"]
Quantity = Annotated[int, Field(ge=1, le=1_000_000)]


class Buyer(Body):
    """Who bought."""

    name: Label
    email: Label | None = None
    phone: Label | None = None


class Address(Body):
    """Where it goes."""

    name: Label
    line1: Label
    country: Country
    phone: Label | None = None
    line2: Label | None = None
    city: Label | None = None
    state: Label | None = None
    postcode: Label | None = None


class LineBody(Body):
    """What was bought; `discount` is for the whole line."""

    line_reference: Code
    sku: Code
    name: Label
    quantity: Quantity
    unit_price: Money
    discount: Money = Decimal(0)


_ARRANGED = ("READY_TO_SHIP", "IN_TRANSIT", "COMPLETE")


class CreateOrder(Body):
    """``POST …/orders``."""

    channel_reference: Code
    ordered_at: Time
    paid_at: Time | None = None
    ship_by: Time | None = None
    state: FirstState = "NEW"
    historical: bool = False
    tracking_number: Code | None = None
    hold: Code | None = None
    currency: Currency
    logistics_mode: LogisticsMode
    carrier: Code | None = None
    warehouse_code: Code | None = None
    buyer: Buyer
    ship_to: Address
    lines: Annotated[list[LineBody], Field(min_length=1, max_length=200)]
    shipping_fee: Money = Decimal(0)
    discount: Money = Decimal(0)
    total: Money
    note: Note | None = None

    @model_validator(mode="after")
    def _consistent(self) -> CreateOrder:
        if not self.historical and self.state not in ("MP_UNPAID", "NEW"):
            raise ValueError(f"state {self.state} is only for historical orders; allowed: MP_UNPAID, NEW")
        if self.tracking_number is not None and not (self.historical and self.state in _ARRANGED):
            raise ValueError(f"tracking_number is only for historical orders that are one of {', '.join(_ARRANGED)}")
        references = [line.line_reference for line in self.lines]
        if len(set(references)) < len(references):
            raise ValueError("line_reference must be unique in the order")
        return self

    def balance(self) -> Decimal:
        """What `total` must be."""
        lines = sum((line.unit_price * line.quantity - line.discount for line in self.lines), Decimal(0))
        return lines + self.shipping_fee - self.discount


class MoveBody(Body):
    """``POST …/moves`` of an order or a return."""

    to: Code
    expected_state: Code | None = None
    sub_state: Code | None = None
    reason: Note | None = None


class ChangeOrder(Body):
    """``PATCH …/orders/{order_id}``."""

    sub_state: Code | None = None
    hold: Code | None = None
    ship_by: Time | None = None
    paid_at: Time | None = None
    note: Note | None = None
    carrier: Code = Field(default="", description="a known carrier_code")


class ReportProblem(Body):
    """``POST …/problems``."""

    code: Annotated[str, Field(pattern=r"^[A-Z_]{1,64}$")]
    message: Note
