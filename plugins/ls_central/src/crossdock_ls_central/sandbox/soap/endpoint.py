"""One SOAP request from bytes to bytes."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web
from lxml import etree

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.refusal import BROKER, BusinessRefusal, RuntimeFault
from crossdock_ls_central.sandbox.soap.arguments import read_arguments
from crossdock_ls_central.sandbox.soap.envelope import body_element, fault, parse, result
from crossdock_ls_central.sandbox.soap.odata_request import ODATA_PROCEDURES, ODATA_REQUEST
from crossdock_ls_central.sandbox.soap.omni_wrapper import PROCEDURES, Procedure
from crossdock_ls_central.sandbox.soap.operations import OMNI_WRAPPER, RETAIL_WEB_SERVICES
from crossdock_ls_central.sandbox.soap.schema import Operation
from crossdock_ls_central.sandbox.soap.web_request import web_request
from crossdock_ls_central.sandbox.soap.wsdl import wsdl

SERVICES = {"omniwrapper": "OmniWrapper", "retailwebservices": "RetailWebServices", "odatarequest": "ODataRequest"}
_V6 = "CustomerOrderCreateV6"
_RETAIL_PROCEDURES: Mapping[str, Procedure] = {"WebRequest": web_request}


class SoapEndpoint:
    """The published codeunits of one company."""

    def __init__(self, company: Company) -> None:
        self._company = company
        omni = {name: op for name, op in OMNI_WRAPPER.items() if company.switches.offers_v6 or name != _V6}
        self._operations: Mapping[str, Mapping[str, Operation]] = {
            "OmniWrapper": omni,
            "RetailWebServices": RETAIL_WEB_SERVICES,
            "ODataRequest": ODATA_REQUEST,
        }
        self._procedures: Mapping[str, Mapping[str, Procedure]] = {
            "OmniWrapper": PROCEDURES,
            "RetailWebServices": _RETAIL_PROCEDURES,
            "ODataRequest": ODATA_PROCEDURES,
        }
        loose = company.switches.source_type == "loose"
        self._loose = frozenset({"sourceType"}) if loose else frozenset()

    def describe(self, service: str, address: str) -> web.Response:
        """The WSDL of `service`."""
        document = wsdl(service, self._operations[service].values(), address)
        return web.Response(body=document, content_type="text/xml", charset="utf-8")

    async def call(self, service: str, request: web.Request) -> web.Response:
        """Carry out a SOAP request: HTTP 200 with a result, HTTP 500 with a Fault, 415 for another content type."""
        if request.content_type != "text/xml":
            text = f"The content type '{request.content_type}' was not the expected type 'text/xml; charset=utf-8'."
            return web.Response(status=415, text=text)
        body = await request.read()
        try:
            answer, status = self._carry_out(service, request.headers.get("SOAPAction"), body), 200
        except RuntimeFault as error:
            answer, status = fault(error), 500
        return web.Response(body=answer, status=status, content_type="text/xml", charset="utf-8")

    def _carry_out(self, service: str, soap_action: str | None, body: bytes) -> bytes:
        element = body_element(parse(body))
        operation = self._operation(service, soap_action, element)
        arguments = read_arguments(element, service, operation, self._loose)
        try:
            values = self._procedures[service][operation.name](self._company, arguments)
        except BusinessRefusal as refusal:
            return result(service, operation, {"responseCode": refusal.code, "errorText": refusal.text})
        return result(service, operation, {"responseCode": "0000", **values})

    def _operation(self, service: str, soap_action: str | None, element: etree._Element) -> Operation:
        namespace = f"urn:microsoft-dynamics-schemas/codeunit/{service}"
        name = etree.QName(element)
        operation = self._operations[service].get(name.localname) if name.namespace == namespace else None
        if operation is None:
            raise RuntimeFault(f"Method {element.tag} is not found in service {service}.", BROKER)
        expected = f"{namespace}:{operation.name}"
        if soap_action is None or soap_action.strip('"') != expected:
            raise RuntimeFault(f'The SOAPAction header is {soap_action}, expected is "{expected}".', BROKER)
        return operation
