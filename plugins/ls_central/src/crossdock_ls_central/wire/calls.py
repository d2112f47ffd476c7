"""The operations that we call, each with its parameters in the order of the WSDL. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crossdock_ls_central.wire.envelope import Blocks, Call
from crossdock_ls_central.wire.fields import CANCEL, INVENTORY_IN, TRACKING, Port
from crossdock_ls_central.wire.values import Row

__all__ = ["cancel_call", "connection_call", "create_call", "inventory_call", "status_call", "tracking_call"]

_OMNI = "OmniWrapper"
_EMPTY = (("responseCode", ""), ("errorText", ""))


def create_call(version: str, port: Port, blocks: Blocks) -> Call:
    """CustomerOrderCreateV6 or V5."""
    parameters = (*_EMPTY, (port.parameter, (port, blocks)), ("customerOrderID", ""))
    return Call(_OMNI, f"CustomerOrderCreate{version}", parameters)


def cancel_call(document: str, source_type: int, lines: Iterable[Row], log: Row) -> Call:
    """CustomerOrderCancel; without lines it cancels the whole document."""
    blocks: Sequence[tuple[str, Iterable[Row]]] = (("line", lines), ("log", [log]))
    return Call(
        _OMNI,
        "CustomerOrderCancel",
        (
            *_EMPTY,
            ("customerOrderDocumentID", document),
            ("sourceType", str(source_type)),
            (CANCEL.parameter, (CANCEL, blocks)),
        ),
    )


def status_call(document: str) -> Call:
    """CustomerOrderStatusV2."""
    parameters = (*_EMPTY, ("customerOrderDocumentID", document), ("customerOrderStatusV2XML", ""))
    return Call(_OMNI, "CustomerOrderStatusV2", parameters)


def tracking_call(document: str, header: Row) -> Call:
    """LSCSalesShipmentUpdate."""
    parameters = (*_EMPTY, ("documentId", document), (TRACKING.parameter, (TRACKING, (("header", [header]),))))
    return Call(_OMNI, "LSCSalesShipmentUpdate", parameters)


def inventory_call(store: str, location: str, sourcing: bool, items: Iterable[Row]) -> Call:
    """GetInventoryMultipleV2; its answer codes come after its input parameters."""
    return Call(
        _OMNI,
        "GetInventoryMultipleV2",
        (
            ("storeNo", store),
            ("locationCode", location),
            ("sourcingLocationAvailability", "true" if sourcing else "false"),
            (INVENTORY_IN.parameter, (INVENTORY_IN, (("item", items),))),
            *_EMPTY,
            ("getInventoryMultipleOutXML", ""),
        ),
    )


def connection_call() -> Call:
    """TestConnection."""
    names = ("applicationVersion", "applicationBuild", "lSRetailVersion", "lSRetailCopyright")
    return Call(_OMNI, "TestConnection", (*_EMPTY, *((name, "") for name in names)))
