"""Push messages: none is believed without the connection's secret."""

import json
from datetime import UTC, datetime

import pytest

from crossdock.contract import Nudge, PushMessage
from crossdock.errors import Refused
from crossdock_ls_central.pushes import read_push
from tests.plugins.ls_central.central import mocked
from tests.plugins.ls_central.test_client import Network, result

SECRET = "a-shared-secret"
URL = "https://hub.example/push/central"


def message(body, headers=None, url=URL):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return PushMessage(url, headers or {}, raw)


def change(resource="items(1)", state=SECRET, **more):
    entry = {"clientState": state, "resource": f"api/v2.0/companies(2)/{resource}", "changeType": "updated"}
    return entry | {"lastModifiedDateTime": "2026-11-21T10:00:00Z"} | more


def test_the_handshake_gives_the_token_back():
    answer = read_push(message(b"", url=URL + "?validationToken=abc%20123"), "")
    assert (answer.body, answer.content_type, answer.nudges) == (b"abc 123", "text/plain", ())


@pytest.mark.parametrize(
    ("resource", "flow"),
    [("items(1)", "products"), ("salesOrders(1)", "orders"), ("items?$filter=x gt 1", "products")],
)
def test_a_webhook_nudges_the_flow_of_its_resource(resource, flow):
    (nudge,) = read_push(message({"value": [change(resource)]}), SECRET).nudges
    assert (nudge.flow, nudge.key) == (flow, "")
    assert nudge.at == datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_many_changes_of_one_kind_are_one_nudge_and_unknown_kinds_none():
    body = {"value": [change(), change("items(2)"), change("customers(1)")]}
    assert len(read_push(message(body), SECRET).nudges) == 1


ORDER_MESSAGES = [
    ({"orderShipping": {"OrderId": "CO000002", "ShipmentNo": "102042"}}, "orderShipping"),
    ({"OrderId": "CO000002", "ShipmentNo": "102042"}, "orderShipping"),
    ({"orderMessage": {"OrderId": "CO000002", "Lines": []}}, "orderMessage"),
    ({"OrderId": "CO000002", "HeaderStatus": ""}, "orderMessage"),
]


@pytest.mark.parametrize(("body", "kind"), ORDER_MESSAGES)
def test_an_order_message_nudges_its_document_and_is_answered_as_they_expect(body, kind):
    answer = read_push(message(body, {"x-crossdock-secret": SECRET}), SECRET)
    assert answer.nudges == (Nudge("orders", "CO000002", f"order message: {kind}"),)
    assert json.loads(answer.body) == [{"success": True, "message": ""}]
    assert answer.content_type == "application/json"


@pytest.mark.parametrize("body", [{"orderPayment": {"OrderId": "CO1", "Amount": 1}}, {"OrderId": "CO1", "Amount": 1}])
def test_a_payment_message_has_an_answer_of_its_own(body):
    answer = read_push(message(body, {"authorization": f"Bearer {SECRET}"}), SECRET)
    assert json.loads(answer.body) == {"OrderMessagePaymentResult": 1}


def test_the_secret_may_stand_in_the_address():
    body = {"orderMessage": {"OrderId": "CO1"}}
    assert read_push(message(body, url=f"{URL}?secret={SECRET}"), SECRET).nudges
    assert read_push(message(body, url=f"{URL}/a%20secret/OrderMessageStatusUpdate"), "a secret").nudges


@pytest.mark.parametrize(
    "given",
    [
        message({"orderMessage": {"OrderId": "CO1"}}, url=f"{URL}/OrderMessageStatusUpdate"),
        message({"orderMessage": {"OrderId": "CO1"}}, url=f"{URL}/{SECRET}"),
        message({"value": [change(state="guess")]}),
        message({"value": [change(), change(state="")]}),
        message({"value": [change(state="\ud800")]}),
        message({"value": ["odd"]}),
        message({"value": []}),
        message({"orderMessage": {"OrderId": "CO1"}}),
        message({"orderMessage": {"OrderId": "CO1"}}, {"x-crossdock-secret": "guess"}),
        message({"orderMessage": {"OrderId": "CO1"}}, {"authorization": f"Basic {SECRET}"}),
        message({"orderMessage": {}}, {"x-crossdock-secret": SECRET}),
        message(b"<xml/>", {"x-crossdock-secret": SECRET}),
        message(b"[]"),
    ],
)
def test_what_does_not_prove_where_it_comes_from_or_makes_no_sense_is_refused(given):
    with pytest.raises(Refused):
        read_push(given, SECRET)


def test_without_a_secret_nothing_is_believed():
    with pytest.raises(Refused, match="no webhook_secret"):
        read_push(message({"value": [change(state="")]}), "")


def test_the_connection_hands_its_own_secret_in():
    connection = mocked(Network(result()), webhook_secret=SECRET)
    assert connection.read_push(message({"value": [change()]})).nudges
