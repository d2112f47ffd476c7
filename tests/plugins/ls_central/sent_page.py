"""What orders become for CustomerOrderCreate, as the page `sent.txt`.

After a change that is meant, `python -m tests.plugins.ls_central.sent_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from crossdock.model import MASKED, Address, Buyer, Charge, Money, Order, Payer, Payment
from crossdock_ls_central.options import LsRouteOptions
from crossdock_ls_central.translate.address import address_fields
from crossdock_ls_central.translate.document import Terms, to_document
from tests import pages
from tests.plugins.ls_central.central import MEMBERS, line, off, order, sgd

PAGE = Path(__file__).with_name("sent.txt")
LONG = " ".join(["Block"] * 17)  # 101 signs, the last blank at 95
HOME = Address(
    name="A Person", line="1 Example Road", line2="#04-05", district="Geylang", city="Singapore", state="Central",
    postcode="389000", country="SG", phone="+65 5550 0100",
)  # fmt: skip
WIDE = {"30030": Decimal(9), "66010": Decimal(7), "AB-30030": Decimal(5)}


def _made(given: Order, vat: Any = Decimal(7), *, whole: bool = False, **options: Any) -> Callable[[], object]:
    chosen = LsRouteOptions(**(MEMBERS | options))
    terms = Terms("S0013", "SGD", chosen, vat, date(2026, 11, 21))

    def make() -> object:
        made = to_document(given, terms)
        money = {"lines": made.lines, "discounts": made.discounts, "payments": made.payments}
        return {"header": made.header} | money if whole else money

    return make


def _to(*, masked: bool = False, **address: str) -> Callable[[], object]:
    given = order(ship_to=HOME.model_copy(update=address))
    return lambda: {
        name: value
        for name, value in address_fields(given, send_masked=masked).items()
        if not name.startswith("ShipTo")
    }


def _one(number: str = "7", sku: str = "40020-002", quantity: str = "2", **more: Any) -> Order:
    return order(lines=(line(number, sku, quantity, **more),), charges=())


EXAMPLES = {
    "an order": _made(order(), whole=True),
    "everything that a route may say": _made(
        order(ship_to=HOME, shipping_method="SPX", payment=Payment(method="Card")),
        member_card="10021",
        customer_no="44090",
        source_type="2",
        tender_types={"card": "7"},
        shipping_agents={"SPX": "AGENT"},
        shipping_services={"SPX": "STD"},
        whole=True,
    ),
    "nobody is told of": _made(order(ship_to=Address(), buyer=Buyer(), payment=None), whole=True),
    "a masked name and street": _to(name=MASKED, line=f"1 {MASKED}"),
    "a masked name and street, sent": _to(name=MASKED, line=f"1 {MASKED}", masked=True),
    "a street as long as its field": _to(line=LONG[:100]),
    "a street longer than its field": _to(line=LONG),
    "a street of which the field ends with a word": _to(line=f"{LONG[:95]}Block1 more"),
    "a street without a blank": _to(line="x" * 120, line2="", district=""),
    "a street with a blank at its start alone": _to(line=f"y {'x' * 120}"),
    "a street that only fits when a word is cut": _to(line=f"{'x' * 90} {'y' * 59}"),
    "a street that just fits with whole words": _to(line=f"{'x' * 90} {'y' * 50}"),
    "a blank before a street without one": _to(line=f" {'x' * 120}", line2=""),
    "two discounts of a line": _made(_one(discounts=(off("1.00"), off("0.50", kind="flash"), off("0.25")))),
    "a third of a price": _made(_one(quantity="3", discounts=(off("0.01"),)), price_decimals=2),
    "net prices to two decimals, up": _made(_one(), price_rounding="up", price_decimals=2),
    "VAT by item": _made(_one(sku="30030"), WIDE),
    "an item whose number holds the delimiter": _made(_one(sku="AB-30030"), WIDE),
    "an item that is not known": _made(_one(sku="50050"), WIDE),
    "a voucher of the marketplace, paid by it": _made(
        order(discounts=(off("5.00", Payer.MARKETPLACE),)), marketplace_discounts="payment", marketplace_tender="9"
    ),
    "a voucher of the marketplace, without its tender": _made(
        order(discounts=(off("5.00", Payer.MARKETPLACE),)), marketplace_discounts="payment"
    ),
    "a voucher, and one for shipping": _made(order(discounts=(off("5.00"), off("9.00", kind="shipping")))),
    "a voucher of more than the goods, and one for shipping": _made(
        order(discounts=(off("186.00"), off("2.00", kind="shipping")))
    ),
    "a share that ends with a five": _made(_one(price="2.56", discounts=(off("0.01"),), quantity="1")),
    "a charge that takes off": _made(
        order(charges=(Charge(kind="shipping", amount=sgd("3.80")), Charge(kind="coins", amount=sgd("-1.00"))))
    ),
    "a charge of nothing": _made(order(charges=(Charge(kind="shipping", amount=sgd("0.00")),))),
    "cash on delivery": _made(order(payment=Payment(method="COD", cash_on_delivery=True))),
    "more off than there is": _made(order(discounts=(off("9999.00"),), total=None)),
    "a sum that does not match": _made(order(total=sgd("1.00"))),
    "another currency": _made(order(currency="MYR", lines=(), charges=(), total=Money.parse("0 MYR"))),
    "prices without tax": _made(order(prices_include_tax=False)),
    "a charge without an item": _made(order(), shipping_item=""),
    "a payment method without a tender": _made(order(), default_tender="", tender_types={"Cash": "1"}),
}


def page() -> str:
    """All examples."""
    return pages.page(EXAMPLES)


if __name__ == "__main__":
    PAGE.write_text(page())
