"""Waybills: which kinds there are, asking for one, waiting for it, fetching it."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.logistics.pdf import label_pdf
from crossdock_shopee.sandbox.logistics.rows import Batch, check_batch, refusable
from crossdock_shopee.sandbox.logistics.shipping import PackageQuestion
from crossdock_shopee.sandbox.orders.record import Order, OrderStatus, Package, PackageStatus
from crossdock_shopee.sandbox.replies import ApiError, File, Reply
from crossdock_shopee.sandbox.requests import Request

KINDS = ("NORMAL_AIR_WAYBILL", "THERMAL_AIR_WAYBILL")
SUGGESTED = "THERMAL_AIR_WAYBILL"


class KindsRequest(Request):
    """Parameters of logistics.get_shipping_document_parameter."""

    order_list: list[PackageQuestion] = Field(min_length=1)


class DocumentRow(PackageQuestion):
    """One package's waybill."""

    tracking_number: str = ""
    shipping_document_type: str = SUGGESTED


class DocumentsRequest(Request):
    """Parameters of logistics.create_shipping_document and get_shipping_document_result."""

    order_list: list[DocumentRow] = Field(min_length=1)


class DownloadRequest(Request):
    """Parameters of logistics.download_shipping_document."""

    order_list: list[PackageQuestion] = Field(min_length=1)
    shipping_document_type: str = SUGGESTED


def get_shipping_document_parameter(call: Call, ask: KindsRequest) -> Reply:
    """Which kinds of waybill each package can have."""
    check_batch(ask.order_list)
    batch = Batch()
    for row in ask.order_list:
        with refusable(batch, row.order_sn, row.package_number) as done:
            _order, package = _find(call, row)
            kinds = {"selectable_shipping_document_type": list(KINDS)}
            done(package_number=package.number, suggest_shipping_document_type=SUGGESTED, **kinds)
    return batch.reply()


def create_shipping_document(call: Call, ask: DocumentsRequest) -> Reply:
    """Ask for waybills. It takes a moment until they are ready."""
    check_batch(ask.order_list)
    batch = Batch()
    for row in ask.order_list:
        with refusable(batch, row.order_sn, row.package_number) as done:
            order, package = _find(call, row)
            _check_printable(order, package)
            _check_row(row, package)
            _start(call, order, package, row.shipping_document_type)
            done(package_number=package.number)
    return batch.reply()


def get_shipping_document_result(call: Call, ask: DocumentsRequest) -> Reply:
    """How far each waybill is."""
    check_batch(ask.order_list)
    batch = Batch()
    for row in ask.order_list:
        with refusable(batch, row.order_sn, row.package_number) as done:
            _order, package = _find(call, row)
            ready = _ready_at(call, row.order_sn, package, row.shipping_document_type) <= call.now
            done(package_number=package.number, status="READY" if ready else "PROCESSING")
    return batch.reply()


def download_shipping_document(call: Call, ask: DownloadRequest) -> File:
    """One file for all packages; it fails as a whole."""
    check_batch(ask.order_list)
    found = [_find(call, row) for row in ask.order_list]
    if len({package.channel_id for _order, package in found}) > 1:
        message = "Packages can not download together. Detail: the packages are of different channels"
        raise ApiError("logistics.packages_can_not_download_together", message)
    for order, package in found:
        if _ready_at(call, order.order_sn, package, ask.shipping_document_type) > call.now:
            message = f"Processing, please download later. Detail: {order.order_sn}"
            raise ApiError("logistics.download_later", message)
    return File(label_pdf([_label(order, package) for order, package in found]), "application/pdf")


def _find(call: Call, row: PackageQuestion) -> tuple[Order, Package]:
    order = call.shop.orders.get(row.order_sn)
    if order is None:
        raise ApiError("logistics.order_not_exist", f"The order_sn {row.order_sn} is not exist.")
    if row.package_number is None:
        if order.split_up:
            message = "Please request with package_number for this split order."
            raise ApiError("logistics.package_number_not_exist", message)
        return order, order.packages[0]
    for package in order.packages:
        if package.number == row.package_number:
            return order, package
    message = f"The package_number {row.package_number} is not exist."
    raise ApiError("logistics.package_number_not_found", message)


def _check_printable(order: Order, package: Package) -> None:
    if order.status not in (OrderStatus.PROCESSED, OrderStatus.READY_TO_SHIP):
        raise ApiError("logistics.package_can_not_print", "The package can not print now.")
    if package.status is not PackageStatus.REQUEST_CREATED:
        raise ApiError("logistics.order_status_error", "Order status does not support awb printing.")


def _check_row(row: DocumentRow, package: Package) -> None:
    if not package.tracking_number or row.tracking_number != package.tracking_number:
        message = "The tracking number is invalid. Please check the tracking number."
        raise ApiError("logistics.tracking_number_invalid", message)
    if row.shipping_document_type not in KINDS:
        message = "The shipping_document_type is not invalid. Please check the shipping_document_type."
        raise ApiError("logistics.shipping_document_type_invalid", message)


def _start(call: Call, order: Order, package: Package, kind: str) -> None:
    """Begin the task; asking again while it runs or after it ended changes nothing."""
    if kind in package.documents:
        return
    delay = call.state.settings.document_seconds
    package.documents[kind] = call.state.world.clock.seconds() + delay
    data = {"ordersn": order.order_sn, "package_number": package.number, "status": "READY"}
    call.state.agenda.after(delay, lambda _at: call.state.outbox.emit(15, order.shop_id, data))
    call.state.world.oracle.record("create_shipping_document", package.number, document=kind)


def _ready_at(call: Call, order_sn: str, package: Package, kind: str) -> float:
    if kind not in package.documents:
        detail = f"these orders: {order_sn} should print"
        message = f"The package can not print now, please create shipping document first.Detail: {detail}"
        raise ApiError("logistics.shipping_document_should_print_first", message)
    return package.documents[kind]


def _label(order: Order, package: Package) -> Sequence[str]:
    contents = [f"{line.active} x {line.model_sku or line.item_sku}" for line in package.lines]
    return [
        package.carrier,
        package.tracking_number,
        order.order_sn,
        package.number,
        order.recipient.zipcode,
        *contents,
    ]


ENDPOINTS: tuple[Endpoint, ...] = tuple(
    Endpoint("POST", f"logistics/{name}", ask, run)
    for name, ask, run in (
        ("get_shipping_document_parameter", KindsRequest, get_shipping_document_parameter),
        ("create_shipping_document", DocumentsRequest, create_shipping_document),
        ("get_shipping_document_result", DocumentsRequest, get_shipping_document_result),
        ("download_shipping_document", DownloadRequest, download_shipping_document),
    )
)
