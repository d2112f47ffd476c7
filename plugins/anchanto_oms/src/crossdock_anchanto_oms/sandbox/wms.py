"""Anchanto WMS as the warehouse sees it: a system of its own, to which the OMS passes on orders and their waybills.

No outside program speaks to it, so it has no wire here: what people do and see there are operator actions.
"""

from __future__ import annotations

from hashlib import sha256

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_anchanto_oms.sandbox import picking
from crossdock_anchanto_oms.sandbox.desk import Desk, Json
from crossdock_anchanto_oms.sandbox.order_actions import Pick
from crossdock_anchanto_oms.sandbox.records import Order, Shipment
from crossdock_anchanto_oms.sandbox.states import CANCELLED, CANCELLING


class WmsDesk:
    """What people do in the warehouse."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def actions(self) -> list[OperatorAction]:
        """The actions as routes below ``/_sandbox``."""
        act, one = self._desk.action, "/wms/orders/{order_id}"
        return [
            act("GET", one, "The order as the WMS has it, with the waybill that the OMS passed on.", self.show),
            act("POST", one + "/pick", "Pick in the WMS.", self.pick, Pick),
        ]

    def show(self, _body: None, path: dict[str, str]) -> Json:
        """What is left to pick, whether work has to stop, and the waybill."""
        order = self._known(path)
        return {
            "order_id": order.order_id,
            "to_pick": {line.sent.line_reference: line.sent.quantity - line.picked for line in order.lines},
            "stopped": order.hold is not None or order.blocked() or order.state in CANCELLING | CANCELLED,
            "waybill": None if order.shipment is None else _waybill(order.shipment),
        }

    def pick(self, asked: Pick, path: dict[str, str]) -> Json:
        """Some or all goods are taken off the shelf; the OMS hears of it at once."""
        picking.pick(self._desk.seller, self._known(path), asked.lines)
        return self.show(None, path)

    def _known(self, path: dict[str, str]) -> Order:
        if not self._desk.seller.settings.wms:
            raise OperatorError("this seller has no Anchanto WMS: start the sandbox with wms=true", missing=True)
        order = self._desk.order(path)
        if order.sent.historical:
            raise OperatorError(f"order {order.order_id} is history; the WMS never had it", missing=True)
        return order


def _waybill(parcel: Shipment) -> Json:
    """Number and carrier, and the label by its size and print."""
    label = parcel.label
    shown = None if label is None else {"bytes": len(label), "sha256": sha256(label).hexdigest()}
    return {"tracking_number": parcel.tracking_number, "carrier": parcel.carrier, "label": shown}
