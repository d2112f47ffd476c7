"""A line is in one currency."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crossdock.model import Discount, Money, OrderLine, Payer


def test_a_line_with_a_discount_in_another_currency_is_refused() -> None:
    foreign = Discount(kind="item", payer=Payer.SELLER, amount=Money.parse("1.00 MYR"))
    with pytest.raises(ValueError, match=r"different currencies|does not add up"):
        OrderLine(
            id="1",
            sku="A",
            quantity=Decimal(1),
            list_price=Money.parse("2.00 SGD"),
            discounts=(foreign,),
            amount=Money.parse("1.00 SGD"),
        )
