"""Labels: ask whether it is printed, have it printed, fetch it."""

from __future__ import annotations

from crossdock.errors import Refused, RemoteError, TryLater
from crossdock.model import Label, Order, Shipment
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.codes import error_of
from crossdock_shopee.config import ShopeeRoute
from crossdock_shopee.judge import judge_file, judge_rows
from crossdock_shopee.wire.shipping import DocumentRow, DocumentRows

__all__ = ["fetch"]

_VERB = "fetch_label"
_PRINTING_SECONDS = 10
_NO_ROW = DocumentRow(fail_error="no_row", fail_message="Shopee answered without a row for the parcel.")
_MARKS = ((b"%PDF", "application/pdf"), (b"PK", "application/zip"), (b"<", "text/html"))


async def fetch(gateway: Gateway, order: Order, shipment: Shipment, options: ShopeeRoute) -> Label:
    """Fetch the label of an arranged parcel.

    Raises:
        TryLater: there is no tracking number yet, or it is being printed.
        Refused: Shopee prints none, such as for combined parcels or after the parcel has left.
    """
    parcel = {"order_sn": order.id, "package_number": shipment.id}
    kind = options.label_type or await _suggested(gateway, parcel)
    parcel_and_kind = {**parcel, "shipping_document_type": kind} if kind else parcel
    await _have_printed(gateway, parcel_and_kind, shipment)
    body: dict[str, object] = {"order_list": [parcel]}
    if kind:
        body["shipping_document_type"] = kind
    content, media_type = await gateway.fetch(
        "logistics/download_shipping_document", body, verb=_VERB, classify=judge_file
    )
    return Label(shipment_id=shipment.id, media_type=_media_type(content, media_type), content=content)


async def _suggested(gateway: Gateway, parcel: dict[str, str]) -> str:
    row = await _row(gateway, "logistics/get_shipping_document_parameter", parcel)
    _raise_failure(row)
    return row.suggest_shipping_document_type or ""


async def _have_printed(gateway: Gateway, parcel: dict[str, str], shipment: Shipment) -> None:
    """Return once it is ready; what was not asked for yet is asked for first."""
    row = await _row(gateway, "logistics/get_shipping_document_result", parcel)
    if row.status not in ("READY", "PROCESSING"):
        if not shipment.tracking_number:
            raise TryLater(f"Package {shipment.id} has no tracking number yet.", after=300)
        wanted = {**parcel, "tracking_number": shipment.tracking_number}
        _raise_failure(await _row(gateway, "logistics/create_shipping_document", wanted))
        row = await _row(gateway, "logistics/get_shipping_document_result", parcel)
        _raise_failure(row)
    if row.status != "READY":
        raise TryLater(f"The label of package {shipment.id} is being printed.", after=_PRINTING_SECONDS)


async def _row(gateway: Gateway, path: str, parcel: dict[str, str]) -> DocumentRow:
    """Ask about one parcel; a refusal of the whole call is its row too."""
    body = {"order_list": [parcel]}
    try:
        rows = await gateway.change(path, body, DocumentRows, verb=_VERB, effect=False, classify=judge_rows)
    except Refused as error:
        return DocumentRow(fail_error=error.code, fail_message=error.reason)
    return rows.result_list[0] if rows.result_list else _NO_ROW


def _raise_failure(row: DocumentRow) -> None:
    if row.fail_error:
        raise _failure(row)
    if row.status == "FAILED":
        raise Refused("Shopee could not print the label.", hint="print it in Seller Centre")


def _failure(row: DocumentRow) -> RemoteError:
    return error_of(row.fail_error or "", row.fail_message or "", effect=False)


def _media_type(content: bytes, said: str) -> str:
    """By the content first: what is said is not documented."""
    found = next((kind for mark, kind in _MARKS if content.startswith(mark)), "")
    return found or said or "application/octet-stream"
