"""GET_TABLE_DATA of the RetailWebServices codeunit: an XML document inside a string, both ways. Pure.

Source: LS Commerce Service, its own use of WebRequest; response codes 0000 (ok), 0004, 0020 and 0030.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from crossdock_ls_central.wire.envelope import Call
from crossdock_ls_central.wire.markup import Unparsable, parsed

__all__ = ["Table", "TableAnswer", "any_of", "quoted", "read_table", "table_request"]

_SPECIAL = frozenset("&|<>=*?@.()' ")


@dataclass(frozen=True, slots=True)
class Table:
    """A question to one table.

    Attributes:
        name: with its prefix, such as `LSC Posted CO Header`.
        fields: names of the fields that are wanted; empty wants all.
        filters: field name to Business Central filter expression; all must hold.
        backward: the last rows first.
        limit: how many rows at most; 0 is all.
    """

    name: str
    fields: Sequence[str] = ()
    filters: Mapping[str, str] | None = None
    backward: bool = False
    limit: int = 0


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """What WebRequest answered."""

    code: str
    message: str
    rows: list[dict[str, str]]


def quoted(value: str) -> str:
    """`value` as a filter expression that means exactly it."""
    return "'" + value.replace("'", "''") + "'" if _SPECIAL.intersection(value) or not value else value


def any_of(values: Iterable[str]) -> str:
    """A filter expression for any of `values`."""
    return "|".join(map(quoted, values))


def table_request(table: Table) -> Call:
    """The call that reads `table`."""
    request = etree.Element("Request")
    etree.SubElement(request, "Request_ID").text = "GET_TABLE_DATA"
    body = etree.SubElement(request, "Request_Body")
    for name, value in (
        ("Table_Name", table.name),
        ("Read_Direction", "Backward" if table.backward else "Forward"),
        ("Max_Number_Of_Records", str(table.limit)),
        ("Ignore_Extra_Fields", "1"),
    ):
        etree.SubElement(body, name).text = value
    for index, field in enumerate(table.fields, 1):
        _buffer(body, "WS_Table_Field_Buffer", {"Field_Index": str(index), "Field_Name": field})
    for index, (field, expression) in enumerate((table.filters or {}).items(), 1):
        _buffer(
            body,
            "WS_Table_Filter_Buffer",
            {"Field_Index": str(index), "Field_Name": field, "Filter": expression},
        )
    inner = etree.tostring(request, encoding="unicode")
    return Call("RetailWebServices", "WebRequest", (("pxmlRequest", inner), ("pxmlResponse", "")), "pxmlResponse")


def read_table(document: str) -> TableAnswer:
    """Read the document that stands in `pxmlResponse`.

    Raises:
        Unparsable: it is no such document.
    """
    root = parsed(document.encode(), "pxmlResponse")
    code = root.findtext("Response_Code")
    if code is None:
        raise Unparsable("pxmlResponse holds no Response_Code")
    names = {
        found.findtext("Node_Name", ""): found.findtext("Field_Name", "")
        for found in root.iterfind("Response_Body/WS_Table_Field_Buffer")
    }
    rows = [
        {names.get(field.tag, field.tag): (field.text or "") for field in row}
        for row in root.iterfind("Response_Body/Table_Data")
    ]
    return TableAnswer(code, root.findtext("Response_Text", ""), rows)


def _buffer(body: etree._Element, name: str, values: Mapping[str, str]) -> None:
    element = etree.SubElement(body, name)
    for key, value in values.items():
        etree.SubElement(element, key).text = value
