"""Orders of the channel, as the orders lane keeps them in the ledger."""

from decimal import Decimal

from crossdock.ledger import Conclusion, Ledger, Seen, StepState
from crossdock.model import Money, Order, OrderLine
from tests.core.doubles import order

_PRICE = Money.parse("10.00 SGD")


def line(sku: str, quantity: int, **more: object) -> OrderLine:
    return OrderLine(id=sku, sku=sku, quantity=Decimal(quantity), list_price=_PRICE, amount=_PRICE * quantity, **more)


class Desk:
    """Keeps orders of one route."""

    def __init__(self, ledger: Ledger, route: str = "r") -> None:
        self.ledger = ledger
        self.route = route

    async def see(self, number: str, sku: str = "A", quantity: int = 1, status: str = "open", **more: object) -> Order:
        seen = order(number, status, lines=(line(sku, quantity, **more),))
        await self.ledger.record(self.route, [Seen(number, "channel", seen)])
        return seen

    async def create(self, number: str) -> None:
        done = Conclusion(number, "create", number, StepState.DONE, "made", document_id=f"D{number}")
        self.ledger.conclude(self.route, done, None)
        await self.ledger.flush()

    async def document(self, number: str, status: str) -> None:
        seen = order(f"D{number}", status, reference=number)
        await self.ledger.record(self.route, [Seen(number, "backend", seen, f"D{number}")])
