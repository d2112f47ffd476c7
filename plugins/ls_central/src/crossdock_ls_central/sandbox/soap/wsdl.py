"""The WSDL of a codeunit, generated from the same description that requests are checked against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from crossdock_ls_central.sandbox.soap.namespaces import default_namespace
from crossdock_ls_central.sandbox.soap.schema import Operation, Parameter, XmlPort
from crossdock_ls_central.sandbox.soap.values import DEFAULT_TEXTS

_WSDL = "http://schemas.xmlsoap.org/wsdl/"
_BINDING = "http://schemas.xmlsoap.org/wsdl/soap/"
_XSD = "http://www.w3.org/2001/XMLSchema"
_TRANSPORT = "http://schemas.xmlsoap.org/soap/http"


def wsdl(service: str, operations: Iterable[Operation], address: str) -> bytes:
    """The WSDL document of `service` at `address`."""
    namespace = f"urn:microsoft-dynamics-schemas/codeunit/{service}"
    offered = list(operations)
    root = etree.Element(
        f"{{{_WSDL}}}definitions", nsmap=default_namespace(_WSDL, tns=namespace), targetNamespace=namespace
    )
    types = etree.SubElement(root, f"{{{_WSDL}}}types")
    ports = list({p.type.number: p.type for o in offered for p in o.parameters if isinstance(p.type, XmlPort)}.values())
    for port in ports:
        _port_schema(types, port)
    _service_schema(types, namespace, offered, ports)
    _messages(root, offered)
    _port_type(root, service, offered)
    _binding(root, service, offered, namespace)
    _service(root, service, address)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _schema(types: etree._Element, namespace: str, ports: Sequence[XmlPort] = ()) -> etree._Element:
    prefixes = {f"x{port.number}": port.namespace for port in ports}
    schema = etree.SubElement(
        types,
        f"{{{_XSD}}}schema",
        nsmap={"xsd": _XSD, "me": namespace, **prefixes},
        elementFormDefault="qualified",
        targetNamespace=namespace,
    )
    for port in ports:
        etree.SubElement(schema, f"{{{_XSD}}}import", namespace=port.namespace)
    return schema


def _port_schema(types: etree._Element, port: XmlPort) -> None:
    schema = _schema(types, port.namespace)
    for record in port.records:
        sequence = _sequence(schema, "complexType", record.name)
        for name, type_ in record.fields.items():
            attributes = {"minOccurs": "0", "maxOccurs": "1", "name": name, "type": f"xsd:{type_}"}
            if type_ in DEFAULT_TEXTS:
                attributes["default"] = DEFAULT_TEXTS[type_]
            etree.SubElement(sequence, f"{{{_XSD}}}element", attributes)
    root = _sequence(schema, "complexType", f"x{port.number}")
    for record in port.records:
        kind = f"me:{record.name}"
        etree.SubElement(root, f"{{{_XSD}}}element", minOccurs="0", maxOccurs="unbounded", name=record.name, type=kind)


def _service_schema(
    types: etree._Element, namespace: str, operations: Iterable[Operation], ports: Sequence[XmlPort]
) -> None:
    schema = _schema(types, namespace, ports)
    for operation in operations:
        _wrapper(schema, operation.name, operation.arguments)
        _wrapper(schema, f"{operation.name}_Result", operation.results)


def _wrapper(schema: etree._Element, name: str, parameters: Iterable[Parameter]) -> None:
    element = etree.SubElement(schema, f"{{{_XSD}}}element", name=name)
    sequence = _sequence(element, "complexType")
    for parameter in parameters:
        type_ = parameter.type
        written = f"x{type_.number}:x{type_.number}" if isinstance(type_, XmlPort) else f"xsd:{type_}"
        etree.SubElement(
            sequence, f"{{{_XSD}}}element", minOccurs="1", maxOccurs="1", name=parameter.name, type=written
        )


def _sequence(parent: etree._Element, kind: str, name: str | None = None) -> etree._Element:
    holder = etree.SubElement(parent, f"{{{_XSD}}}{kind}")
    if name is not None:
        holder.set("name", name)
    return etree.SubElement(holder, f"{{{_XSD}}}sequence")


def _messages(root: etree._Element, operations: Iterable[Operation]) -> None:
    for operation in operations:
        for name in (operation.name, f"{operation.name}_Result"):
            message = etree.SubElement(root, f"{{{_WSDL}}}message", name=name)
            etree.SubElement(message, f"{{{_WSDL}}}part", name="parameters", element=f"tns:{name}")


def _port_type(root: etree._Element, service: str, operations: Iterable[Operation]) -> None:
    port_type = etree.SubElement(root, f"{{{_WSDL}}}portType", name=f"{service}_Port")
    for operation in operations:
        element = etree.SubElement(port_type, f"{{{_WSDL}}}operation", name=operation.name)
        for kind, message in (("input", operation.name), ("output", f"{operation.name}_Result")):
            etree.SubElement(element, f"{{{_WSDL}}}{kind}", name=message, message=f"tns:{message}")


def _binding(root: etree._Element, service: str, operations: Iterable[Operation], namespace: str) -> None:
    binding = etree.SubElement(root, f"{{{_WSDL}}}binding", name=f"{service}_Binding", type=f"tns:{service}_Port")
    etree.SubElement(binding, f"{{{_BINDING}}}binding", nsmap={"soap": _BINDING}, transport=_TRANSPORT)
    for operation in operations:
        element = etree.SubElement(binding, f"{{{_WSDL}}}operation", name=operation.name)
        action = f"{namespace}:{operation.name}"
        etree.SubElement(element, f"{{{_BINDING}}}operation", soapAction=action, style="document")
        for kind, message in (("input", operation.name), ("output", f"{operation.name}_Result")):
            side = etree.SubElement(element, f"{{{_WSDL}}}{kind}", name=message)
            etree.SubElement(side, f"{{{_BINDING}}}body", use="literal")


def _service(root: etree._Element, service: str, address: str) -> None:
    element = etree.SubElement(root, f"{{{_WSDL}}}service", name=service)
    port = etree.SubElement(element, f"{{{_WSDL}}}port", name=f"{service}_Port", binding=f"tns:{service}_Binding")
    etree.SubElement(port, f"{{{_BINDING}}}address", location=address)
