"""What the kit says of what it read."""

from __future__ import annotations

from crossdock.model import Buyer, Order, OrderStatus
from crossdock.testing.reading import Ended, shortly

BOUGHT = Order(
    id="A1", status=OrderStatus.OPEN, vendor_status="OPEN", currency="SGD", buyer=Buyer(id="7", name="Somebody")
)


def test_a_message_of_the_kit_carries_nothing_of_a_buyer() -> None:
    assert shortly([BOUGHT] * 6) == "[Order A1, Order A1, Order A1, Order A1, Order A1, …]"
    assert shortly(BOUGHT) == "Order A1"
    assert str(Ended(BOUGHT)) == "the answer Order A1"
    assert (shortly(()), shortly("text")) == ("[]", "'text'")
