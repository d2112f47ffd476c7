"""An order whose parcels are all arranged counts as arranged, though it goes on saying READY_TO_SHIP."""

from __future__ import annotations

from crossdock.model import OrderStatus, Shipment, ShipmentStatus
from crossdock_shopee.translate.orders import _status


def parcel(status: ShipmentStatus) -> Shipment:
    return Shipment(id="OFG1", status=status, vendor_status="LOGISTICS_READY")


def test_ready_to_ship_with_every_parcel_arranged_is_arranged() -> None:
    arranged = parcel(ShipmentStatus.ARRANGED)
    assert _status("READY_TO_SHIP", [arranged, arranged]) is OrderStatus.ARRANGED


def test_ready_to_ship_with_a_parcel_that_is_not_arranged_is_open() -> None:
    assert _status("READY_TO_SHIP", [parcel(ShipmentStatus.ARRANGED), parcel(ShipmentStatus.READY)]) is OrderStatus.OPEN
    assert _status("READY_TO_SHIP", []) is OrderStatus.OPEN


def test_any_other_status_stays_as_it_is() -> None:
    assert _status("IN_CANCEL", [parcel(ShipmentStatus.ARRANGED)]) is OrderStatus.CANCELLING
