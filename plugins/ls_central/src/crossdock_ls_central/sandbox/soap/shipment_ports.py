"""The xmlports of posted shipments and shipping agents."""

from __future__ import annotations

from crossdock_ls_central.sandbox.soap.schema import XmlPort, record

SHIPMENT_LIST = XmlPort(
    10033224,
    (
        record(
            "SalesShipmentHeader",
            """No SellToCustomerNo SellToCustomerName PostingDate:date ShipmentDate:date ShipToCode ShipToName
            ShippingAgentCode ShippingAgentServiceCode PackageTrackingNo""",
        ),
    ),
)
SHIPMENT_UPDATE = XmlPort(
    10033225, (record("SalesShipmentHeader", "ShippingAgentCode ShippingAgentServiceCode PackageTrackingNo"),)
)
SHIPPING_AGENTS = XmlPort(10033230, (record("CODefaultShippingAgent", "StoreNo ShippingAgentCode AgentServiceCode"),))
