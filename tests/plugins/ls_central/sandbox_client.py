"""A bare client for the sandbox's tests: raw HTTP, and XML built from the documented samples."""

import base64
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from lxml import etree

from crossdock.sandbox import World, running
from crossdock_ls_central.sandbox import create

OMNI = "urn:microsoft-dynamics-schemas/codeunit/OmniWrapper"
RETAIL = "urn:microsoft-dynamics-schemas/codeunit/RetailWebServices"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
V6 = "urn:microsoft-dynamics-nav/xmlports/x10000702"

SHIRT = """<x:CustomerOrderCreateCOLineV6><x:LineNo>10000</x:LineNo><x:LineType>0</x:LineType><x:Number>40020</x:Number>
  <x:VariantCode>002</x:VariantCode><x:NetPrice>74.76636</x:NetPrice><x:Price>80</x:Price><x:Quantity>2</x:Quantity>
  <x:DiscountAmount>16</x:DiscountAmount><x:DiscountPercent>10</x:DiscountPercent><x:NetAmount>134.58</x:NetAmount>
  <x:VatAmount>9.42</x:VatAmount><x:Amount>144</x:Amount><x:StoreNo>S0013</x:StoreNo></x:CustomerOrderCreateCOLineV6>"""
SHIPPING = """<x:CustomerOrderCreateCOLineV6><x:LineNo>20000</x:LineNo><x:LineType>0</x:LineType>
  <x:Number>66010</x:Number>
  <x:NetPrice>35.51402</x:NetPrice><x:Price>38</x:Price><x:Quantity>1</x:Quantity><x:NetAmount>35.51</x:NetAmount>
  <x:VatAmount>2.49</x:VatAmount><x:Amount>38</x:Amount><x:StoreNo>S0013</x:StoreNo><x:ServiceItem>true</x:ServiceItem>
  </x:CustomerOrderCreateCOLineV6>"""
HEADER = """<x:CustomerOrderCreateCOHeaderV6><x:SourceType>1</x:SourceType><x:CustomerNo>44090</x:CustomerNo>
  <x:ExternalID>{external_id}</x:ExternalID><x:CreatedAtStore>S0013</x:CreatedAtStore><x:ShipOrder>true</x:ShipOrder>
  </x:CustomerOrderCreateCOHeaderV6>"""
PAYMENT = """<x:CustomerOrderCreateCOPaymentV6><x:StoreNo>S0013</x:StoreNo><x:LineNo>10000</x:LineNo>
  <x:PreApprovedAmount>182</x:PreApprovedAmount><x:TenderType>31</x:TenderType><x:Type>1</x:Type>
  <x:ExternalReference>{external_id}</x:ExternalReference></x:CustomerOrderCreateCOPaymentV6>"""
ORDER = HEADER + SHIRT + SHIPPING + PAYMENT


@dataclass(frozen=True)
class Answer:
    """A SOAP answer: status, result element and its plain children."""

    status: int
    root: etree._Element

    def text(self, name):
        return next((e.text or "" for e in self.root.iter() if etree.QName(e).localname == name), None)

    def rows(self, name):
        found = [e for e in self.root.iter() if etree.QName(e).localname == name]
        return [{etree.QName(child).localname: child.text or "" for child in row} for row in found]

    @property
    def code(self):
        return self.text("responseCode")


class Client:
    def __init__(self, server, http):
        self.sandbox = server.sandbox
        self.credentials = server.sandbox.credentials()
        self.http = http
        self.online = self.credentials["online_path"]
        self.headers = {}

    async def sign_in(self, **changed):
        form = {"grant_type": "client_credentials", "scope": "https://api.businesscentral.dynamics.com/.default"}
        form |= {name: self.credentials[name] for name in ("client_id", "client_secret")} | changed
        response = await self.http.post(self.credentials["token_path"], data=form)
        if response.status_code == 200:
            self.headers = {"Authorization": f"Bearer {response.json()['access_token']}"}
        return response

    def basic(self):
        pair = f"{self.credentials['username']}:{self.credentials['password']}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def codeunit(self, service="OmniWrapper"):
        return f"{self.online}/WS/{self.credentials['company']}/Codeunit/{service}"

    async def soap(self, operation, inside, *, service="OmniWrapper", path=None, headers=None):
        namespace = f"urn:microsoft-dynamics-schemas/codeunit/{service}"
        body = f'<{operation} xmlns="{namespace}">{inside}</{operation}>'
        envelope = f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body>{body}</soap:Body></soap:Envelope>'
        sent = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{namespace}:{operation}"', **self.headers}
        sent |= headers or {}
        url = path or self.codeunit(service)
        response = await self.http.post(url, content=envelope.encode(), headers=sent)
        return Answer(response.status_code, etree.fromstring(response.content))

    async def create(self, content=ORDER, external_id="2601010ABCDEFG", version="V6", namespace=V6):
        content = content.replace("{external_id}", external_id)
        port = f"customerOrderCreate{version}XML"
        inside = f'<responseCode/><errorText/><{port} xmlns:x="{namespace}">{content}</{port}><customerOrderID/>'
        return await self.soap(f"CustomerOrderCreate{version}", inside)

    async def cancel(self, document_id, content="", source_type="0"):
        port = f'<customerOrderCancelXML xmlns:x="urn:microsoft-dynamics-nav/xmlports/x10033058">{content}'
        inside = f"<responseCode/><errorText/><customerOrderDocumentID>{document_id}</customerOrderDocumentID>"
        inside += f"<sourceType>{source_type}</sourceType>{port}</customerOrderCancelXML>"
        return await self.soap("CustomerOrderCancel", inside)

    async def get(self, document_id):
        inside = (
            f"<responseCode/><errorText/><documentStatus>LOOKUP</documentStatus><documentID>{document_id}</documentID>"
        )
        inside += "<posTerminalNo/><customerOrderGetV3XML/><pointsEarned>0</pointsEarned><pointsUsed>0</pointsUsed>"
        return await self.soap("CustomerOrderGetV3", inside)

    async def status(self, document_id):
        inside = f"<responseCode/><errorText/><customerOrderDocumentID>{document_id}</customerOrderDocumentID>"
        return await self.soap("CustomerOrderStatusV2", f"{inside}<customerOrderStatusV2XML/>")

    async def filtered(self, external_id, *, posted=True):
        row = f"<x:CustomerOrderHeaderV2><x:ExternalID>{external_id}</x:ExternalID></x:CustomerOrderHeaderV2>"
        port = (
            f'<cOFilteredListV2XML xmlns:x="urn:microsoft-dynamics-nav/xmlports/x10033212">{row}</cOFilteredListV2XML>'
        )
        included = str(posted).lower()
        inside = (
            f"<responseCode/><errorText/><includePostedCustomerOrders>{included}</includePostedCustomerOrders>{port}"
        )
        return await self.soap("COFilteredListV2", inside)

    async def web_request(self, request_id, body):
        document = f"<Request><Request_ID>{request_id}</Request_ID>{body}</Request>"
        escaped = document.replace("&", "&amp;").replace("<", "&lt;")
        inside = f"<pxmlRequest>{escaped}</pxmlRequest><pxmlResponse/>"
        answer = await self.soap("WebRequest", inside, service="RetailWebServices")
        return etree.fromstring(answer.text("pxmlResponse"))

    async def table(self, name, filters=(), extra=""):
        body = f"<Request_Body><Table_Name>{name}</Table_Name>{extra}"
        for index, (field, expression) in enumerate(filters, start=1):
            safe = expression.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            body += f"<WS_Table_Filter_Buffer><Field_Index>{index}</Field_Index><Field_Name>{field}</Field_Name>"
            body += f"<Filter>{safe}</Filter></WS_Table_Filter_Buffer>"
        response = await self.web_request("GET_TABLE_DATA", f"{body}</Request_Body>")
        names = {f.findtext("Node_Name"): f.findtext("Field_Name") for f in response.iter("WS_Table_Field_Buffer")}
        rows = [{names[cell.tag]: cell.text or "" for cell in row} for row in response.iter("Table_Data")]
        return response.findtext("Response_Code"), rows

    async def action(self, name, body, **query):
        url = f"{self.online}/ODataV4/{name}"
        query = {"company": self.credentials["company"], **query}
        return await self.http.post(url, json=body, params=query, headers=self.headers)

    async def value(self, name, body):
        response = await self.action(name, body)
        assert response.status_code == 200, response.text
        return json.loads(response.json()["value"])

    async def operate(self, method, path, body=None):
        response = await self.http.request(method, f"/_sandbox{path}", json=body)
        assert response.status_code == 200, response.text
        return response.json()


@asynccontextmanager
async def ls_central(*, signed_in=True, seed=7, **options):
    async with (
        running(create(World(seed=seed), **options)) as server,
        httpx.AsyncClient(base_url=server.url) as http,
    ):
        client = Client(server, http)
        if signed_in:
            assert (await client.sign_in()).status_code == 200
        yield client


def data_set(collection, number):
    """The rows of the data set with that id, as dicts by field name."""
    for entry in collection:
        found = entry["DynDataSet"]
        if found["DataSetID"] == number:
            return named(found["DataSetFields"], found["DataSetRows"])
    raise AssertionError(f"no data set {number}")


def named(fields, rows):
    names = {field["FieldIndex"]: field["FieldName"] for field in fields}
    return [{names[cell["FieldIndex"]]: cell["FieldValue"] for cell in row["Fields"]} for row in rows]
