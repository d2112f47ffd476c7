"""Customer Orders and the documents that posting makes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from crossdock_ls_central.sandbox.soap.schema import Row


@dataclass
class OrderLine:
    """A line of a Customer Order: what was sent, and how far it got."""

    sent: Row
    line_no: int
    item_no: str
    variant: str
    unit: str
    units_per: Decimal
    store: str
    location: str
    description: str
    vat_group: str
    is_service: bool
    quantity: Decimal
    amount: Decimal
    net_amount: Decimal
    status: str
    system_id: str
    is_item: bool = True
    picked: Decimal = Decimal(0)
    short: Decimal = Decimal(0)
    cancelled: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)
    invoiced: Decimal = Decimal(0)

    @property
    def remaining(self) -> Decimal:
        """What is neither shipped, cancelled nor found short."""
        return self.quantity - self.shipped - self.cancelled - self.short


@dataclass
class StatusEntry:
    """A status that an order (line 0) or a line got."""

    entry_no: int
    line_no: int
    code: str
    at: datetime


@dataclass
class CustomerOrder:
    """A Customer Order, open or posted."""

    document_id: str
    external_id: str
    header: Row
    lines: list[OrderLine]
    discounts: list[Row]
    payments: list[Row]
    store: str
    sales_order_no: str
    system_id: str
    sales_order_id: str
    created_at: datetime
    modified_at: datetime
    status: str = "NEW"
    posted: bool = False
    cancelled: bool = False
    on_hold: bool = False
    version: int = 1
    log: list[StatusEntry] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)

    @property
    def amount(self) -> Decimal:
        """Sum of the lines, including VAT."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def net_amount(self) -> Decimal:
        """Sum of the lines, without VAT."""
        return sum((line.net_amount for line in self.lines), Decimal(0))

    @property
    def done(self) -> bool:
        """Whether nothing is left to ship."""
        return all(line.remaining <= 0 for line in self.lines)

    def line(self, line_no: int) -> OrderLine | None:
        """The line with that number, if any."""
        return next((line for line in self.lines if line.line_no == line_no), None)


@dataclass
class Shipment:
    """A posted sales shipment."""

    number: str
    order: CustomerOrder
    lines: list[tuple[OrderLine, Decimal]]
    posted_on: date
    agent: str
    agent_service: str
    system_id: str
    modified_at: datetime
    tracking_no: str = ""


@dataclass
class Invoice:
    """A posted sales invoice."""

    number: str
    order: CustomerOrder
    lines: list[tuple[OrderLine, Decimal]]
    posted_on: date
    system_id: str
