"""Hypothesis strategies for the nouns: whatever they draw is valid, and orders balance unless asked otherwise."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import strategies as st

from crossdock.model import (
    Address,
    Buyer,
    Cancellation,
    Charge,
    Discount,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payer,
    Payment,
    Shipment,
    ShipmentLine,
    ShipmentStatus,
    exponent,
)

CURRENCIES = ("SGD", "JPY", "KWD", "CLF")
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
numbers = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=1, max_size=12)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
quantities = st.integers(1, 50).map(Decimal)


def moneys(currency="SGD", low=0, high=10_000_000):
    """Money from `low` to `high` smallest units."""
    return st.integers(low, high).map(lambda units: Money(Decimal(units).scaleb(-exponent(currency)), currency))


@st.composite
def discounts(draw, currency="SGD", high=10_000):
    """A discount of at most `high` smallest units."""
    return Discount(
        kind=draw(st.sampled_from(["item", "voucher", "coins", "bundle", "shipping"])),
        payer=draw(st.sampled_from(Payer)),
        amount=draw(moneys(currency, 0, high)),
        code=draw(texts),
    )


@st.composite
def order_lines(draw, number="1", currency="SGD"):
    """An order line that adds up."""
    quantity, price = draw(quantities), draw(moneys(currency, 0, 100_000))
    taken_off = tuple(draw(st.lists(discounts(currency), max_size=2)))
    off = Money.sum((discount.amount for discount in taken_off), currency)
    return OrderLine(
        id=number,
        sku=draw(numbers),
        name=draw(texts),
        quantity=quantity,
        list_price=price,
        discounts=taken_off,
        amount=price * quantity - off,
    )


@st.composite
def shipments(draw, number="P1", lines=()):
    """A parcel in any state."""
    return Shipment(
        id=number,
        status=draw(st.sampled_from(ShipmentStatus)),
        vendor_status=draw(numbers),
        carrier=draw(texts),
        tracking_number=draw(st.one_of(st.just(""), numbers)),
        lines=tuple(ShipmentLine(line_id=line, quantity=Decimal(1)) for line in lines),
        shipped_at=draw(st.none() | moments),
    )


@st.composite
def orders(draw, number=None, status=None, parcels=None):
    """An order that balances.

    Args:
        number: its id; drawn when None.
        status: drawn when None.
        parcels: how many shipments it has; drawn when None.
    """
    currency = draw(st.sampled_from(CURRENCIES))
    lines = tuple(draw(order_lines(str(n), currency)) for n in range(1, draw(st.integers(1, 3)) + 1))
    count = draw(st.integers(0, 2)) if parcels is None else parcels
    order = Order(
        id=number or draw(numbers),
        reference=draw(st.just("") | numbers),
        status=status or draw(st.sampled_from(OrderStatus)),
        vendor_status=draw(numbers),
        currency=currency,
        lines=lines,
        discounts=tuple(draw(st.lists(discounts(currency), max_size=2))),
        charges=tuple(draw(st.lists(st.builds(Charge, kind=texts, amount=moneys(currency)), max_size=2))),
        payment=draw(st.none() | st.builds(Payment, method=texts, cash_on_delivery=st.booleans())),
        buyer=draw(st.builds(Buyer, name=texts, email=texts)),
        ship_to=draw(st.builds(Address, name=texts, line=texts, country=st.sampled_from(["", "SG", "MY"]))),
        shipments=tuple(draw(shipments(f"P{n}")) for n in range(1, count + 1)),
        cancellation=draw(st.none() | st.builds(Cancellation, by=texts, reason=texts)),
        can_cancel=draw(st.none() | st.booleans()),
        note=draw(texts),
        placed_at=draw(st.none() | moments),
        updated_at=draw(st.none() | moments),
    )
    return order.model_copy(update={"total": draw(st.sampled_from([None, order.explained_total]))})
