"""The shapes of orders that buyers place, and what each must come to in LS Central."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tests.journeys.stage import SKUS


@dataclass(frozen=True)
class Shape:
    """One kind of order.

    Attributes:
        name: for what a failed test prints.
        items: as the operator of the simulated Shopee names them.
        rest: vouchers, coins, shipping, channel.
    """

    name: str
    items: tuple[Mapping[str, object], ...]
    rest: Mapping[str, object] = field(default_factory=dict)

    def draft(self, state: str) -> dict[str, object]:
        """The order to place: paid, unpaid, pending at Shopee, or cash on delivery."""
        how = {"paid": state in ("paid", "pending"), "pending": state == "pending", "cod": state == "cod"}
        return {"shipping_fee": "1.99", **self.rest, "items": list(self.items), **how}

    @property
    def total(self) -> Decimal:
        """What the buyer pays."""
        goods = sum(
            Decimal(str(item.get("discounted_price", item["original_price"]))) * _count(item) for item in self.items
        )
        off = sum(Decimal(str(self.rest.get(name, 0))) for name in ("seller_voucher", "shopee_voucher", "coins"))
        return goods - off + Decimal(str(self.rest.get("shipping_fee", "1.99")))

    def __repr__(self) -> str:
        return self.name


def _count(item: Mapping[str, object]) -> int:
    return int(str(item["quantity"]))


def _item(sku: int, quantity: int, price: str, **more: object) -> Mapping[str, object]:
    return {"model_sku": SKUS[sku], "quantity": quantity, "original_price": price, **more}


SHAPES = (
    Shape("one line", (_item(0, 1, "20.00"),)),
    Shape("several lines", (_item(0, 2, "20.00"), _item(1, 1, "8.50"), _item(2, 3, "0.99"))),
    Shape("discounted", (_item(0, 3, "25.00", discounted_price="19.99"), _item(1, 1, "8.50"))),
    Shape("Shopee's discount", (_item(0, 2, "25.00", discounted_price="19.99", shopee_discount="2.50"),)),
    Shape(
        "vouchers", (_item(0, 1, "33.33"), _item(1, 2, "8.50")), {"seller_voucher": "3.01", "shopee_voucher": "2.00"}
    ),
    Shape("coins", (_item(2, 7, "9.99"),), {"coins": "1.57"}),
    Shape("free shipping", (_item(3, 1, "12.00"),), {"shipping_fee": "0", "shipping_rebate": "1.99"}),
    Shape(
        "bundle deal",
        (
            _item(0, 1, "20.00", discounted_price="17.35", promotion_type="bundle_deal", promotion_group=7),
            _item(1, 2, "8.50", discounted_price="7.11", promotion_type="bundle_deal", promotion_group=7),
            _item(2, 1, "5.00"),
        ),
    ),
    Shape("pickup only", (_item(1, 1, "20.00"), _item(2, 1, "3.00")), {"channel_id": 11007}),
    Shape("drop-off only", (_item(1, 2, "20.00"),), {"channel_id": 11009}),
    Shape("own fleet", (_item(0, 1, "15.00"),), {"channel_id": 19999}),
)
