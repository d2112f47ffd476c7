"""What buyers order: drafts for the Shopee sandbox, and what each must come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crossdock.model import Money

NEW_ITEM = "55001"
"""An item that LS Central does not know when it is sold for the first time."""


@dataclass(frozen=True)
class Draft:
    """One order to be placed.

    Attributes:
        title: what it is there to show.
        route: on which route it comes in.
        total: what the buyer pays, added up by hand.
        body: for the sandbox's operator.
    """

    title: str
    route: str
    total: Money
    body: Mapping[str, Any]


SIMPLE = Draft(
    "one mug",
    "sg",
    Money.parse("9.90 SGD"),
    {"items": [{"sku": "10003", "original_price": "9.90"}], "shipping_fee": "0"},
)
DISCOUNTED = Draft(
    "three lines, discounts, voucher, coins",
    "sg",
    Money.parse("194.50 SGD"),  # 2 x 72.50 + 6 x 1.50 + 49.00 - 5.00 - 3.00 - 0.50
    {
        "items": [
            {
                "sku": "40020",
                "model_sku": "40020-001",
                "quantity": 2,
                "original_price": "80.00",
                "discounted_price": "72.50",
                "shopee_discount": "2.50",
            },
            {"sku": "30010", "quantity": 6, "original_price": "1.50"},
            {"sku": "10007", "original_price": "59.00", "discounted_price": "49.00"},
        ],
        "seller_voucher": "5.00",
        "seller_voucher_code": "CROSS5",
        "shopee_voucher": "3.00",
        "coins": "0.50",
        "shipping_fee": "0",
    },
)
SHIPPED_FOR_A_FEE = Draft(
    "with a shipping fee",
    "sg",
    Money.parse("43.39 SGD"),  # 39.90 + 3.49
    {"items": [{"sku": "10001", "original_price": "39.90"}], "shipping_fee": "3.49"},
)
WITHOUT_DECIMALS = Draft(
    "no decimals in this market",
    "id",
    Money.parse("604000 IDR"),  # 2 x 249000 + 99000 - 5000 + 12000
    {
        "items": [
            {"sku": "40030", "model_sku": "40030-M", "quantity": 2, "original_price": "249000"},
            {"sku": "10008", "original_price": "99000"},
        ],
        "seller_voucher": "5000",
        "shipping_fee": "12000",
    },
)
UNPAID = Draft(
    "not paid yet",
    "sg",
    Money.parse("35.60 SGD"),
    {"items": [{"sku": "10012", "original_price": "35.60"}], "shipping_fee": "0", "paid": False},
)
UNKNOWN = Draft(
    "an item that LS Central does not know",
    "sg",
    Money.parse("21.00 SGD"),
    {"items": [{"sku": NEW_ITEM, "name": "Travel mug", "original_price": "21.00"}], "shipping_fee": "0"},
)

PAID = (SIMPLE, DISCOUNTED, SHIPPED_FOR_A_FEE, WITHOUT_DECIMALS)
