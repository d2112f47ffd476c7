"""What happens to goods: posting a document whose goods have left, and writing tracking numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from crossdock.contract import PushTracking, Receipt
from crossdock.errors import Refused, TryLater
from crossdock.model import Order, OrderStatus
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.config import TrackingKey
from crossdock_ls_central.options import LsRouteOptions, Posting
from crossdock_ls_central.orders import Documents
from crossdock_ls_central.wire.calls import tracking_call

__all__ = ["Shipper"]

_AGENT, _SERVICE, _TRACKING = "Shipping Agent Code", "Shipping Agent Service Code", "Package Tracking No."


class Shipper:
    """Posts documents and writes tracking numbers."""

    def __init__(self, client: LsClient, documents: Documents) -> None:
        self._client = client
        self._documents = documents
        self._company_id = ""
        self._naming = asyncio.Lock()

    async def post(self, order: Order, options: LsRouteOptions) -> Receipt:
        """Ship and invoice the document, so that stock is reduced once.

        Raises:
            TryLater: its sales order is not there yet: LS Central may create them by a job.
            Refused: it is cancelled, or Business Central does not post it.
            Unclear: the answer was lost.
        """
        if order.status in (OrderStatus.SHIPPED, OrderStatus.CANCELLED):
            if order.status is OrderStatus.SHIPPED:
                return Receipt(order.id, already=True)
            raise Refused(f"Document {order.id} is cancelled and cannot be posted.", code="cancelled")
        if options.posting is Posting.CUSTOM:
            return await self._post_custom(order)
        company = await self._company()
        path = f"/companies({company})/salesOrders"
        sales_order = await self._sales_order(path, order)
        post = f"{path}({sales_order['id']})/Microsoft.NAV.shipAndInvoice"
        await self._client.api("POST", post, verb="post_order", effect=True)
        return Receipt(order.id, note=f"posted by sales order {sales_order.get('number', '')}")

    async def push_tracking(self, tracking: PushTracking, options: LsRouteOptions) -> Receipt:
        """Write agent, service and tracking number to the posted shipment, and read them back.

        Raises:
            Refused: the shipment is not there, or their answer was good and the number did not arrive.
            Unclear: the answer was lost.
        """
        row = await self._shipment(tracking)
        number, parcel = row["No."], tracking.parcel
        carriers = (parcel.service, parcel.carrier, tracking.order.shipping_method)
        wanted = {
            _AGENT: _mapped(options.shipping_agents, carriers) or row.get(_AGENT, ""),
            _SERVICE: _mapped(options.shipping_services, carriers) or row.get(_SERVICE, ""),
            _TRACKING: parcel.tracking_number,
        }
        if all(row.get(name, "") == value for name, value in wanted.items()):
            return Receipt(number, already=True)
        by_order = self._client.settings.tracking_key is TrackingKey.ORDER
        header = {
            "ShippingAgentCode": wanted[_AGENT],
            "ShippingAgentServiceCode": wanted[_SERVICE],
            "PackageTrackingNo": wanted[_TRACKING],
        }
        call = tracking_call(tracking.order.id if by_order else number, header)
        await self._client.ask(call, verb="push_tracking", effect=True)
        await self._read_back(tracking.order.id, number, wanted[_TRACKING])
        return Receipt(number)

    async def _post_custom(self, order: Order) -> Receipt:
        name = self._client.settings.custom_posting
        if not name:
            raise Refused(
                "The route posts with an action of its own, and the connection names none.",
                code="setting",
                hint="set custom_posting of the connection, or posting of the route",
            )
        await self._client.action(name, {"customerOrderId": order.id}, verb="post_order", effect=True)
        return Receipt(order.id, note=f"posted by {name}")

    async def _sales_order(self, path: str, order: Order) -> Mapping[str, Any]:
        """The sales order of the document: its external document number is the External ID, or the document's."""
        for key in filter(None, (order.reference, order.id)):
            escaped = key.replace("'", "''")
            rows = await self._client.api_rows(
                path, params={"$filter": f"externalDocumentNumber eq '{escaped}'"}, verb="post_order"
            )
            if len(rows) > 1:
                raise Refused(f"{len(rows)} sales orders carry the number {key}.", code="ambiguous")
            if rows:
                return rows[0]
        raise TryLater(f"Document {order.id} has no sales order yet.", hint="LS Central's scheduler may create it")

    async def _company(self) -> str:
        async with self._naming:
            if not self._company_id:
                name = self._client.settings.company
                rows = await self._client.api_rows("/companies", verb="post_order")
                found = [row["id"] for row in rows if row.get("name") == name]
                if not found:
                    raise Refused(f"There is no company {name!r}.", code="company", hint="correct `company`")
                self._company_id = quote(str(found[0]), safe="-")
            return self._company_id

    async def _shipment(self, tracking: PushTracking) -> dict[str, str]:
        number, document = tracking.shipment_id, tracking.order.id
        rows = await self._documents.shipments.one(document, number, verb="push_tracking")
        if len(rows) != 1:
            what = f"no shipment {number}" if number else f"{len(rows)} shipments"
            raise Refused(f"Document {document} has {what}.", code="shipment", hint="look at its posted shipments")
        return rows[0]

    async def _read_back(self, document: str, number: str, wanted: str) -> None:
        rows = await self._documents.shipments.one(document, number, verb="push_tracking")
        if [row.get(_TRACKING) for row in rows] != [wanted]:
            raise Refused(
                f"LS Central took the tracking number of shipment {number}, and does not show it.",
                code="tracking",
                hint='try tracking_key = "order" of the connection',
            )


def _mapped(mapping: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((mapping[name] for name in names if name in mapping), "")
