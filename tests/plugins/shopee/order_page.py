"""What orders are read as, as the page `orders.txt`.

After a change that is meant, `python -m tests.plugins.shopee.order_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from crossdock_shopee.translate.orders import order
from crossdock_shopee.translate.prices import prices
from crossdock_shopee.wire.escrow import Escrow
from tests import pages
from tests.plugins.shopee.order_bodies import escrow, item, package, seen

PAGE = Path(__file__).with_name("orders.txt")
HOME = {
    "name": "A Person", "phone": "+65 5550", "town": "Town", "district": "Geylang", "city": "Singapore",
    "state": "Central", "region": "SG", "zipcode": "389000", "full_address": "1 Example Road",
}  # fmt: skip
TWO = [item(line_item_id=1, item_id=7, model_id=8), item(line_item_id=2, item_id=7, model_id=9, item_name=None)]


def _read(income: dict[str, Any] | None = None, buyer: Any = None, **changes: Any) -> Callable[[], object]:
    return lambda: order(seen(**changes), None if income is None else escrow(income, buyer))


def _twin(number: int, **changes: Any) -> dict[str, Any]:
    known = {"item_id": 7, "model_id": 7 + number, "line_item_id": number, "original_price": 30}
    return known | {"discounted_price": 25, "seller_discount": 3, "shopee_discount": 2} | changes


def _priced(items: list[dict[str, Any]], *twins: dict[str, Any], subtotal: float | None = None) -> Callable[[], object]:
    buyer = None if subtotal is None else {"merchant_subtotal": subtotal}
    told: Escrow | None = escrow({"items": list(twins)}, buyer) if twins else None

    def make() -> object:
        found = prices(seen(item_list=items).item_list or [], "SGD", told)
        return [
            [str(one.list_price), str(one.amount), *(f"{off.kind} {off.payer} {off.amount}" for off in one.discounts)]
            for one in found
        ]

    return make


BUNDLE = [item(line_item_id=1, item_id=7, model_id=8, promotion_type="bundle_deal")]
FREE = [item(line_item_id=1, item_id=7, model_id=8, model_discounted_price=0)]
EXAMPLES: dict[str, Callable[[], object]] = {
    "an address and a buyer": _read(recipient_address=HOME, buyer_username="a_buyer", buyer_user_id=25),
    "an address of which nothing is told": _read(recipient_address={}, buyer_username=None, buyer_user_id=None),
    "two lines": _read(item_list=TWO),
    "a line of which little is told": _read(item_list=[item(model_id=0, model_name="", item_name=None)]),
    "a name of a variation alone": _read(item_list=[item(item_name=None, model_name="Blue")]),
    "a parcel of which little is told": _read(
        package_list=[package(logistics_status=None, shipping_carrier=None, item_list=None)], shipping_carrier=None
    ),
    "a parcel by the order's carrier": _read(package_list=[package(shipping_carrier=None)]),
    "nothing to pay, and paid": _read(total_amount=0),
    "nothing to pay, and cancelled": _read(total_amount=0, order_status="CANCELLED"),
    "prices of two lines": _priced(TWO),
    "dearer than its list price": _priced([item(model_original_price=10, model_discounted_price=12)]),
    "by a third dearer": _priced(
        [item(model_original_price=0, model_discounted_price=10, model_quantity_purchased=3)], _twin(1)
    ),
    "a price finer than money": _priced([item(model_discounted_price=1.005)]),
    "a list price finer than money": _priced([item(model_original_price=50.005)]),
    "twins by number": _priced(TWO, _twin(2, discounted_price=20), _twin(1), subtotal=45),
    "twins by goods": _priced(
        TWO, _twin(2, line_item_id=0, discounted_price=20), _twin(1, line_item_id=0), subtotal=45
    ),
    "twins that are others": _priced(TWO, _twin(3), _twin(4), subtotal=50),
    "twins that do not add up": _priced(TWO, _twin(1), _twin(2), subtotal=51),
    "twins without a sum": _priced(TWO, _twin(1), _twin(2)),
    "a line of nothing, and its twin": _priced(FREE, _twin(1), subtotal=99),
    "a bundle": _priced(BUNDLE, _twin(1), subtotal=25),
    "all of it by Shopee": _priced(BUNDLE, _twin(1, shopee_discount=99), subtotal=25),
    "a cent of it by Shopee": _priced(BUNDLE, _twin(1, shopee_discount=0.01), subtotal=25),
    "a bit of a cent by Shopee": _priced(BUNDLE, _twin(1, shopee_discount=0.001), subtotal=25),
    "nothing of it by Shopee": _priced(BUNDLE, _twin(1, shopee_discount=None), subtotal=25),
    "a charge finer than money": _read(
        {"items": []}, {"merchant_subtotal": 30, "shipping_fee": 1.005}, total_amount=31
    ),
}


def page() -> str:
    """All examples."""
    return pages.page(EXAMPLES)


if __name__ == "__main__":
    PAGE.write_text(page())
