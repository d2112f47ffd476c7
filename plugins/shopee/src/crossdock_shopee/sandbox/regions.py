"""Markets: which currency a shop trades in, with how many decimals, and which day it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Region:
    """One market.

    Attributes:
        code: two letters, as in ``region`` on the wire.
        currency: of every amount in the shop.
        decimals: digits after the point that prices may have there.
        utc_offset_hours: of the shop's local day, which an order's number starts with.
        carrier: name of the standard channel.
        price_ratio: how many times the dearest variation of an item may cost the cheapest one.
    """

    code: str
    currency: str
    decimals: int
    utc_offset_hours: int
    carrier: str
    price_ratio: int = 5

    @property
    def smallest(self) -> Decimal:
        """The smallest amount of money there."""
        return Decimal(1).scaleb(-self.decimals)

    def round(self, amount: Decimal) -> Decimal:
        """`amount` to the smallest unit, halves away from zero."""
        return amount.quantize(self.smallest, ROUND_HALF_UP)

    def day(self, timestamp: int) -> str:
        """The local day at `timestamp` as YYMMDD."""
        local = datetime.fromtimestamp(timestamp, UTC).astimezone(timezone(timedelta(hours=self.utc_offset_hours)))
        return local.strftime("%y%m%d")


REGIONS = {
    region.code: region
    for region in (
        Region("SG", "SGD", 2, 8, "Standard Express"),
        Region("MY", "MYR", 2, 8, "Standard Delivery", 7),
        Region("TH", "THB", 0, 7, "Standard Delivery - Doorstep"),
        Region("PH", "PHP", 0, 8, "Standard Local"),
        Region("VN", "VND", 0, 7, "Express Delivery"),
        Region("ID", "IDR", 0, 7, "Regular Cashless", 7),
        Region("TW", "TWD", 0, 8, "Home Delivery"),
        Region("BR", "BRL", 2, -3, "Shopee Xpress", 4),
        Region("MX", "MXN", 2, -6, "Standard Delivery"),
        Region("CO", "COP", 0, -5, "Standard Delivery", 9),
        Region("CL", "CLP", 0, -4, "Standard Delivery", 9),
        Region("PL", "PLN", 2, 1, "Standard Delivery"),
        Region("ES", "EUR", 2, 1, "Standard Delivery"),
        Region("KR", "KRW", 0, 9, "Standard Express Korea", 7),
    )
}

MERCHANT_REGIONS = {
    region.code: region
    for region in (
        Region("KR", "KRW", 0, 9, "", 7),
        Region("CN", "CNY", 2, 8, "", 7),
        Region("HK", "CNY", 2, 8, "", 7),
    )
}
