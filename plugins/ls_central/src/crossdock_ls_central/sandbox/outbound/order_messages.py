"""The order messages that LS Central sends to a web shop: status, shipping, payment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from crossdock.sandbox import OperatorAction
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder, OrderLine, Shipment, StatusEntry
from crossdock_ls_central.sandbox.outbound.outbox import Outbox

Json = dict[str, Any]


class Receiver(BaseModel):
    """The web shop's address; empty sends nothing. Objects come bare, or under their wrapper key."""

    model_config = ConfigDict(extra="forbid")
    url: str = ""
    wrapped: bool = True


class OrderMessages:
    """Sends a message for each status that an order or line gets, and for each posted shipment."""

    def __init__(self, company: Company, outbox: Outbox) -> None:
        self._company = company
        self._outbox = outbox
        self._receiver = Receiver()
        company.on_status(self._status)
        company.on_shipment(self._shipping)

    async def direct(self, body: Receiver, _path: Mapping[str, str]) -> Json:
        """Send to another receiver from now on."""
        self._receiver = body
        return body.model_dump()

    async def show(self, _body: None, _path: Mapping[str, str]) -> Json:
        """The receiver, and what waits to be sent or to be sent again."""
        waiting = [{"url": m.url, "due": m.due, "attempts": m.attempts} for m in self._outbox.waiting]
        return {"receiver": self._receiver.model_dump(), "waiting": waiting}

    def _status(self, order: CustomerOrder, entry: StatusEntry) -> None:
        line = order.line(entry.line_no)
        setup = self._company.statuses[entry.code]
        body = {
            "OrderId": order.document_id,
            "CardId": "",
            "HeaderStatus": "" if line else setup.code,
            "ExtOrderStatus": "" if line else setup.ext_code,
            "MsgSubject": "",
            "MsgDetail": setup.description,
            "Lines": [_status_line(line, setup.code, setup.ext_code)] if line else [],
            "orderKOTStatus": None,
        }
        self._send("OrderMessageStatusUpdate", "orderMessage", body)

    def _shipping(self, shipment: Shipment) -> None:
        lines = [
            {
                "LineNo": str(line.line_no),
                "ItemId": line.item_no,
                "VariantId": line.variant,
                "UnitOfMeasureId": line.unit,
                "Quantity": float(quantity),
                "Amount": float(line.amount * quantity / line.quantity),
            }
            for line, quantity in shipment.lines
        ]
        body = {
            "OrderId": shipment.order.document_id,
            "ShipmentNo": shipment.number,
            "TrackingId": shipment.tracking_no,
            "TrackingUrl": "",
            "Provider": shipment.agent,
            "Service": shipment.agent_service,
            "Lines": lines,
        }
        self._send("OrderMessageShipping", "orderShipping", body)

    def _send(self, route: str, wrapper: str, body: Json) -> None:
        receiver = self._receiver
        if not receiver.url:
            return
        url = f"{receiver.url.rstrip('/')}/{route}"
        sent = {wrapper: body} if receiver.wrapped else body
        self._outbox.put(url, lambda: sent, 0.0, lambda _status: None)


def _status_line(line: OrderLine, code: str, ext_code: str) -> Json:
    return {
        "LineNo": str(line.line_no),
        "ItemId": line.item_no,
        "VariantId": line.variant,
        "Quantity": float(line.quantity),
        "NewStatus": code,
        "ExtLineStatus": ext_code,
    }


def message_actions(messages: OrderMessages) -> Sequence[OperatorAction]:
    """The actions on order messages."""
    return [
        OperatorAction("GET", "/order-messages", "Where order messages go, and what waits.", messages.show),
        OperatorAction("PUT", "/order-messages", "Set where order messages go.", messages.direct, Receiver),
    ]
