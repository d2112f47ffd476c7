"""Totals: the lines of a Customer Order come to what Shopee says the buyer paid, to the smallest unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from tests.journeys.stage import SKUS, Stage, staged

SHIRT = {"model_sku": SKUS[0], "quantity": 2, "original_price": "25.00"}
CAP = {"model_sku": SKUS[1], "quantity": 3, "original_price": "9.90"}


@dataclass(frozen=True)
class Case:
    """An order, what its buyer pays, added up by hand, and what others pay for the buyer."""

    order: Mapping[str, object]
    paid: str
    others: str = "0"


CASES = {
    "item discount": Case({"items": [SHIRT | {"discounted_price": "19.90"}], "shipping_fee": "1.99"}, "41.79"),
    "item discount that Shopee shares": Case(
        {"items": [SHIRT | {"discounted_price": "19.90", "shopee_discount": "1.10"}], "shipping_fee": "0"},
        "39.80",  # nobody needs the accounting to explain this, so Shopee's share counts as the seller's
    ),
    "seller voucher": Case({"items": [SHIRT, CAP], "seller_voucher": "3.33", "shipping_fee": "1.99"}, "78.36"),
    "Shopee voucher": Case({"items": [SHIRT], "shopee_voucher": "5.01", "shipping_fee": "1.99"}, "46.98", "5.01"),
    "coins": Case({"items": [SHIRT, CAP], "coins": "0.07", "shipping_fee": "0"}, "79.63", "0.07"),
    "bundle deal": Case(
        {
            "items": [
                SHIRT | {"discounted_price": "20.01", "promotion_type": "bundle_deal", "promotion_group": 7},
                CAP | {"discounted_price": "8.88", "promotion_type": "bundle_deal", "promotion_group": 7},
            ],
            "shipping_fee": "1.99",
        },
        "68.65",
    ),
    "add-on deal": Case(
        {
            "items": [
                SHIRT | {"promotion_type": "add_on_deal_main"},
                CAP | {"quantity": 1, "discounted_price": "2.00", "promotion_type": "add_on_deal_sub"},
            ],
            "shipping_fee": "1.99",
        },
        "53.99",
    ),
    "free shipping": Case({"items": [CAP], "shipping_fee": "0", "shipping_rebate": "1.99"}, "29.70"),
    "all at once": Case(
        {
            "items": [SHIRT | {"discounted_price": "19.90"}, CAP | {"discounted_price": "9.10"}],
            "seller_voucher": "3.00",
            "shopee_voucher": "2.50",
            "coins": "0.13",
            "shipping_fee": "3.49",
        },
        "64.96",
        others="2.63",
    ),
}


async def booked(stage: Stage, order: str) -> tuple[Decimal, Decimal]:
    """What the lines of the Customer Order come to, and its payments."""
    document = await stage.document(order)
    for line in document["lines"]:
        price, off = Decimal(line["Price"]) * Decimal(line["Quantity"]), Decimal(line["DiscountAmount"])
        assert Decimal(line["Amount"]) == price - off, line
    paid = [Decimal(payment["PreApprovedAmount"]) for payment in document["payments"]]
    return sum((Decimal(line["Amount"]) for line in document["lines"]), Decimal(0)), sum(paid, Decimal(0))


async def test_whatever_is_taken_off_the_lines_come_to_what_the_buyer_paid(stage: Stage) -> None:
    placed = {name: await stage.place(**case.order) for name, case in CASES.items()}

    await stage.pull()

    expected = {name: (Decimal(case.paid), Decimal(case.paid)) for name, case in CASES.items()}
    assert {name: await booked(stage, order) for name, order in placed.items()} == expected


async def test_what_others_pay_can_be_booked_as_a_payment_and_the_lines_come_to_what_the_seller_is_due(
    stage: Stage,
) -> None:
    stage.configure(backend='marketplace_discounts = "payment"\nmarketplace_tender = "3"')
    placed = {name: await stage.place(**case.order) for name, case in CASES.items()}

    await stage.pull()

    due = {name: Decimal(case.paid) + Decimal(case.others) for name, case in CASES.items()}
    assert {name: await booked(stage, order) for name, order in placed.items()} == {
        name: (amount, amount) for name, amount in due.items()
    }
    document = await stage.document(placed["Shopee voucher"])
    tenders = {payment["TenderType"]: Decimal(payment["PreApprovedAmount"]) for payment in document["payments"]}
    assert tenders == {"1": Decimal("46.98"), "3": Decimal("5.01")}


async def test_a_bundle_deal_whose_price_only_the_accounting_tells_keeps_its_discounted_price(stage: Stage) -> None:
    order = await stage.place(**CASES["bundle deal"].order)
    for line in (0, 1):
        path = f"item_list.{line}.model_discounted_price"
        await stage.shopee.act("POST", f"/orders/{order}/corrupt", {"path": path, "value": 0})

    await stage.pull()

    assert await booked(stage, order) == (Decimal("68.65"), Decimal("68.65"))


@pytest.mark.parametrize(
    ("region", "currency", "price", "fee", "voucher", "paid"),
    [("ID", "IDR", "249000", "12000", "5001", 504_999), ("KR", "KRW", "33000", "2500", "1001", 67_499)],
)
async def test_in_a_currency_without_decimals_nothing_is_lost_either(
    tmp_path: Path, region: str, currency: str, price: str, fee: str, voucher: str, paid: int
) -> None:
    async with staged(tmp_path, [f"region={region}"], [f"currency={currency}"]) as stage:
        items = [{"model_sku": SKUS[0], "quantity": 2, "original_price": price}]
        order = await stage.place(items=items, seller_voucher=voucher, shipping_fee=fee)

        await stage.pull()

        assert await booked(stage, order) == (paid, paid)


async def test_a_total_that_nothing_explains_is_parked_with_both_sums_and_the_others_pass(stage: Stage) -> None:
    good, bad = await stage.place(), await stage.place(shipping_fee="1.99")
    await stage.shopee.act("POST", f"/orders/{bad}/corrupt", {"path": "total_amount", "value": 30.00})

    await stage.pull(code=1)

    [parked] = (await stage.crossdock("parked", "list", "--json")).json
    assert (parked["order"], parked["cause"]) == (bad, "totals")
    assert "30.00 SGD" in parked["reason"]
    assert "21.99 SGD" in parked["reason"]
    assert [write["key"] for write in await stage.central.writes("create_order")] == [good]
