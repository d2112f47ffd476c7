"""Arranging shipments: look, choose, ship, look again."""

from __future__ import annotations

from crossdock.contract import ArrangeShipment, Receipt
from crossdock.errors import Refused, TryLater, Unclear
from crossdock.model import ShipmentStatus
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.config import ShipBy, ShopeeRoute
from crossdock_shopee.translate.offers import choose
from crossdock_shopee.translate.parcels import status_of
from crossdock_shopee.wire.parcels import PackageDetail, PackageDetails
from crossdock_shopee.wire.shipping import Offer

__all__ = ["arrange"]

_VERB = "arrange_shipment"
_ALREADY = frozenset({"logistics.package_already_shipped"})
_WANTS_PACKAGE = frozenset({"logistics.ship_order_need_pacakge_number", "logistics.package_number_not_exist"})
_WANTS_NO_PACKAGE = frozenset({"logistics.ship_order_not_need_pacakge_number"})
_SAME_AS_BEFORE = frozenset({"logistics.update_shipping_order_no_param_change"})
_GONE = frozenset({ShipmentStatus.CANCELLED, ShipmentStatus.FAILED, ShipmentStatus.LOST})


async def arrange(gateway: Gateway, wanted: ArrangeShipment, options: ShopeeRoute) -> Receipt:
    """Arrange one package.

    A package that was just arranged goes on saying LOGISTICS_READY; only `is_shipment_arranged` tells. So the package
    is read before, so that nothing is arranged twice, and after, so that nothing is believed unseen.

    Raises:
        TryLater: it is not ready, or no time slot is offered yet.
        Refused: it is cancelled, or cannot leave in a way that the route allows.
        Unclear: Shopee said yes, and the package does not show it.
    """
    number = _package_of(wanted)
    package = await _read(gateway, number)
    status = status_of(package)
    if status in _GONE:
        raise Refused(f"Package {number} is {package.fulfillment_status}.", code=package.fulfillment_status)
    if status is ShipmentStatus.WAITING:
        raise TryLater(f"Package {number} is not ready: {package.fulfillment_status}.")
    if status not in (ShipmentStatus.READY, ShipmentStatus.RETRY):
        return Receipt(number, already=True, note=package.fulfillment_status or "")
    way = await _arrange(gateway, wanted, package, options)
    if way is None:
        return Receipt(number, already=True)
    await _confirm(gateway, number)
    return Receipt(number, note=f"by {way}")


async def _arrange(
    gateway: Gateway, wanted: ArrangeShipment, package: PackageDetail, options: ShopeeRoute
) -> ShipBy | None:
    """Send what arranges it; None when it was arranged already."""
    split = bool(package.is_split_up) or len(wanted.order.shipments) > 1
    parcel = {"order_sn": wanted.order.id}
    if split:
        parcel["package_number"] = package.package_number
    try:
        return await _ship(gateway, wanted, package, parcel, options)
    except Refused as error:
        if error.code in _ALREADY:
            return None
        if error.code in _WANTS_PACKAGE and not split:
            parcel["package_number"] = package.package_number
        elif error.code in _WANTS_NO_PACKAGE and split:
            del parcel["package_number"]
        else:
            raise
    return await _ship(gateway, wanted, package, parcel, options)


async def _ship(
    gateway: Gateway,
    wanted: ArrangeShipment,
    package: PackageDetail,
    parcel: dict[str, str],
    options: ShopeeRoute,
) -> ShipBy:
    offer = await gateway.get("logistics/get_shipping_parameter", parcel, Offer, verb=_VERB)
    number = wanted.posted.tracking_number if wanted.posted else ""
    if status_of(package) is ShipmentStatus.RETRY:
        return await _ship_again(gateway, offer, parcel, options)
    way, fields = choose(offer, options, number)
    await gateway.do("logistics/ship_order", {**parcel, way.value: fields}, verb=_VERB)
    return way


async def _ship_again(gateway: Gateway, offer: Offer, parcel: dict[str, str], options: ShopeeRoute) -> ShipBy:
    """Have it picked up again. The slot that was missed may be offered once more, and is refused: then another one."""
    other = "last" if options.pickup_slot == "first" else "first"
    for slot in (options.pickup_slot, other):
        allowed = options.model_copy(update={"ship_by": (ShipBy.PICKUP,), "pickup_slot": slot})
        way, fields = choose(offer, allowed)
        try:
            await gateway.do("logistics/update_shipping_order", {**parcel, way.value: fields}, verb=_VERB)
        except Refused as error:
            if error.code not in _SAME_AS_BEFORE or slot == other:
                raise
        else:
            break
    return ShipBy.PICKUP


async def _confirm(gateway: Gateway, number: str) -> None:
    package = await _read(gateway, number)
    if status_of(package) in (ShipmentStatus.READY, ShipmentStatus.WAITING):
        raise Unclear(
            f"Shopee accepted the shipment of package {number}, but it still says {package.fulfillment_status}."
        )


async def _read(gateway: Gateway, number: str) -> PackageDetail:
    params = {"package_number_list": number}
    found = await gateway.get("order/get_package_detail", params, PackageDetails, verb=_VERB)
    package = next((one for one in found.package_list if one.package_number == number), None)
    if package is None:
        raise Refused(
            f"Shopee knows no package {number}.", hint="the order may have been split or merged: read it again"
        )
    return package


def _package_of(wanted: ArrangeShipment) -> str:
    if wanted.shipment_id:
        return wanted.shipment_id
    numbers = [parcel.id for parcel in wanted.order.shipments]
    if len(numbers) != 1:
        raise Refused(
            f"Order {wanted.order.id} has {len(numbers)} packages, and none was named.",
            hint="arrange each package by its number",
        )
    return numbers[0]
