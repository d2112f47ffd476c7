"""SOAP 1.1 envelopes: the request's body element in, results and faults out."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from crossdock_ls_central.sandbox.refusal import BROKER, RuntimeFault
from crossdock_ls_central.sandbox.soap.namespaces import default_namespace
from crossdock_ls_central.sandbox.soap.schema import DEFAULTS, Operation, Port, Value, XmlPort
from crossdock_ls_central.sandbox.soap.values import write

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_ERRORS = "urn:microsoft-dynamics-schemas/error"
_SERIALIZATION = "http://schemas.microsoft.com/2003/10/Serialization/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def parse(body: bytes) -> etree._Element:
    """The root of an XML document; entities and document types are refused.

    Raises:
        RuntimeFault: `body` is no well-formed XML, or has a document type.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RuntimeFault(f"The message is not well-formed XML: {error}", "System.Xml.XmlException") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise RuntimeFault("For security reasons DTD is prohibited in this XML document.", "System.Xml.XmlException")
    return root


def body_element(envelope: etree._Element) -> etree._Element:
    """The single element inside the SOAP body.

    Raises:
        RuntimeFault: it is no SOAP 1.1 envelope with exactly one element in its body.
    """
    body = envelope.find(f"{{{SOAP}}}Body") if envelope.tag == f"{{{SOAP}}}Envelope" else None
    inside = [] if body is None else list(body)
    if len(inside) != 1:
        raise RuntimeFault("The message is not a SOAP 1.1 envelope with one element in its Body.", BROKER)
    return inside[0]


def result(service: str, operation: Operation, values: Mapping[str, Value | Port]) -> bytes:
    """The envelope that answers `operation`; a `var` parameter without a value has its default."""
    namespace = f"urn:microsoft-dynamics-schemas/codeunit/{service}"
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"Soap": SOAP})
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    answer = etree.SubElement(body, f"{{{namespace}}}{operation.name}_Result", nsmap=default_namespace(namespace))
    for parameter in operation.results:
        element = etree.SubElement(answer, f"{{{namespace}}}{parameter.name}")
        value = values.get(parameter.name)
        if isinstance(parameter.type, XmlPort):
            _fill_port(element, parameter.type, value if isinstance(value, Mapping) else {})
        elif not isinstance(value, Mapping):
            element.text = write(DEFAULTS[parameter.type] if value is None else value)
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")


def _fill_port(parent: etree._Element, port: XmlPort, content: Port) -> None:
    prefix = f"{{{port.namespace}}}"
    nsmap = default_namespace(port.namespace)
    for record in port.records:
        for row in content.get(record.name, ()):
            element = etree.SubElement(parent, prefix + record.name, nsmap=nsmap)
            for name, type_ in record.fields.items():
                etree.SubElement(element, prefix + name).text = write(row.get(name, DEFAULTS[type_]))


def fault(error: RuntimeFault) -> bytes:
    """The envelope of a SOAP Fault, in the shape that Business Central gives it."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"s": SOAP})
    inside = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{SOAP}}}Fault")
    etree.SubElement(inside, "faultcode", nsmap={"a": _ERRORS}).text = f"a:{error.kind}"
    text = etree.SubElement(inside, "faultstring", {_XML_LANG: "en-US"})
    text.text = error.text
    detail = etree.SubElement(inside, "detail")
    etree.SubElement(detail, f"{{{_SERIALIZATION}}}string", nsmap=default_namespace(_SERIALIZATION)).text = error.text
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
