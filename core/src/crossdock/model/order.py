"""An order, as one side shows it: the marketplace's order, or the backend's document for it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from pydantic import AwareDatetime

from crossdock.model.money import Money
from crossdock.model.noun import Noun
from crossdock.model.party import Address, Buyer
from crossdock.model.shipment import Shipment


class OrderStatus(StrEnum):
    """Where an order is, in our words. The system's own word stays beside it in `vendor_status`."""

    UNPAID = "unpaid"
    HELD = "held"  # paid, but the system does not let anybody fulfil it yet
    OPEN = "open"  # to be fulfilled
    ARRANGED = "arranged"  # the carrier knows of it: Shopee's PROCESSED
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"  # at a backend: posted
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLING = "cancelling"  # somebody asks for cancellation, nobody has decided
    CANCELLED = "cancelled"
    RETURNING = "returning"
    UNKNOWN = "unknown"  # a word that the plugin does not know: shown, never guessed


STILL_OPEN = frozenset(
    {
        OrderStatus.UNPAID,
        OrderStatus.HELD,
        OrderStatus.OPEN,
        OrderStatus.ARRANGED,
        OrderStatus.PARTLY_SHIPPED,
        OrderStatus.CANCELLING,
    }
)
"""Statuses in which something is still to be done about an order."""


class Payer(StrEnum):
    """Who bears a discount."""

    SELLER = "seller"
    MARKETPLACE = "marketplace"
    BANK = "bank"
    BUYER = "buyer"  # coins and points that the buyer spent


class Discount(Noun):
    """Something taken off, and by whom. The amount is never negative."""

    kind: str
    """``item``, ``voucher``, ``coins``, ``bundle``, ``promotion``, ``payment`` or ``shipping``."""
    payer: Payer
    amount: Money
    code: str = ""

    def model_post_init(self, _context: object) -> None:
        """Refuse a negative amount."""
        if self.amount.amount < 0:
            raise ValueError(f"a discount of {self.amount} is negative; a surcharge is a charge")


class Charge(Noun):
    """Something that the buyer pays on top of the goods."""

    kind: str
    """``shipping``, ``service``, ``tax``, ``packaging``, ``insurance``, ..."""
    amount: Money


class OrderLine(Noun):
    """One kind of goods in an order.

    What the goods cost: ``amount = list_price x quantity - sum of discounts``, to the smallest unit.
    """

    id: str
    """Unique in its order."""
    sku: str
    """The seller's own number, of the variant where there are variants."""
    name: str = ""
    product_id: str = ""
    variant_id: str = ""
    """The system's own ids; `variant_id` is empty for goods without variants."""
    unit: str = ""
    """Unit of measure; empty means the product's sales unit."""
    quantity: Decimal
    list_price: Money
    """Of one unit, before any discount."""
    discounts: tuple[Discount, ...] = ()
    """Of the whole line."""
    amount: Money
    """Of the whole line, after its discounts."""
    cancelled_quantity: Decimal = Decimal(0)
    returned_quantity: Decimal = Decimal(0)
    location: str = ""
    """The system's own warehouse or location id."""

    @property
    def discount(self) -> Money:
        """All discounts of the line together."""
        return _sum([discount.amount for discount in self.discounts], self.amount.currency)

    @property
    def paid_price(self) -> Decimal:
        """What one unit costs after the line's discounts, in major units; not rounded."""
        return self.amount.amount / self.quantity

    def model_post_init(self, _context: object) -> None:
        """Refuse a line that does not add up."""
        if self.quantity <= 0:
            raise ValueError(f"the quantity of line {self.id} is {self.quantity}, not above 0")
        if not self._adds_up():
            raise ValueError(
                f"line {self.id} does not add up: {self.quantity} x {self.list_price} - {self.discount}"
                f" is not {self.amount}"
            )

    def _adds_up(self) -> bool:
        """Reckoned with bare decimals, since every line that is made or read passes here."""
        price, paid, off = self.list_price, self.amount, Decimal(0)
        for discount in self.discounts:
            if discount.amount.currency != paid.currency:
                return False
            off += discount.amount.amount
        goods = (price.amount * self.quantity).quantize(paid.amount, ROUND_HALF_UP)
        return price.currency == paid.currency and goods - off == paid.amount


class Payment(Noun):
    """How the buyer pays."""

    method: str
    """The system's own word, such as ``Credit Card``; a backend maps it to a tender type."""
    cash_on_delivery: bool = False
    transaction_id: str = ""


class Cancellation(Noun):
    """Who cancelled, or asks to, and why."""

    by: str = ""
    """``buyer``, ``seller``, ``system`` or the system's own word."""
    reason: str = ""


class Order(Noun):
    """An order.

    What the buyer paid: ``total = sum of line amounts + sum of charges - sum of order-level discounts``.
    A marketplace's order that does not add up is kept as it is and shows the rest in `imbalance`.
    """

    id: str
    """The system's own number."""
    reference: str = ""
    """The other side's number, where this side stores it (LS Central: External ID)."""
    status: OrderStatus
    vendor_status: str
    currency: str
    total: Money | None = None
    """What the buyer paid or will pay; None while the system does not say (unpaid)."""
    prices_include_tax: bool = True
    lines: tuple[OrderLine, ...] = ()
    discounts: tuple[Discount, ...] = ()
    """Of the order as a whole, not contained in any line."""
    charges: tuple[Charge, ...] = ()
    payment: Payment | None = None
    buyer: Buyer = Buyer()
    ship_to: Address = Address()
    shipping_method: str = ""
    """What the buyer chose: the system's own name of the carrier or service."""
    shipments: tuple[Shipment, ...] = ()
    cancellation: Cancellation | None = None
    can_cancel: bool | None = None
    """Whether the system says that it can still be cancelled; None where it does not say."""
    can_cancel_partly: bool = False
    note: str = ""
    problems: tuple[str, ...] = ()
    """What keeps this side from going on with it, a sentence each; they come and go by themselves."""
    historical: bool = False
    """Set by the engine on what it hands over of a backfill: to be recorded as it is, without moving stock."""
    placed_at: AwareDatetime | None = None
    paid_at: AwareDatetime | None = None
    ship_by: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None
    """All times UTC, by the system's own clock."""

    def model_post_init(self, _context: object) -> None:
        """Refuse an order in two currencies."""
        parts: tuple[OrderLine | Charge | Discount, ...] = (*self.lines, *self.charges, *self.discounts)
        for part in parts:
            if part.amount.currency != self.currency:
                raise ValueError(self._foreign(part.amount))
        if self.total is not None and self.total.currency != self.currency:
            raise ValueError(self._foreign(self.total))

    def _foreign(self, money: Money) -> str:
        return f"order {self.id} is in {self.currency}, but some of its money is in {money.currency}"

    @property
    def shipping_fee(self) -> Money:
        """What the buyer pays for shipping."""
        fees = [charge.amount for charge in self.charges if charge.kind == "shipping"]
        return _sum(fees, self.currency)

    @property
    def goods_total(self) -> Money:
        """All lines after their own discounts."""
        return Money.sum((line.amount for line in self.lines), self.currency)

    @property
    def explained_total(self) -> Money:
        """What the parts add up to, all in one currency."""
        return Money(self._explained(), self.currency)

    def _explained(self) -> Decimal:
        """Reckoned with bare decimals, since every order that is to be created passes here."""
        total = Decimal(0)
        for line in self.lines:
            total += line.amount.amount
        for charge in self.charges:
            total += charge.amount.amount
        for discount in self.discounts:
            total -= discount.amount.amount
        return total

    @property
    def imbalance(self) -> Money:
        """What the buyer paid beyond what the parts explain; zero for a sound order."""
        rest = Decimal(0) if self.total is None else self.total.amount - self._explained()
        return Money(rest, self.currency)


def _sum(moneys: list[Money], currency: str) -> Money:
    """One of them is its own sum, as with most orders and lines."""
    return moneys[0] if len(moneys) == 1 else Money.sum(moneys, currency)
