"""``$filter``, ``$orderby``, ``$top``, ``$skip``, ``$select``, ``$count`` and pages with a next link."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from crossdock_ls_central.sandbox.api.entities import EntitySet, Json
from crossdock_ls_central.sandbox.api.filters import compile_filter
from crossdock_ls_central.sandbox.refusal import HttpRefusal

_LARGEST_PAGE = 20_000
_TOKEN = "$skiptoken"  # noqa: S105 - a paging token
_ORDER = re.compile(r"\s*(\w+)(?:\s+(asc|desc))?\s*")


def page(request: web.Request, entities: EntitySet, rows: Sequence[Any]) -> Json:
    """One page of `rows` as the request wants it, without the context.

    Raises:
        HttpRefusal: an option cannot be read.
    """
    query = request.query
    found = ordered(query, entities, filtered(query, entities, rows))
    body: Json = {"@odata.count": len(found)} if query.get("$count", "").lower() == "true" else {}
    found = found[_number(query, "$skip", 0) :][: _number(query, "$top", len(found))]
    start = _start(query, entities, found)
    size = _page_size(request)
    chosen = found[start : start + size]
    body["value"] = [select(query, entities, entities.entity_json(row)) for row in chosen]
    if start + size < len(found):
        token = entities.properties[0].get(chosen[-1])
        body["@odata.nextLink"] = str(request.url.update_query({_TOKEN: f"'{token}'"}))
    return body


def filtered(query: Mapping[str, str], entities: EntitySet, rows: Sequence[Any]) -> list[Any]:
    """The rows that pass ``$filter``."""
    test = compile_filter(query["$filter"], entities) if query.get("$filter") else None
    return list(rows) if test is None else [row for row in rows if test(row)]


def ordered(query: Mapping[str, str], entities: EntitySet, rows: list[Any]) -> list[Any]:
    """The rows in the order of ``$orderby``; in that of their number without it."""
    for clause in reversed(query.get("$orderby", "").split(",") if query.get("$orderby") else []):
        found = _ORDER.fullmatch(clause)
        known = entities.property_named(found[1]) if found else None
        if found is None or known is None:
            raise HttpRefusal(400, "BadRequest", f"Syntax error in $orderby: '{clause}'.")
        rows = sorted(rows, key=known.get, reverse=found[2] == "desc")
    return rows


def select(query: Mapping[str, str], entities: EntitySet, entity: Json) -> Json:
    """The entity with the properties of ``$select`` only; its tag and id stay."""
    wanted = [name.strip() for name in query.get("$select", "").split(",") if name.strip()]
    for name in wanted:
        if entities.property_named(name) is None:
            text = f"Could not find a property named '{name}' on type 'Microsoft.NAV.{entities.entity}'."
            raise HttpRefusal(400, "BadRequest", text)
    return {name: entity[name] for name in ("@odata.etag", *wanted)} if wanted else entity


def _start(query: Mapping[str, str], entities: EntitySet, rows: Sequence[Any]) -> int:
    token = query.get(_TOKEN, "").strip("'")
    if not token:
        return 0
    get = entities.properties[0].get
    place = next((place for place, row in enumerate(rows) if get(row) == token), None)
    if place is None:
        raise HttpRefusal(400, "BadRequest", f"The skip token '{token}' is not valid.")
    return place + 1


def _page_size(request: web.Request) -> int:
    found = re.search(r"odata\.maxpagesize=(\d+)", request.headers.get("Prefer", ""))
    return min(max(1, int(found[1])), _LARGEST_PAGE) if found else _LARGEST_PAGE


def _number(query: Mapping[str, str], name: str, otherwise: int) -> int:
    text = query.get(name, str(otherwise))
    if not text.isdigit():
        raise HttpRefusal(400, "BadRequest", f"Invalid value '{text}' for {name} query option found.")
    return int(text)
