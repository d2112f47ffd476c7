"""Parcels of an order. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from crossdock.errors import CannotTranslate
from crossdock.model import Shipment, ShipmentLine, ShipmentStatus
from crossdock_shopee.translate.amounts import moment
from crossdock_shopee.translate.lines import key_of
from crossdock_shopee.translate.statuses import package_status
from crossdock_shopee.wire.orders import Item, Order, Package
from crossdock_shopee.wire.parcels import PackageDetail

__all__ = ["may_be_arranged", "parcels", "status_of", "wants_number"]

_LEFT = frozenset({ShipmentStatus.SHIPPED, ShipmentStatus.DELIVERED, ShipmentStatus.LOST})
_NUMBERED = _LEFT | {ShipmentStatus.ARRANGED}


def parcels(
    order: Order, ids: Sequence[str], details: Mapping[str, PackageDetail] | None = None
) -> tuple[Shipment, ...]:
    """Translate the packages of an order.

    Args:
        order: as Shopee shows it.
        ids: of its lines.
        details: what `get_package_detail` added, by package number.
    """
    packages = order.package_list or ()
    split = len(packages) > 1
    known = details or {}
    return tuple(
        _parcel(order, package, _contents(package, order.item_list or (), ids) if split else (), known)
        for package in packages
    )


def status_of(package: PackageDetail) -> ShipmentStatus:
    """Where a package is, as it says itself."""
    return package_status(package.fulfillment_status or "", arranged=bool(package.is_shipment_arranged))


def may_be_arranged(package: Package) -> bool:
    """Whether the package says ready, which it goes on saying for a while after it was arranged."""
    return package_status(package.logistics_status or "") is ShipmentStatus.READY


def wants_number(package: Package) -> bool:
    """Whether the package is in a state in which it has, or gets, a tracking number."""
    return package_status(package.logistics_status or "") in _NUMBERED


def _parcel(
    order: Order, package: Package, contents: tuple[ShipmentLine, ...], details: Mapping[str, PackageDetail]
) -> Shipment:
    detail = details.get(package.package_number)
    word = package.logistics_status or ""
    status = package_status(word, arranged=bool(detail and detail.is_shipment_arranged))
    left_at = (detail.pickup_done_time if detail else None) or order.pickup_done_time
    return Shipment(
        id=package.package_number,
        status=status,
        vendor_status=word,
        carrier=package.shipping_carrier or order.shipping_carrier or "",
        tracking_number=(detail.tracking_number or "") if detail else "",
        lines=contents,
        shipped_at=moment(left_at) if status in _LEFT else None,
    )


def _contents(package: Package, items: Sequence[Item], ids: Sequence[str]) -> tuple[ShipmentLine, ...]:
    """Which lines are in a package of a split order; two lines of the same goods are filled one after the other."""
    room = [item.model_quantity_purchased for item in items]
    found = []
    for part in package.item_list or ():
        key, left = key_of(part), part.model_quantity
        for number, item in enumerate(items):
            taken = min(left, room[number]) if key_of(item) == key else 0
            if taken > 0:
                room[number] -= taken
                left -= taken
                found.append(ShipmentLine(line_id=ids[number], quantity=Decimal(taken)))
        if left:
            raise CannotTranslate(f"package_list[{package.package_number}].item_list", "goods of the order's lines")
    return tuple(found)
