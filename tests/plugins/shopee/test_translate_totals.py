"""Totals: what the buyer paid is explained to the smallest unit, and never by an invented line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossdock.errors import CannotTranslate
from crossdock.model import Discount, Money, Payer
from crossdock_shopee.translate.amounts import moment, money
from crossdock_shopee.translate.orders import order
from crossdock_shopee.translate.totals import is_explained
from tests.plugins.shopee.order_bodies import escrow, item, seen


def line(**changes: Any) -> dict[str, Any]:
    return {
        "item_id": 846056136,
        "model_id": 12984093,
        "line_item_id": 242672551207922,
        "original_price": 30,
        "discounted_price": 30,
        "seller_discount": 0,
        "shopee_discount": 0,
        **changes,
    }


def test_goods_and_shipping_alone_need_no_further_question():
    assert is_explained(seen())


def test_a_total_that_differs_by_a_cent_needs_one():
    assert not is_explained(seen(total_amount=31.98))


@pytest.mark.parametrize(
    "fields", [{"total_amount": None}, {"total_amount": 0, "order_status": "UNPAID", "pay_time": 0}]
)
def test_before_payment_there_is_no_total_to_explain(fields):
    assert is_explained(seen(**fields))


def test_an_unpaid_order_has_no_total_and_no_imbalance():
    found = order(seen(total_amount=0, order_status="UNPAID", pay_time=None))
    assert found.total is None
    assert not found.imbalance


def test_an_order_paid_with_coins_alone_has_a_total_of_nothing():
    paid = escrow({"items": [line()]}, {"merchant_subtotal": 30, "shipping_fee": 1.99, "shopee_coins_redeemed": -31.99})
    found = order(seen(total_amount=0), paid)
    assert str(found.total) == "0.00 SGD"
    assert not found.imbalance


def test_a_discount_on_goods_is_the_sellers_where_nothing_else_is_known():
    found = order(seen(item_list=[item(model_discounted_price=12.5)], total_amount=26.99))
    assert found.lines[0].discounts == (Discount(kind="item", payer=Payer.SELLER, amount=Money.parse("5.00 SGD")),)
    assert not found.imbalance


def test_without_escrow_what_is_not_explained_stays_visible():
    found = order(seen(total_amount=28.99))
    assert str(found.imbalance) == "-3.00 SGD"


def test_the_documented_checkout_adds_up():
    """52,600 of goods + 2,000 of shipping - 900 of coins - 5,260 of voucher = 48,440."""
    goods = item(model_quantity_purchased=1, model_original_price=74000, model_discounted_price=52600)
    bought = seen(item_list=[goods], currency="IDR", estimated_shipping_fee=2000, total_amount=48440)
    paid = escrow(
        {"items": [line(original_price=74000, discounted_price=52600, seller_discount=21400)]},
        {"merchant_subtotal": 52600, "shipping_fee": 2000, "shopee_coins_redeemed": -900, "shopee_voucher": -5260},
    )
    found = order(bought, paid)
    assert not found.imbalance
    assert {(one.kind, one.payer, str(one.amount)) for one in found.discounts} == {
        ("coins", Payer.BUYER, "900.00 IDR"),
        ("voucher", Payer.MARKETPLACE, "5260.00 IDR"),
    }


def test_goods_of_a_bundle_get_their_price_from_escrow():
    bundle = [
        item(item_id=1, model_id=0, order_item_id=1, promotion_group_id=1, promotion_type="bundle_deal", line_item_id=0,
             model_discounted_price=0),
        item(item_id=2, model_id=0, order_item_id=1, promotion_group_id=1, promotion_type="bundle_deal", line_item_id=0,
             model_discounted_price=0),
    ]  # fmt: skip
    paid = escrow(
        {
            "items": [
                line(item_id=2, model_id=None, line_item_id=None, discounted_price=24.5, shopee_discount=1.5),
                line(item_id=1, model_id=0, line_item_id=0, discounted_price=25.5),
            ]
        },
        {"merchant_subtotal": 50, "shipping_fee": 1.99},
    )
    found = order(seen(item_list=bundle, total_amount=51.99), paid)
    assert not found.imbalance
    assert [str(one.amount) for one in found.lines] == ["25.50 SGD", "24.50 SGD"]
    assert found.lines[0].discounts == (Discount(kind="bundle", payer=Payer.SELLER, amount=Money.parse("4.50 SGD")),)
    assert [(one.payer, str(one.amount)) for one in found.lines[1].discounts] == [
        (Payer.MARKETPLACE, "1.50 SGD"),
        (Payer.SELLER, "4.00 SGD"),
    ]


def test_a_rebate_that_shopee_bears_alone_is_not_the_sellers():
    paid = escrow({"items": [line(discounted_price=26, shopee_discount=4)]}, {"merchant_subtotal": 26})
    found = order(seen(item_list=[item(model_discounted_price=13)], total_amount=26, estimated_shipping_fee=None), paid)
    assert [(one.payer, str(one.amount)) for one in found.lines[0].discounts] == [(Payer.MARKETPLACE, "4.00 SGD")]
    assert not found.imbalance


def test_every_part_of_a_checkout_has_its_kind_and_its_payer():
    buyer = {
        "merchant_subtotal": 30, "shipping_fee": 1.99, "shipping_fee_sst_amount": 0.1, "buyer_service_fee": 0.2,
        "initial_buyer_txn_fee": 0.3, "buyer_tax_amount": 0.4, "import_tax_amount": 0.5, "icms_tax_amount": 0.6,
        "iof_tax_amount": 0.7, "insurance_premium": 0.8, "buyer_paid_packaging_fee": 0.9, "bulky_handling_fee": 1,
        "bcrs_deposit": 1.1, "seller_voucher": -2, "shopee_voucher": -3, "ads_voucher_discount": -0.1,
        "shopee_coins_redeemed": -0.2, "credit_card_promotion": -0.3, "discount_pix": 0.4, "trade_in_bonus": 0.5,
    }  # fmt: skip
    paid = escrow({"items": [line()], "seller_voucher_code": ["SAVE2"]}, buyer)
    found = order(seen(total_amount=32.09), paid)
    assert not found.imbalance
    assert {(one.kind, one.payer) for one in found.discounts} == {
        ("voucher", Payer.SELLER),
        ("voucher", Payer.MARKETPLACE),
        ("coins", Payer.BUYER),
        ("payment", Payer.BANK),
        ("payment", Payer.MARKETPLACE),
        ("promotion", Payer.MARKETPLACE),
    }
    assert [one.code for one in found.discounts if one.payer is Payer.SELLER] == ["SAVE2"]
    assert {one.code for one in found.discounts if one.payer is not Payer.SELLER} == {""}
    kinds = {"shipping", "tax", "service", "insurance", "packaging", "handling", "deposit"}
    assert {one.kind for one in found.charges} == kinds


@pytest.mark.parametrize("buyer", [None, {"merchant_subtotal": None}])
def test_without_the_buyers_view_the_sellers_view_explains_the_total(buyer):
    income = {
        "items": [line()], "buyer_paid_shipping_fee": 1.99, "buyer_transaction_fee": 0.5, "cross_border_tax": 0.25,
        "buyer_paid_packaging_fee": 0.1, "voucher_from_seller": 2, "voucher_from_shopee": 1, "coins": 0.5,
        "credit_card_promotion": 0.3, "payment_promotion": 0.2, "pix_discount": 0.1,
    }  # fmt: skip
    assert not order(seen(total_amount=28.74), escrow(income, buyer)).imbalance


def test_after_a_return_the_orders_own_prices_are_believed():
    """Escrow's lines then hold only what is left, while what the buyer paid stays frozen."""
    paid = escrow({"items": [line(discounted_price=15)]}, {"merchant_subtotal": 30, "shipping_fee": 1.99})
    found = order(seen(), paid)
    assert str(found.lines[0].amount) == "30.00 SGD"
    assert not found.imbalance


def test_a_line_that_escrow_does_not_know_keeps_its_own_price():
    for items in ([], [line(item_id=5, line_item_id=0)], [line(discounted_price=None)], None):
        found = order(
            seen(total_amount=29.99), escrow({"items": items}, {"merchant_subtotal": 30, "seller_voucher": 2})
        )
        assert str(found.lines[0].amount) == "30.00 SGD"


def test_a_price_above_its_list_price_becomes_the_list_price():
    found = order(seen(item_list=[item(model_original_price=0)]))
    assert (str(found.lines[0].list_price), found.lines[0].discounts) == ("15.00 SGD", ())


def test_a_dearer_line_that_cannot_be_divided_is_not_rounded():
    odd = item(model_original_price=0, model_discounted_price=0, model_quantity_purchased=3)
    paid = escrow({"items": [line(discounted_price=10)]}, {"merchant_subtotal": 10})
    with pytest.raises(CannotTranslate, match="model_original_price"):
        order(seen(item_list=[odd], total_amount=10), paid)


def test_dust_that_many_pieces_add_up_to_a_cent_is_not_hidden():
    dusty = item(
        model_quantity_purchased=10_000, model_original_price=0.0100009999, model_discounted_price=0.0100009999
    )
    with pytest.raises(CannotTranslate, match="model_original_price must be at least"):
        order(seen(item_list=[dusty]))


@pytest.mark.parametrize(("currency", "text"), [("KRW", "1500 KRW"), ("VND", "1500 VND"), ("IDR", "1500.00 IDR")])
def test_currencies_keep_the_decimals_that_they_have(currency, text):
    assert str(money(Decimal(1500), currency, "x")) == text


def test_binary_dust_is_swept_away_and_nothing_else():
    assert str(money(Decimal("15.989999999999998"), "SGD", "x")) == "15.99 SGD"
    with pytest.raises(
        CannotTranslate, match=r"total_amount must be an amount in whole smallest units of SGD, not '15.985'"
    ):
        money(Decimal("15.985"), "SGD", "total_amount")
    with pytest.raises(CannotTranslate, match="total_amount must be an amount of money, not '1 dollars'"):
        money(Decimal(1), "dollars", "total_amount")


def test_a_discount_that_is_no_amount_is_named_by_its_field():
    paid = escrow({"items": [line()]}, {"merchant_subtotal": 30, "shipping_fee": 1.99, "discount_pix": 0.005})
    with pytest.raises(CannotTranslate, match="discount_pix must be"):
        order(seen(), paid)


def test_every_code_of_a_voucher_is_kept():
    paid = escrow(
        {"items": [line()], "seller_voucher_code": ["A", "B"]}, {"merchant_subtotal": 30, "seller_voucher": -2}
    )
    assert [one.code for one in order(seen(), paid).discounts] == ["A,B"]


def test_no_time_is_none():
    assert moment(0) is None
    assert moment(None) is None


def test_amounts_are_read_from_their_text():
    found = order(seen(total_amount=1, estimated_shipping_fee=1, item_list=[]))
    assert found.total == Money(Decimal(1), "SGD")


cents = st.integers(min_value=0, max_value=5_000_00)


@given(
    st.lists(st.tuples(st.integers(1, 9), cents, st.integers(0, 100)), min_size=1, max_size=5),
    cents,
    st.integers(0, 100),
    st.integers(0, 100),
)
def test_whatever_was_bought_every_cent_is_explained(goods, shipping, voucher_share, coins_share):
    items, lines, subtotal = [], [], 0
    for number, (quantity, price, off) in enumerate(goods, start=1):
        paid_each = price - price * off // 100
        subtotal += paid_each * quantity
        items.append(item(item_id=number, order_item_id=number, line_item_id=number, model_quantity_purchased=quantity,
                          model_original_price=price / 100, model_discounted_price=paid_each / 100))  # fmt: skip
        lines.append(line(item_id=number, line_item_id=number, discounted_price=paid_each * quantity / 100,
                          shopee_discount=(price - paid_each) / 100))  # fmt: skip
    voucher = subtotal * voucher_share // 100
    coins = (subtotal - voucher) * coins_share // 100
    paid = escrow(
        {"items": lines},
        {
            "merchant_subtotal": subtotal / 100,
            "shipping_fee": shipping / 100,
            "seller_voucher": -voucher / 100,
            "shopee_coins_redeemed": -coins / 100,
        },
    )
    total = (subtotal - voucher - coins + shipping) / 100
    found = order(seen(item_list=items, estimated_shipping_fee=shipping / 100, total_amount=total), paid)
    assert not found.imbalance
    assert all(one.list_price * one.quantity - one.discount == one.amount for one in found.lines)
