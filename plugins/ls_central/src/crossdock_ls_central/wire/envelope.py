"""SOAP 1.1 envelopes: written with lxml from rows, read by namespace and never by prefix. Pure.

Source: WSDL of OmniWrapper (document/literal); every top-level parameter is written, even an empty one, while fields
inside an xmlport are optional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from crossdock_ls_central.wire.fields import SERVICE, Port, clark
from crossdock_ls_central.wire.values import Row, text

__all__ = ["ENVELOPE", "Call", "Fault", "Reply", "Unparsable", "read", "write"]

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_BODY = clark(ENVELOPE, "Body")
_FAULT = clark(ENVELOPE, "Fault")
_ROOT = clark(ENVELOPE, "Envelope")
_HEAD = {"soap": ENVELOPE}

Blocks = Sequence[tuple[str, Iterable[Row]]]
"""Short names of a port's blocks with their rows, in the order in which they are written."""


@dataclass(frozen=True, slots=True)
class Call:
    """One operation with its parameters.

    Attributes:
        codeunit: such as `OmniWrapper`.
        operation: such as `CustomerOrderCancel`.
        parameters: in the order of the WSDL: plain text, or a port with its blocks.
    """

    codeunit: str
    operation: str
    parameters: Sequence[tuple[str, str | tuple[Port, Blocks]]]

    @property
    def action(self) -> str:
        """Value of the SOAPAction header."""
        return f'"{SERVICE.format(codeunit=self.codeunit)}:{self.operation}"'


class Unparsable(Exception):
    """What came back is no SOAP envelope that can be read to its end."""


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
    root = etree.Element(_ROOT, nsmap=_HEAD)
    operation = etree.SubElement(
        etree.SubElement(root, _BODY), clark(namespace, call.operation), nsmap={None: namespace}
    )
    for name, value in call.parameters:
        tag = clark(namespace, name)
        if isinstance(value, str):
            etree.SubElement(operation, tag).text = value
        else:
            port, blocks = value
            _fill(etree.SubElement(operation, tag, nsmap={"x": port.namespace}), port, blocks)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _fill(parameter: etree._Element, port: Port, blocks: Blocks) -> None:
    child = etree.SubElement
    tags = port.tags
    for short, rows in blocks:
        name, fields = tags[short]
        for row in rows:
            block = child(parameter, name)
            for field, tag in fields:
                value = row.get(field)
                if value is not None and value != "":
                    child(block, tag).text = text(value)


def read(body: bytes) -> Reply | Fault:
    """Return the result in a SOAP envelope, or the Fault.

    Raises:
        Unparsable: it is cut off, no XML, or no envelope.
    """
    try:
        root = etree.fromstring(body, _parser())
    except etree.XMLSyntaxError as error:
        raise Unparsable(f"not well-formed: {error.msg}"[:200]) from None
    found = root.find(_BODY)
    if found is None or not len(found):
        raise Unparsable(f"no SOAP envelope but {_local(root)}")
    if found[0].tag == _FAULT:
        code = found[0].findtext("faultcode", "").rpartition(":")[2].rpartition(".")[2]
        return Fault(code, found[0].findtext("faultstring", ""))
    return Reply({_local(value): (value.text or "") for value in found[0]}, found[0])


def _parser() -> etree.XMLParser:
    """Neither entities nor the network: answers come from outside. One a document: parsers are not thread-safe."""
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2]
