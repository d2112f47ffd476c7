"""Codeunit RetailWebServices: an XML document inside a string, and the same back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from lxml import etree

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.refusal import BusinessRefusal, RuntimeFault
from crossdock_ls_central.sandbox.replicated.feeds import FEEDS
from crossdock_ls_central.sandbox.soap.arguments import Arguments
from crossdock_ls_central.sandbox.soap.envelope import parse
from crossdock_ls_central.sandbox.soap.schema import Port, Value
from crossdock_ls_central.sandbox.tables.filters import BadFilter, Filter, compile_filter
from crossdock_ls_central.sandbox.tables.items import ITEMS
from crossdock_ls_central.sandbox.tables.order_details import DETAIL_TABLES
from crossdock_ls_central.sandbox.tables.orders import (
    OPEN_HEADERS,
    OPEN_LINES,
    POSTED_HEADERS,
    POSTED_LINES,
    SHIPMENT_HEADERS,
    SHIPMENT_LINES,
)
from crossdock_ls_central.sandbox.tables.table import Column, Table, as_text

_TABLES: Mapping[str, Table] = {
    table.name.lower(): table
    for table in (
        *(feed.source.table for feed in FEEDS.values() if feed.source.table.number),
        *DETAIL_TABLES,
        OPEN_HEADERS,
        OPEN_LINES,
        POSTED_HEADERS,
        POSTED_LINES,
        SHIPMENT_HEADERS,
        SHIPMENT_LINES,
        ITEMS,
    )
}


def web_request(company: Company, arguments: Arguments) -> Mapping[str, Value | Port]:
    """Answer the request document in `pxmlRequest`; business errors are a Response_Code inside the answer."""
    request_id = ""
    try:
        root = _document(str(arguments["pxmlRequest"]))
        request_id = (root.findtext("Request_ID") or "").strip()
        response = _response(request_id, "0000", "", _dispatch(company, request_id, root.find("Request_Body")))
    except BusinessRefusal as refusal:
        response = _response(request_id, refusal.code, refusal.text, None)
    return {"pxmlRequest": arguments["pxmlRequest"], "pxmlResponse": response}


def _document(text: str) -> etree._Element:
    try:
        root = parse(text.encode())
    except RuntimeFault as fault:
        raise BusinessRefusal("0099", fault.text) from fault
    if root.tag != "Request":
        raise BusinessRefusal("0030", f"The request document is {root.tag}, not Request.")
    return root


def _dispatch(company: Company, request_id: str, body: etree._Element | None) -> etree._Element:
    if request_id != "GET_TABLE_DATA":
        raise BusinessRefusal("0004", f"Request ID {request_id} is not known.")
    if body is None:
        raise BusinessRefusal("0020", "Request_Body is missing.")
    table = _TABLES.get((body.findtext("Table_Name") or "").strip().lower())
    if table is None:
        raise BusinessRefusal("0030", f"Table {body.findtext('Table_Name')} does not exist.")
    columns = _columns(table, body)
    tests = _tests(table, body)
    found: Iterable[Any] = (
        row for row in _rows(table, company, tests) if all(test(col.get(row)) for col, test in tests)
    )
    if _choice(body, "Read_Direction", ("Forward", "Backward")) == "Backward":
        found = reversed(list(found))
    limit = _limit(body)
    return _body(columns, islice(found, limit or None), company.switches.booleans)


def _rows(table: Table, company: Company, tests: Sequence[tuple[Column, Filter]]) -> Iterable[Any]:
    """All records, or those of the documents that are asked for: found by their key, as a database finds them."""
    for col, test in tests:
        if table.of_documents is not None and col.name == "Document ID" and test.values is not None:
            return table.of_documents(company, sorted(map(str, test.values)))
    return table.rows(company)


def _columns(table: Table, body: etree._Element) -> list[Column]:
    wanted = body.findall("WS_Table_Field_Buffer")
    if not wanted:
        return list(table.columns)
    ignore = (body.findtext("Ignore_Extra_Fields") or "").strip() in ("1", "true")
    names = [(field.findtext("Field_Name") or "").strip() for field in wanted]
    return [column for name in names if (column := _column(table, name, ignore=ignore)) is not None]


def _column(table: Table, name: str, *, ignore: bool) -> Column | None:
    column = table.by_name.get(name.lower())
    if column is None and not ignore:
        raise BusinessRefusal("0030", f"Field {name} does not exist in table {table.name}.")
    return column


def _tests(table: Table, body: etree._Element) -> list[tuple[Column, Filter]]:
    tests: list[tuple[Column, Filter]] = []
    for buffer in body.findall("WS_Table_Filter_Buffer"):
        column = _column(table, (buffer.findtext("Field_Name") or "").strip(), ignore=False)
        expression = (buffer.findtext("Filter") or "").strip()
        if column is None or not expression:
            continue
        try:
            tests.append((column, compile_filter(expression, column.kind)))
        except BadFilter as error:
            raise BusinessRefusal("0030", f"Filter of field {column.name}: {error}.") from error
    return tests


def _choice(body: etree._Element, name: str, allowed: tuple[str, str]) -> str:
    found = (body.findtext(name) or "").strip() or allowed[0]
    if found not in allowed:
        raise BusinessRefusal("0030", f"{name} is {found}, allowed are {allowed[0]} and {allowed[1]}.")
    return found


def _limit(body: etree._Element) -> int:
    text = (body.findtext("Max_Number_Of_Records") or "").strip() or "0"
    if not text.isdigit():
        raise BusinessRefusal("0030", f"Max_Number_Of_Records is {text}, not a number.")
    return int(text)


def _body(columns: list[Column], rows: Iterable[Any], booleans: str) -> etree._Element:
    body = etree.Element("Response_Body")
    for index, column in enumerate(columns, start=1):
        field = etree.SubElement(body, "WS_Table_Field_Buffer")
        for name, text in (
            ("Field_Index", str(index)),
            ("Field_Name", column.name),
            ("Node_Name", column.node_name),
            ("Data_Type", column.kind),
        ):
            etree.SubElement(field, name).text = text
    for row in rows:
        data = etree.SubElement(body, "Table_Data")
        for column in columns:
            etree.SubElement(data, column.node_name).text = as_text(column.get(row), booleans)
    return body


def _response(request_id: str, code: str, text: str, body: etree._Element | None) -> str:
    root = etree.Element("Response")
    for name, value in (("Request_ID", request_id), ("Response_Code", code), ("Response_Text", text)):
        etree.SubElement(root, name).text = value
    root.append(body if body is not None else etree.Element("Response_Body"))
    return etree.tostring(root, encoding="unicode")
