"""The operations that the simulated LS Central offers over SOAP."""

from __future__ import annotations

from collections.abc import Mapping

from crossdock_ls_central.sandbox.soap.get_port import GET_V3
from crossdock_ls_central.sandbox.soap.inventory_ports import (
    AVAILABILITY_IN,
    AVAILABILITY_OUT,
    ITEM_INVENTORY,
    MULTIPLE_IN,
    MULTIPLE_OUT,
)
from crossdock_ls_central.sandbox.soap.order_ports import (
    CANCEL,
    CREATE_V5,
    CREATE_V6,
    FILTERED_LIST_V2,
    STATUS_V2,
)
from crossdock_ls_central.sandbox.soap.schema import Operation, Parameter, XmlPort
from crossdock_ls_central.sandbox.soap.shipment_ports import SHIPMENT_LIST, SHIPMENT_UPDATE, SHIPPING_AGENTS

_OUTCOME = (Parameter("responseCode", var=True), Parameter("errorText", var=True))


def _operation(name: str, *parameters: Parameter) -> Operation:
    return Operation(name, (*_OUTCOME, *parameters))


def _text(name: str) -> Parameter:
    return Parameter(name)


def _out(name: str, type_: str | XmlPort = "string") -> Parameter:
    return Parameter(name, type_, var=True)


_OPERATIONS = (
    _operation(
        "TestConnection",
        _out("applicationVersion"),
        _out("applicationBuild"),
        _out("lSRetailVersion"),
        _out("lSRetailCopyright"),
    ),
    _operation("CustomerOrderCreateV6", Parameter("customerOrderCreateV6XML", CREATE_V6), _out("customerOrderID")),
    _operation("CustomerOrderCreateV5", Parameter("customerOrderCreateV5XML", CREATE_V5), _out("customerOrderID")),
    _operation(
        "CustomerOrderCancel",
        _text("customerOrderDocumentID"),
        Parameter("sourceType", "int"),
        Parameter("customerOrderCancelXML", CANCEL),
    ),
    _operation(
        "CustomerOrderGetV3",
        _text("documentStatus"),
        _text("documentID"),
        _text("posTerminalNo"),
        _out("customerOrderGetV3XML", GET_V3),
        _out("pointsEarned", "decimal"),
        _out("pointsUsed", "decimal"),
    ),
    _operation("CustomerOrderStatusV2", _text("customerOrderDocumentID"), _out("customerOrderStatusV2XML", STATUS_V2)),
    _operation(
        "COFilteredListV2",
        Parameter("includePostedCustomerOrders", "boolean"),
        _out("cOFilteredListV2XML", FILTERED_LIST_V2),
    ),
    _operation("LSCSalesShipmentGet", _text("documentID"), _out("salesShipmentListXML", SHIPMENT_LIST)),
    _operation("LSCSalesShipmentUpdate", _text("documentId"), Parameter("salesShipmentUpdateXML", SHIPMENT_UPDATE)),
    Operation(
        "GetInventoryMultipleV2",
        (
            _text("storeNo"),
            _text("locationCode"),
            Parameter("sourcingLocationAvailability", "boolean"),
            Parameter("getInventoryMultipleInXML", MULTIPLE_IN),
            *_OUTCOME,
            _out("getInventoryMultipleOutXML", MULTIPLE_OUT),
        ),
    ),
    _operation(
        "GetItemInventory",
        *map(_text, ("itemNo", "variantCode", "storeNo", "locationCode", "colour", "size", "style")),
        Parameter("stockDays", "int"),
        _out("getItemInventoryXML", ITEM_INVENTORY),
    ),
    Operation(
        "COQtyAvailabilityV2",
        (
            Parameter("cOQtyAvailabilityInXML", AVAILABILITY_IN),
            *_OUTCOME,
            _out("preferredSourcingLocation"),
            _out("cOQtyAvailabilityOutXML", AVAILABILITY_OUT),
        ),
    ),
    _operation("LSCCOShipAgentsInfoGet", _out("cOShipAgentsInfoXML", SHIPPING_AGENTS)),
)
OMNI_WRAPPER: Mapping[str, Operation] = {operation.name: operation for operation in _OPERATIONS}
RETAIL_WEB_SERVICES: Mapping[str, Operation] = {
    "WebRequest": Operation("WebRequest", (Parameter("pxmlRequest", var=True), Parameter("pxmlResponse", var=True)))
}
