"""The procedures of codeunit OmniWrapper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.cancelling import cancel
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder
from crossdock_ls_central.sandbox.customer_orders.placing import Draft, place
from crossdock_ls_central.sandbox.refusal import BusinessRefusal
from crossdock_ls_central.sandbox.soap.arguments import Arguments, rows, text
from crossdock_ls_central.sandbox.soap.inventory import inventory_multiple, item_inventory, quantity_availability
from crossdock_ls_central.sandbox.soap.reading import filtered_row, get_v3, matches, status_v2
from crossdock_ls_central.sandbox.soap.schema import Port, Value
from crossdock_ls_central.sandbox.soap.shipments import shipment_get, shipment_update, shipping_agents

Results = Mapping[str, Value | Port]
Procedure = Callable[[Company, Arguments], Results]


def _test_connection(_company: Company, _arguments: Arguments) -> Results:
    return {
        "applicationVersion": "25.0",
        "applicationBuild": "25.0.30000.0",
        "lSRetailVersion": "LS Central 25.0 (Sandbox)",
        "lSRetailCopyright": "Simulation",
    }


def _create(version: str) -> Procedure:
    def create(company: Company, arguments: Arguments) -> Results:
        port, prefix = f"customerOrderCreate{version}XML", "CustomerOrderCreateCO"
        kinds = ("Header", "Line", "DiscountLine", "Payment")
        draft = Draft(*(rows(arguments, port, f"{prefix}{kind}{version}") for kind in kinds))
        return {"customerOrderID": place(company, draft).document_id}

    return create


def _cancel(company: Company, arguments: Arguments) -> Results:
    document_id = text(arguments, "customerOrderDocumentID")
    quantities: dict[int, Decimal] = {}
    for row in rows(arguments, "customerOrderCancelXML", "CustomerOrderCancelCOLine"):
        if str(row["DocumentID"]).upper() not in ("", document_id.upper()):
            raise BusinessRefusal("0030", f"Line of {row['DocumentID']} in the cancellation of {document_id}.")
        line_no = int(str(row["LineNo"]))
        quantities[line_no] = quantities.get(line_no, Decimal(0)) + Decimal(str(row["Quantity"]))
    cancel(company, document_id, quantities, by="web service")
    return {}


def find_for_reading(company: Company, document_id: str) -> CustomerOrder:
    """The order that a reading operation shows.

    Raises:
        BusinessRefusal: there is none, or it is posted and this installation shows open ones only.
    """
    order = company.order(document_id)
    if order is None or (order.posted and not company.switches.get_finds_posted):
        raise BusinessRefusal("2202", f"Customer Order {document_id} does not exist.")
    return order


def _get_v3(company: Company, arguments: Arguments) -> Results:
    order = find_for_reading(company, text(arguments, "documentID"))
    return {"customerOrderGetV3XML": get_v3(company, order)}


def _status_v2(company: Company, arguments: Arguments) -> Results:
    order = find_for_reading(company, text(arguments, "customerOrderDocumentID"))
    return {"customerOrderStatusV2XML": status_v2(company, order)}


def _filtered_list_v2(company: Company, arguments: Arguments) -> Results:
    filters = rows(arguments, "cOFilteredListV2XML", "CustomerOrderHeaderV2")
    wanted = filters[0] if filters else {}
    external_id = str(wanted.get("ExternalID", ""))
    candidates = company.by_external_id(external_id) if external_id.strip() else company.orders.values()
    with_posted = arguments["includePostedCustomerOrders"]
    found = [filtered_row(o) for o in candidates if (with_posted or not o.posted) and matches(o, wanted)]
    return {"cOFilteredListV2XML": {"CustomerOrderHeaderV2": found}}


PROCEDURES: Mapping[str, Procedure] = {
    "TestConnection": _test_connection,
    "CustomerOrderCreateV6": _create("V6"),
    "CustomerOrderCreateV5": _create("V5"),
    "CustomerOrderCancel": _cancel,
    "CustomerOrderGetV3": _get_v3,
    "CustomerOrderStatusV2": _status_v2,
    "COFilteredListV2": _filtered_list_v2,
    "LSCSalesShipmentGet": shipment_get,
    "LSCSalesShipmentUpdate": shipment_update,
    "GetInventoryMultipleV2": inventory_multiple,
    "GetItemInventory": item_inventory,
    "COQtyAvailabilityV2": quantity_availability,
    "LSCCOShipAgentsInfoGet": shipping_agents,
}
