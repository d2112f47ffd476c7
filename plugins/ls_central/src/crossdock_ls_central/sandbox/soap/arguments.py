"""Reads an operation's parameters as strictly as its schema is written."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from crossdock_ls_central.sandbox.refusal import BROKER, RuntimeFault
from crossdock_ls_central.sandbox.soap.schema import Operation, Port, Record, Row, Value, XmlPort
from crossdock_ls_central.sandbox.soap.values import read

Arguments = Mapping[str, Value | Port]


def read_arguments(element: etree._Element, service: str, operation: Operation, loose: frozenset[str]) -> Arguments:
    """The value of every parameter of `operation` in `element`.

    Args:
        element: the request element.
        service: name of the codeunit.
        operation: whose parameters these are.
        loose: parameters that are taken as text, whatever their type.

    Raises:
        RuntimeFault: a parameter is missing, unknown, out of order or no value of its type.
    """
    prefix = f"{{urn:microsoft-dynamics-schemas/codeunit/{service}}}"
    expected = operation.arguments
    children = list(element)
    for place, parameter in enumerate(expected):
        if place >= len(children) or children[place].tag != prefix + parameter.name:
            raise _missing(parameter.name, service, operation, children[place] if place < len(children) else None)
    if len(children) > len(expected):
        raise _unexpected(children[len(expected)], operation.name)
    return {
        parameter.name: read_port(child, parameter.type)
        if isinstance(parameter.type, XmlPort)
        else read(_text(child), "string" if parameter.name in loose else parameter.type, parameter.name)
        for parameter, child in zip(expected, children, strict=True)
    }


def read_port(element: etree._Element, port: XmlPort) -> Port:
    """The records of an xmlport parameter, by record name; a field that is not sent has its default.

    Raises:
        RuntimeFault: an element is unknown, out of order, in a wrong namespace or no value of its type.
    """
    content: dict[str, list[Row]] = {record.name: [] for record in port.records}
    last = 0
    for child in element:
        place, record = port.places.get(child.tag, (-1, None))
        if record is None or place < last:
            raise _unexpected(child, etree.QName(element).localname)
        last = place
        content[record.name].append(_read_record(child, record, port.namespace))
    if (element.text or "").strip():
        raise _unexpected(element, "text between the elements")
    return content


def rows(arguments: Arguments, parameter: str, record: str) -> list[Row]:
    """The rows of one record of an xmlport parameter."""
    content = arguments[parameter]
    return content[record] if isinstance(content, Mapping) else []


def text(arguments: Arguments, parameter: str) -> str:
    """A text parameter, trimmed."""
    return str(arguments[parameter]).strip()


def _read_record(element: etree._Element, record: Record, namespace: str) -> dict[str, Value]:
    row = record.blank()
    expected = iter(record.fields)
    prefix = f"{{{namespace}}}"
    for child in element:
        name = next((name for name in expected if child.tag == prefix + name), None)
        if name is None:
            raise _unexpected(child, record.name)
        type_ = record.fields[name]
        text = _text(child)
        if text or type_ == "string":
            row[name] = read(text, type_, f"{record.name}/{name}")
    return row


def _text(element: etree._Element) -> str:
    if len(element):
        raise _unexpected(element[0], etree.QName(element).localname)
    return element.text or ""


def _missing(name: str, service: str, operation: Operation, found: etree._Element | None) -> RuntimeFault:
    sent = "nothing" if found is None else str(found.tag)
    return RuntimeFault(
        f"Parameter {name} in method {operation.name} in service {service} is null! Found {sent} in its place.", BROKER
    )


def _unexpected(element: etree._Element, parent: str) -> RuntimeFault:
    return RuntimeFault(
        f"Element {element.tag} inside {parent} is unknown, repeated, out of order or in a wrong namespace.", BROKER
    )
