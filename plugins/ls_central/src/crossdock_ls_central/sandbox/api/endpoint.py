"""API v2.0 requests: companies, entity sets, single entities, their children and bound actions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from crossdock_ls_central.sandbox.api.entities import EntitySet, Json
from crossdock_ls_central.sandbox.api.master_data import ITEMS, LOCATIONS, VARIANTS
from crossdock_ls_central.sandbox.api.paging import filtered, page, select
from crossdock_ls_central.sandbox.api.sales import (
    SALES_ORDER_LINES,
    SALES_ORDERS,
    SALES_SHIPMENT_LINES,
    SALES_SHIPMENTS,
)
from crossdock_ls_central.sandbox.bodies import json_object
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.outbound.subscriptions import Subscriptions
from crossdock_ls_central.sandbox.places import check_company
from crossdock_ls_central.sandbox.refusal import HttpRefusal
from crossdock_ls_central.sandbox.settings import COMPANY_ID

_SETS: Mapping[str, EntitySet] = {
    entities.name.lower(): entities
    for entities in (
        ITEMS,
        VARIANTS,
        LOCATIONS,
        SALES_ORDERS,
        SALES_ORDER_LINES,
        SALES_SHIPMENTS,
        SALES_SHIPMENT_LINES,
    )
}
_SEGMENT = re.compile(r"([\w.]+)(?:\('?([^')]*)'?\))?")


class ApiEndpoint:
    """The API of one company."""

    def __init__(self, company: Company, subscriptions: Subscriptions) -> None:
        self._company = company
        self._subscriptions = subscriptions

    async def answer(self, request: web.Request, rest: Sequence[str], root: str) -> web.Response:
        """Answer a request to ``/api/v2.0/{rest}``.

        Raises:
            HttpRefusal: with the status and code that Business Central gives.
        """
        first, key = _split(rest[0]) if rest else ("companies", "")
        base = f"{request.scheme}://{request.host}{root}/api/v2.0"
        if first == "subscriptions" and len(rest) == 1:
            return await self._subscriptions.answer(request, key)
        if first != "companies":
            raise _not_found(request)
        if not key:
            return self._companies(request, base)
        check_company(key, self._company.switches.company)
        if len(rest) < 2:
            return web.json_response({"@odata.context": f"{base}/$metadata#companies/$entity", **self._this_company()})
        return await self._in_company(request, rest[1:], f"{base}/$metadata#companies({COMPANY_ID})")

    async def _in_company(self, request: web.Request, rest: Sequence[str], context: str) -> web.Response:
        name, entity_id = _split(rest[0])
        entities = _SETS.get(name)
        if entities is None:
            raise _not_found(request)
        context = f"{context}/{entities.name}"
        if not entity_id:
            return await self._collection(request, entities, context, rest[1:])
        row = entities.find(self._company, entity_id)
        if row is None:
            text = f"The {entities.entity} does not exist. Identification fields and values: SystemId='{entity_id}'"
            raise HttpRefusal(404, "Internal_RecordNotFound", text)
        if len(rest) > 1:
            return self._below(request, entities, row, rest[1], context)
        return await self._entity(request, entities, row, context)

    def _companies(self, request: web.Request, base: str) -> web.Response:
        _allow(request, "GET")
        return web.json_response({"@odata.context": f"{base}/$metadata#companies", "value": [self._this_company()]})

    def _this_company(self) -> Json:
        name = self._company.switches.company
        return {"id": COMPANY_ID, "systemVersion": "25.0", "name": name, "displayName": name, "businessProfileId": ""}

    async def _collection(
        self, request: web.Request, entities: EntitySet, context: str, below: Sequence[str]
    ) -> web.Response:
        rows = list(entities.rows(self._company))
        if list(below) == ["$count"]:
            _allow(request, "GET")
            count = len(filtered(request.query, entities, rows))
            return web.Response(body=f"\ufeff{count}".encode(), content_type="text/plain", charset="utf-8")
        if below:
            raise _not_found(request)
        if request.method == "POST" and entities.create is not None:
            row = entities.create(self._company, await json_object(request))
            await self._write(request, entities, row, known={"number"})
            return web.json_response({"@odata.context": f"{context}/$entity", **entities.entity_json(row)}, status=201)
        _allow(request, "GET")
        if entities.needs_document and not _names_document(request.query.get("$filter", "")):
            text = "You must specify an Id or a Document Id to get the lines."
            raise HttpRefusal(400, "Application_DialogException", text)
        return web.json_response({"@odata.context": context, **page(request, entities, rows)})

    async def _entity(self, request: web.Request, entities: EntitySet, row: Any, context: str) -> web.Response:
        if request.method == "DELETE" and entities.delete is not None:
            _check_tag(request.headers.get("If-Match", "*"), entities.etag(row))
            entities.delete(self._company, row)
            return web.Response(status=204)
        if request.method == "PATCH" and entities.writable:
            _check_tag(request.headers.get("If-Match"), entities.etag(row))
            await self._write(request, entities, row, known=set())
        else:
            _allow(request, "GET")
        shown = select(request.query, entities, entities.entity_json(row)) | self._expanded(request, entities, row)
        return web.json_response({"@odata.context": f"{context}/$entity", **shown})

    async def _write(self, request: web.Request, entities: EntitySet, row: Any, known: set[str]) -> None:
        body = await json_object(request)
        for name in body:
            found = entities.property_named(name)
            if found is None:
                text = f"The property '{name}' does not exist on type 'Microsoft.NAV.{entities.entity}'."
                raise HttpRefusal(400, "BadRequest", text)
            if found.set is None and name not in known:
                raise HttpRefusal(400, "BadRequest_InvalidOperation", f"Control '{name}' is read-only.")
        with entities.changing(self._company, row):
            for name, value in body.items():
                found = entities.property_named(name)
                if found is not None and found.set is not None:
                    found.set(row, value)

    def _expanded(self, request: web.Request, entities: EntitySet, row: Any) -> Json:
        names = [name for name in request.query.get("$expand", "").split(",") if name]
        expanded = {}
        for name in names:
            if name not in entities.children:
                raise HttpRefusal(400, "BadRequest", f"Could not find a property named '{name}' to expand.")
            set_name, children = entities.children[name]
            child = _SETS[set_name.lower()]
            expanded[name] = [child.entity_json(found) for found in children(self._company, row)]
        return expanded

    def _below(self, request: web.Request, entities: EntitySet, row: Any, name: str, context: str) -> web.Response:
        action = entities.actions.get(name.lower())
        if action is not None:
            _allow(request, "POST")
            action(self._company, row)
            return web.Response(status=204)
        found = next((child for key, child in entities.children.items() if key.lower() == name.lower()), None)
        if found is None:
            raise _not_found(request)
        _allow(request, "GET")
        child = _SETS[found[0].lower()]
        rows = list(found[1](self._company, row))
        return web.json_response({"@odata.context": f"{context}/{name}", **page(request, child, rows)})


def _names_document(expression: str) -> bool:
    return re.search(r"\b(id|documentId)\s+eq\b", expression) is not None


def _split(segment: str) -> tuple[str, str]:
    found = _SEGMENT.fullmatch(segment)
    if found is None:
        raise HttpRefusal(400, "BadRequest_InvalidRequestUrl", f"Bad request URL near '{segment}'.")
    return found[1].lower(), found[2] or ""


def _not_found(request: web.Request) -> HttpRefusal:
    return HttpRefusal(404, "BadRequest_NotFound", f"No HTTP resource was found that matches '{request.path}'.")


def _allow(request: web.Request, method: str) -> None:
    if request.method != method:
        text = f"'{request.method}' requests for '{request.path}' are not allowed."
        raise HttpRefusal(405, "BadRequest_MethodNotAllowed", text)


def _check_tag(sent: str | None, current: str) -> None:
    if sent is None:
        text = "Could not validate the client concurrency token required by the service."
        raise HttpRefusal(400, "BadRequest_InvalidToken", text)
    if sent not in ("*", current):
        raise HttpRefusal(409, "Request_EntityChanged", "Another user has already changed the record.")
