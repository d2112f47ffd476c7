"""Unbound actions: ``POST /ODataV4/{Service}_{Procedure}``."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from crossdock_ls_central.sandbox.bodies import json_object
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.posting import CannotPost, post
from crossdock_ls_central.sandbox.odata.replication import Request, replicate
from crossdock_ls_central.sandbox.odata.sales_documents import document_sets, shipment_sets
from crossdock_ls_central.sandbox.odata.shapes import Json, data_set
from crossdock_ls_central.sandbox.odata.stores import STORES
from crossdock_ls_central.sandbox.refusal import BusinessRefusal, HttpRefusal
from crossdock_ls_central.sandbox.replicated.feeds import FEEDS, Feed
from crossdock_ls_central.sandbox.replicated.setup import media_id

Body = Mapping[str, Any]
Run = Callable[[Company, Body], Json]
_TYPES = {"str": (str, "String"), "int": (int, "Int32"), "bool": (bool, "Boolean")}
_NO_ENTRIES = "1673"


class Action:
    """An unbound action: its parameters with their types, and what it does."""

    def __init__(self, parameters: str, run: Run) -> None:
        pairs = (entry.partition(":") for entry in parameters.split())
        self._parameters = {name: type_ or "str" for name, _, type_ in pairs}
        self._run = run

    def __call__(self, company: Company, body: Body) -> Json:
        """The document that goes into `value`.

        Raises:
            HttpRefusal: a parameter is missing, unknown or of a wrong type.
        """
        for name in body:
            if name not in self._parameters:
                raise HttpRefusal(400, "BadRequest", f"The parameter '{name}' is not a parameter of the action.")
        for name, type_ in self._parameters.items():
            wanted, odata_name = _TYPES[type_]
            if name not in body:
                raise HttpRefusal(400, "BadRequest", f"The parameter '{name}' is missing in the request payload.")
            if type(body[name]) is not wanted:
                raise HttpRefusal(400, "BadRequest", f"Cannot convert parameter '{name}' to Edm.{odata_name}.")
        try:
            return self._run(company, body)
        except BusinessRefusal as refusal:
            return {"ResponseCode": refusal.code, "ErrorText": refusal.text}


async def call_action(company: Company, name: str, request: web.Request, root: str) -> web.Response:
    """Carry out an action and wrap its document as OData does: JSON inside a JSON string."""
    own = company.switches.posting_action
    action = _ACTIONS.get(name.lower()) or (_POST_DOCUMENT if own and name.lower() == own.lower() else None)
    if action is None:
        raise HttpRefusal(404, "BadRequest_NotFound", f"The service or action '{name}' is not found.")
    if request.method != "POST":
        raise HttpRefusal(405, "BadRequest_MethodNotAllowed", f"Method {request.method} is not allowed on an action.")
    if request.content_type != "application/json":
        raise HttpRefusal(415, "BadRequest", f"The content type '{request.content_type}' is not supported.")
    value = action(company, await json_object(request, may_be_empty=True))
    if action is _POST_DOCUMENT:
        return web.Response(status=204)
    context = f"{request.scheme}://{request.host}{root}/ODataV4/$metadata#Edm.String"
    return web.json_response({"@odata.context": context, "value": json.dumps(value)})


def _replication(feed: Feed) -> Action:
    store = "storeNo " if feed.takes_store else ""

    def run(company: Company, body: Body) -> Json:
        wanted = Request(body.get("storeNo"), body["batchSize"], body["fullRepl"], body["lastKey"], body["lastEntryNo"])
        return replicate(company, feed, wanted)

    return Action(f"{store}batchSize:int fullRepl:bool lastKey lastEntryNo:int", run)


def _test_connection(_company: Company, _body: Body) -> Json:
    return {
        "ApplicationVersion": "25.0",
        "ApplicationBuild": "25.0.30000.0",
        "LSRetailVersion": "LS Central 25.0 (Sandbox)",
        "LSRetailCopyright": "Simulation",
        "LSRetailLicenseKeyActive": True,
        "LSRetailLicenseUnitEcom": True,
    }


def _sales_info(company: Company, body: Body) -> Json:
    order = company.order(_code20(body["customerOrderId"], "customerOrderId"))
    if order is None:
        raise BusinessRefusal(_NO_ENTRIES, f"No entries found for {body['customerOrderId']}.")
    sets = [*document_sets(company, [order]), *shipment_sets(company, order)]
    card = str(order.header["MemberCardNo"])
    return {"ResponseCode": "0000", "ErrorText": "", "CardNo": card, "SalesInfoDaCo": {"DataCollection": sets}}


def _selected_document(company: Company, body: Body) -> Json:
    kind, document_id = body["documentSourceType"], _code20(body["documentID"], "documentID")
    match kind:
        case "1":
            found = company.order(document_id)
            orders = [] if found is None else [found]
        case "3":
            orders = company.by_external_id(document_id)
        case "0" | "2":
            orders = []
        case _:
            raise HttpRefusal(400, "Application_EvaluateException", f"The value '{kind}' is no Document Source Type.")
    if not orders:
        raise BusinessRefusal(_NO_ENTRIES, f"No entries found for {document_id}.")
    sets = document_sets(company, orders)
    return {"ResponseCode": "0000", "ErrorText": "", "SelectedSalesDocDaCo": {"DataCollection": sets}}


def _stores(company: Company, body: Body) -> Json:
    if body["storeGetType"] not in set("01234"):
        text = f"The value '{body['storeGetType']}' is no Store Get Type."
        raise HttpRefusal(400, "Application_EvaluateException", text)
    search = body["searchText"].strip().lower()
    found = [s for s in company.stores.values() if search in s.number.lower() or search in s.name.lower()]
    stores = data_set(STORES.number, "LSC Store", STORES.columns, found, company.switches)
    return {"ResponseCode": "0000", "ErrorText": "", "StoresDaCo": {"DataCollection": [stores]}}


def _image(company: Company, body: Body) -> Json:
    image_id = body["imageNo"].strip().upper()
    content = company.images.get(image_id)
    if content is None and body["mediaId"]:
        found = ((key, image) for key, image in company.images.items() if media_id(image) == body["mediaId"].lower())
        image_id, content = next(found, ("", None))
    if content is None:
        raise BusinessRefusal(_NO_ENTRIES, f"No entries found for image {body['imageNo']}.")
    return {
        "ResponseCode": "0000",
        "ErrorText": "",
        "ImageNo": image_id,
        "MediaId": media_id(content),
        "ImageBlob": base64.b64encode(content).decode(),
    }


def _code20(text: str, name: str) -> str:
    if len(text) > 20:
        message = (
            f"The length of the string is {len(text)}, but it must be less than or equal to 20 characters: {name}."
        )
        raise HttpRefusal(400, "Application_StringExceededLength", message)
    return text.strip()


def _post_document(company: Company, body: Body) -> Json:
    order = company.order(_code20(body["customerOrderId"], "customerOrderId"))
    if order is None:
        text = f"The Customer Order {body['customerOrderId']} does not exist."
        raise HttpRefusal(400, "Application_DialogException", text)
    try:
        post(company, order, {}, by="extension")
    except CannotPost as error:
        raise HttpRefusal(400, "Application_DialogException", str(error)) from error
    return {}


_POST_DOCUMENT = Action("customerOrderId", _post_document)
"""What the extension of a customer publishes under the name in the switches; it returns nothing."""
_ACTIONS: Mapping[str, Action] = {
    "testconnectionodata_testconnection": Action("", _test_connection),
    "getsalesinfobyorderid_getsalesinfobyorderid": Action("customerOrderId", _sales_info),
    "getselectedsalesdoc_getselectedsalesdoc": Action("documentSourceType documentID", _selected_document),
    "getimage_getimage": Action("imageNo mediaId", _image),
    "getstores_getstores": Action("storeGetType searchText includeDetail:bool", _stores),
    **{f"odatarequest_{name.lower()}": _replication(feed) for name, feed in FEEDS.items()},
}
