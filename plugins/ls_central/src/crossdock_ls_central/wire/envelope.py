"""SOAP 1.1 envelopes: built from rows and read with lxml, by namespace and never by prefix. Pure.

Names of elements are worked out once, because writing is on the path of every order; see
docs/decisions/0005-soap-with-lxml.md.

Source: WSDL of OmniWrapper (document/literal); every top-level parameter is written, even an empty one, while fields
inside an xmlport are optional.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from lxml import etree

from crossdock_ls_central.wire.fields import SERVICE, Port, clark
from crossdock_ls_central.wire.markup import Unparsable, parsed
from crossdock_ls_central.wire.values import Row, text

__all__ = ["ENVELOPE", "Call", "Fault", "Reply", "possible", "read", "write"]

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_ENVELOPE = clark(ENVELOPE, "Envelope")
_BODY = clark(ENVELOPE, "Body")
_FAULT = clark(ENVELOPE, "Fault")
_IMPOSSIBLE = re.compile(r"[^\t\n\r -\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_impossible = _IMPOSSIBLE.search

Blocks = Sequence[tuple[str, Iterable[Row]]]
"""Short names of a port's blocks with their rows, in the order in which they are written."""


@dataclass(frozen=True, slots=True)
class Call:
    """One operation with its parameters.

    Attributes:
        codeunit: such as `OmniWrapper`.
        operation: such as `CustomerOrderCancel`.
        parameters: in the order of the WSDL: plain text, or a port with its blocks.
        answers: the parameter that every answer holds; one without it is no answer.
    """

    codeunit: str
    operation: str
    parameters: Sequence[tuple[str, str | tuple[Port, Blocks]]]
    answers: str = "responseCode"

    @property
    def action(self) -> str:
        """Value of the SOAPAction header."""
        return f'"{SERVICE.format(codeunit=self.codeunit)}:{self.operation}"'


@dataclass(frozen=True, slots=True)
class Fault:
    """A SOAP Fault: a runtime error, after which the server has rolled everything back.

    Attributes:
        code: the exception's name, such as `NavNCLDialogException`, without its namespace.
        message: what it says.
    """

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answered.

    Attributes:
        values: plain result parameters by name; `responseCode` and `errorText` among them.
        result: the whole result element.
    """

    values: Mapping[str, str]
    result: etree._Element

    def rows(self, block: str) -> list[dict[str, str]]:
        """The repeating elements of that name anywhere in the result, field to text."""
        found = self.result.iter(f"{{*}}{block}")
        return [{_local(field): (field.text or "") for field in element} for element in found]


def write(call: Call) -> bytes:
    """Return the envelope of `call`, as UTF-8."""
    namespace = SERVICE.format(codeunit=call.codeunit)
    root = etree.Element(_ENVELOPE, nsmap={"soap": ENVELOPE})
    body = etree.SubElement(root, _BODY)
    unprefixed = cast("dict[str, str]", {None: namespace})  # lxml's types do not know of the default namespace
    operation = etree.SubElement(body, clark(namespace, call.operation), nsmap=unprefixed)
    for name, value in call.parameters:
        if isinstance(value, str):
            etree.SubElement(operation, clark(namespace, name)).text = possible(value)
        else:
            port, blocks = value
            _fill(etree.SubElement(operation, clark(namespace, name), nsmap={"x": port.namespace}), port, blocks)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def possible(value: str) -> str:
    """`value` as an XML document can hold it: control characters become spaces."""
    return value if _impossible(value) is None else _IMPOSSIBLE.sub(" ", value)


def _fill(parameter: etree._Element, port: Port, blocks: Blocks) -> None:
    """Add blocks with the fields that have a value, in the order of the WSDL."""
    add, tags = etree.SubElement, port.tags
    for short, rows in blocks:
        tag, fields = tags[short]
        for row in rows:
            block = add(parameter, tag)
            for field, name in fields:
                value = row.get(field)
                if value is not None and value != "":
                    add(block, name).text = possible(value) if type(value) is str else text(value)


def read(body: bytes) -> Reply | Fault:
    """Return the result in a SOAP envelope, or the Fault.

    Raises:
        Unparsable: it is cut off, no XML, or no envelope.
    """
    root = parsed(body, "what was answered")
    found = root.find(_BODY)
    if found is None or not len(found):
        raise Unparsable(f"no SOAP envelope but {_local(root)}")
    if found[0].tag == _FAULT:
        code = found[0].findtext("faultcode", "").rpartition(":")[2].rpartition(".")[2]
        return Fault(code, found[0].findtext("faultstring", ""))
    return Reply({_local(value): (value.text or "") for value in found[0]}, found[0])


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2]
