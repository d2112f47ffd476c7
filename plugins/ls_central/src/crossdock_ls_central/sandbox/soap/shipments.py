"""The procedures of OmniWrapper that concern posted shipments."""

from __future__ import annotations

from collections.abc import Mapping

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.documents import Shipment
from crossdock_ls_central.sandbox.customer_orders.lengths import check_lengths
from crossdock_ls_central.sandbox.customer_orders.tracking import set_tracking
from crossdock_ls_central.sandbox.refusal import BusinessRefusal
from crossdock_ls_central.sandbox.soap.arguments import Arguments, rows, text
from crossdock_ls_central.sandbox.soap.schema import Port, Row, Value

Results = Mapping[str, Value | Port]
_NO_ENTRIES = "1673"


def shipment_get(company: Company, arguments: Arguments) -> Results:
    """LSCSalesShipmentGet."""
    document_id = text(arguments, "documentID")
    found = _found(company, document_id, company.switches.shipment_get_key)
    return {"salesShipmentListXML": {"SalesShipmentHeader": [_row(company, shipment) for shipment in found]}}


def shipment_update(company: Company, arguments: Arguments) -> Results:
    """LSCSalesShipmentUpdate: all three fields are written, an empty one empties."""
    sent = rows(arguments, "salesShipmentUpdateXML", "SalesShipmentHeader")
    if len(sent) != 1:
        raise BusinessRefusal("0030", f"One SalesShipmentHeader is expected, {len(sent)} were sent.")
    if company.switches.text_lengths:
        check_lengths(sent)
    for shipment in _found(company, text(arguments, "documentId"), company.switches.shipment_update_key):
        agent, service, number = (
            str(sent[0][name]) for name in ("ShippingAgentCode", "ShippingAgentServiceCode", "PackageTrackingNo")
        )
        set_tracking(company, shipment, number, agent=agent, agent_service=service, by="web service")
    return {}


def shipping_agents(company: Company, _arguments: Arguments) -> Results:
    """LSCCOShipAgentsInfoGet."""
    found: list[Row] = [
        {"StoreNo": agent.store, "ShippingAgentCode": agent.agent, "AgentServiceCode": agent.service}
        for agent in company.agents
    ]
    return {"cOShipAgentsInfoXML": {"CODefaultShippingAgent": found}}


def _found(company: Company, document_id: str, key: str) -> list[Shipment]:
    wanted = document_id.upper()
    found = [shipment for shipment in company.shipments.values() if wanted in _keys(shipment, key)]
    if not wanted or not found:
        raise BusinessRefusal(_NO_ENTRIES, f"No posted sales shipment found for {document_id!r}.")
    return found


def _keys(shipment: Shipment, key: str) -> tuple[str, ...]:
    keys = {
        "shipment": shipment.number,
        "sales_order": shipment.order.sales_order_no,
        "customer_order": shipment.order.document_id,
    }
    return tuple(keys.values()) if key == "any" else (keys[key],)


def _row(company: Company, shipment: Shipment) -> Row:
    header = shipment.order.header
    customer = str(header["CustomerNo"])
    return {
        "No": shipment.number,
        "SellToCustomerNo": customer,
        "SellToCustomerName": company.customers.get(customer.upper(), ""),
        "PostingDate": shipment.posted_on,
        "ShipmentDate": shipment.posted_on,
        "ShipToName": header["ShipToName"],
        "ShippingAgentCode": shipment.agent,
        "ShippingAgentServiceCode": shipment.agent_service,
        "PackageTrackingNo": shipment.tracking_no,
    }
