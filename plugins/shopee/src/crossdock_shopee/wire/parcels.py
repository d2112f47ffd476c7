"""Packages, as `get_package_detail` sends them. Pure.

Source: Shopee Open Platform v2, order.get_package_detail.
"""

from __future__ import annotations

import msgspec

__all__ = ["PackageDetail", "PackageDetails"]


class PackageDetail(msgspec.Struct, gc=False):
    """What an order does not say about its package."""

    package_number: str
    order_sn: str = ""
    fulfillment_status: str | None = ""
    tracking_number: str | None = ""
    pickup_done_time: int | None = 0
    is_shipment_arranged: bool | None = False
    is_split_up: bool | None = False

    @property
    def has_left(self) -> bool:
        """Whether it has a tracking number that no new arrangement will change."""
        return bool(self.tracking_number and self.pickup_done_time)


class PackageDetails(msgspec.Struct):
    """Several packages."""

    package_list: list[PackageDetail]
