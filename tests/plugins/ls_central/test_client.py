"""Calls over a network that answers what the test says: what is sent, and what each answer leads to."""

import json
from xml.sax.saxutils import escape

import httpx
import pytest

from crossdock.clock import FakeClock
from crossdock.errors import Refused, SignInAgain, TryLater, Unclear
from crossdock.http import TransportSettings
from crossdock.http.over_httpx import HttpxTransport
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.judge import correlation_id, judge
from crossdock_ls_central.versions import Versions
from crossdock_ls_central.wire.calls import connection_call, create_call, status_call
from crossdock_ls_central.wire.fields import CREATE
from crossdock_ls_central.wire.tables import Table
from tests.plugins.ls_central.central import basic, opener

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CREATE_CALL = create_call("V6", CREATE["V6"], ())


def envelope(inside, status=200):
    return httpx.Response(status, text=f'<S:Envelope xmlns:S="{SOAP}"><S:Body>{inside}</S:Body></S:Envelope>')


def fault(message, status=500):
    return envelope(
        f"<S:Fault><faultcode>a:X.NavError</faultcode><faultstring>{message}</faultstring></S:Fault>", status
    )


def result(code="0000", **values):
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
    return envelope(f"<R><responseCode>{code}</responseCode><errorText/>{inside}</R>")


def table_answer(rows, code="0000"):
    """A WebRequest answer whose nodes have other names than the fields that they stand for."""
    nodes = {name: f"N{at}" for at, name in enumerate(dict.fromkeys(name for row in rows for name in row))}
    fields = "".join(
        f"<WS_Table_Field_Buffer><Field_Name>{name}</Field_Name><Node_Name>{node}</Node_Name></WS_Table_Field_Buffer>"
        for name, node in nodes.items()
    )
    data = "".join(
        "<Table_Data>"
        + "".join(f"<{nodes[name]}>{value}</{nodes[name]}>" for name, value in row.items())
        + "</Table_Data>"
        for row in rows
    )
    body = f"<Response_Code>{code}</Response_Code><Response_Body>{fields}{data}</Response_Body>"
    return result(pxmlResponse=f"<Response>{body}</Response>")


class Network:
    """Answers in turn, the last one for ever, and keeps what was sent."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []

    def __call__(self, request):
        self.sent.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def client(network, **settings):
    clock = FakeClock()
    carrier = lambda: HttpxTransport(TransportSettings(), httpx.MockTransport(network))  # noqa: E731
    http = opener(carrier, clock, [])(classify=judge, request_id=correlation_id)
    return LsClient(basic(**settings), http, clock)


async def test_a_soap_call_goes_to_its_codeunit_with_action_and_sign_in():
    network = Network(result())
    await client(network, soap_url="https://erp.example:7047/BC").call(status_call("CO1"), verb="x")
    sent = network.sent[0]
    assert str(sent.url) == "https://erp.example:7047/BC/WS/CRONUS%20-%20LS%20Central/Codeunit/OmniWrapper"
    assert sent.headers["soapaction"].endswith('OmniWrapper:CustomerOrderStatusV2"')
    assert sent.headers["content-type"] == "text/xml; charset=utf-8"
    assert sent.headers["authorization"].startswith("Basic ")


async def test_a_response_code_other_than_success_is_raised():
    with pytest.raises(Refused, match="code 2202") as caught:
        await client(Network(result("2202"))).ask(status_call("CO1"), verb="read_orders")
    assert caught.value.verb == "read_orders"


@pytest.mark.parametrize(
    ("answer", "read", "effect"),
    [
        (fault("The field must not be empty."), Refused, Refused),
        (fault("The table was locked by another user."), TryLater, TryLater),
        (httpx.Response(500, text="Internal Server Error"), TryLater, Unclear),
        (httpx.Response(502), TryLater, Unclear),
        (httpx.Response(503, headers={"Retry-After": "7"}), TryLater, TryLater),
        (httpx.Response(504), TryLater, Unclear),
        (httpx.Response(408), TryLater, Unclear),
        (httpx.Response(429), TryLater, TryLater),
        (httpx.Response(401), SignInAgain, SignInAgain),
        (httpx.Response(403), Refused, Refused),
        (httpx.Response(404, text="<html>IIS</html>"), Refused, Refused),
        (httpx.Response(302), Refused, Refused),
        (httpx.Response(200, text="<html>Please wait.</html>"), TryLater, Unclear),
        (httpx.Response(200, text="<S:Envelope"), TryLater, Unclear),
        (fault("odd", 200), TryLater, Unclear),
        (envelope("<R><errorText/></R>"), TryLater, Unclear),
        (httpx.ReadError("lost"), TryLater, Unclear),
        (httpx.ConnectError("refused"), TryLater, TryLater),
    ],
)
async def test_what_each_answer_leads_to_for_a_read_and_for_a_deed(answer, read, effect):
    with pytest.raises(read):
        await client(Network(answer)).call(status_call("CO1"), verb="x")
    with pytest.raises(effect):
        await client(Network(answer)).call(CREATE_CALL, verb="x", effect=True)


async def test_a_throttled_call_says_for_how_long():
    with pytest.raises(TryLater) as caught:
        await client(Network(httpx.Response(429, headers={"Retry-After": "7"}))).call(status_call("CO1"), verb="x")
    assert caught.value.after == 7
    assert caught.value.throttled


async def test_an_error_names_their_correlation_id():
    answer = httpx.Response(403, headers={"x-ms-correlation-request-id": "5e8a"})
    with pytest.raises(Refused, match="request 5e8a"):
        await client(Network(answer)).call(status_call("CO1"), verb="x")


async def test_a_token_that_is_refused_is_renewed_once():
    token = httpx.Response(200, json={"access_token": "t-one-one", "expires_in": 3600})
    other = httpx.Response(200, json={"access_token": "t-two-two", "expires_in": 3600})
    network = Network(token, httpx.Response(401), other, result())
    oauth = {"auth": "oauth", "tenant": "t", "client_id": "i", "client_secret": "s-e-c-r-e-t"}
    await client(network, **oauth).call(connection_call(), verb="probe")
    signed = [sent.headers.get("authorization") for sent in network.sent]
    assert signed == [None, "Bearer t-one-one", None, "Bearer t-two-two"]


async def test_credentials_that_stay_refused_ask_for_a_person_after_one_renewal():
    token = httpx.Response(200, json={"access_token": "t-one-one", "expires_in": 3600})
    network = Network(token, httpx.Response(401), token, httpx.Response(401))
    oauth = {"auth": "oauth", "tenant": "t", "client_id": "i", "client_secret": "s-e-c-r-e-t"}
    with pytest.raises(SignInAgain):
        await client(network, **oauth).call(connection_call(), verb="probe")
    assert len(network.sent) == 4


async def test_table_rows_come_as_names_and_texts():
    network = Network(table_answer([{"No.": "1"}]))
    assert await client(network).table(Table("Item"), verb="x") == [{"No.": "1"}]


async def test_a_table_that_is_refused_names_itself():
    with pytest.raises(Refused, match=r"x \(Item\)"):
        await client(Network(table_answer([], "0030"))).table(Table("Item"), verb="x")


@pytest.mark.parametrize("text", ["", "<Resp", "<Response/>", "<html>Response_Code</html>"])
async def test_a_table_answer_that_cannot_be_read_is_never_an_empty_table(text):
    with pytest.raises(TryLater, match="table Item"):
        await client(Network(result(pxmlResponse=text))).table(Table("Item"), verb="x")


async def test_a_replication_answer_without_content_is_never_an_empty_table():
    with pytest.raises(TryLater):
        await client(Network(httpx.Response(200, json={"value": "{}"}))).replicate("GetWIPrice", verb="x")


async def test_an_api_answer_without_list_is_never_an_empty_one():
    with pytest.raises(TryLater, match="no list of companies"):
        await client(Network(httpx.Response(200, json={}))).api_rows("/companies", verb="x")


async def test_an_action_is_told_the_company_and_its_answer_is_decoded_twice():
    network = Network(httpx.Response(200, json={"value": json.dumps({"Status": "", "LastEntryNo": 7})}))
    answer = await client(network).action("ODataRequest_GetWIPrice", {"storeNo": "S0013"}, verb="x")
    assert answer == {"Status": "", "LastEntryNo": 7}
    sent = network.sent[0]
    assert sent.url.path == "/BC/ODataV4/ODataRequest_GetWIPrice"
    assert sent.url.query == b"company=CRONUS%20-%20LS%20Central"
    assert json.loads(sent.content) == {"storeNo": "S0013"}


@pytest.mark.parametrize("answer", [httpx.Response(204), httpx.Response(200)])
async def test_an_action_without_answer_answers_nothing(answer):
    assert await client(Network(answer)).action("X_Y", {}, verb="x") == {}


@pytest.mark.parametrize("text", ['{"value": ""}', '{"value": "[1]"}', '{"value": "{', "<html/>"])
async def test_an_action_answer_that_cannot_be_read_is_asked_again(text):
    with pytest.raises(TryLater):
        await client(Network(httpx.Response(200, text=text))).action("X_Y", {}, verb="x")


async def test_an_error_body_is_read_for_its_code():
    body = {"error": {"code": "Internal_CompanyNotFound", "message": "Cannot find company."}}
    with pytest.raises(Refused, match="company does not exist"):
        await client(Network(httpx.Response(404, json=body))).action("X_Y", {}, verb="x")


async def test_a_replication_is_read_page_after_page_until_it_ends():
    def page(number, ended):
        record = {"Fields": [{"FieldIndex": 1, "FieldValue": number}]}
        table = {"RecordFields": [{"FieldIndex": 1, "FieldNo": 1, "FieldName": "No."}], "Records": [record]}
        answer = {"LastKey": number, "LastEntryNo": 7, "EndOfTable": ended}
        answer["TableData"] = {"TableDataUpd": {"RecRefJson": table}}
        return httpx.Response(200, json={"value": json.dumps(answer)})

    network = Network(page("1", False), page("2", True))
    rows = await client(network).replicate("GetStoreBuffer", verb="store", store=False)
    assert [row["No."] for row in rows] == ["1", "2"]
    asked = [json.loads(sent.content) for sent in network.sent]
    assert [(body["lastKey"], body["lastEntryNo"], body["fullRepl"]) for body in asked] == [
        ("", 0, True),
        ("1", 7, True),
    ]
    assert "storeNo" not in asked[0]


async def test_a_replication_that_failed_is_asked_again():
    answer = httpx.Response(200, json={"value": json.dumps({"Status": "OnError", "ErrorText": "busy"})})
    with pytest.raises(TryLater, match="busy"):
        await client(Network(answer)).replicate("GetWIPrice", verb="x")


async def test_api_v2_is_called_with_parameters_and_answers_decoded():
    network = Network(httpx.Response(200, json={"value": [{"id": 1.10}]}))
    answer = await client(network).api("GET", "/companies", params={"$filter": "name eq 'A'"}, verb="x")
    assert str(answer["value"][0]["id"]) == "1.1"
    assert network.sent[0].url.raw_path.endswith(b"?$filter=name%20eq%20%27A%27")


WSDL = """<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"><types><schema
  xmlns="http://www.w3.org/2001/XMLSchema" xmlns:q="urn:x">{}</schema></types></definitions>"""


def wsdl(*versions):
    elements = "".join(f'<element name="customerOrderCreate{version}XML" type="q:Root"/>' for version in versions)
    return httpx.Response(200, text=WSDL.format(elements))


@pytest.mark.parametrize(
    ("offered", "wanted", "chosen"),
    [(("V5", "V6"), "auto", "V6"), (("V5",), "auto", "V5"), (("V5", "V6"), "V5", "V5"), ((), "V6", "V6")],
)
async def test_the_version_of_create_is_what_is_wanted_and_offered(offered, wanted, chosen):
    version, _ = await Versions(client(Network(wsdl(*offered)), create_version=wanted)).chosen()
    assert version == chosen


async def test_a_version_that_is_not_offered_is_refused():
    with pytest.raises(Refused, match="no CustomerOrderCreateV5"):
        await Versions(client(Network(wsdl("V6")), create_version="V5")).chosen()


async def test_the_description_of_the_service_is_read_once():
    network = Network(wsdl("V6"))
    asked = Versions(client(network, create_version="auto"))
    await asked.chosen()
    await asked.chosen()
    assert len(network.sent) == 1
    assert str(network.sent[0].url).endswith("/OmniWrapper?wsdl")


async def test_a_description_that_cannot_be_read_is_asked_again():
    with pytest.raises(TryLater):
        await client(Network(httpx.Response(200, text="<html/>"))).describe()
