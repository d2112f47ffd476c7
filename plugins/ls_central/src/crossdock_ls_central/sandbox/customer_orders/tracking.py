"""The package tracking number of a posted shipment."""

from __future__ import annotations

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.documents import Shipment


def set_tracking(
    company: Company, shipment: Shipment, number: str, *, agent: str, agent_service: str, by: str = "person"
) -> None:
    """Write the number and the agent to `shipment`; the posted order itself stays unchanged."""
    shipment.tracking_no = number
    shipment.agent, shipment.agent_service = agent, agent_service
    shipment.modified_at = company.now()
    order = shipment.order
    company.world.oracle.record(
        "set_tracking", order.external_id or order.document_id, shipment=shipment.number, tracking_no=number, by=by
    )
