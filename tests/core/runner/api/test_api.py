"""The API: who may see and do what, and what is remembered of it."""

from __future__ import annotations

import pytest

from crossdock.errors import TryLater
from crossdock.runner.api import document
from crossdock.runner.api.endpoints import ENDPOINTS, PREFIX
from tests.core.runner.api.conftest import opened

JSON = {"Content-Type": "application/json"}


def addresses(endpoint):
    return endpoint.path.format(route="sg", flow="orders", number="24", item="1")


async def test_nobody_without_a_token_sees_anything(api):
    for endpoint in ENDPOINTS:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
            path = PREFIX + addresses(endpoint)
            async with api.client.request(endpoint.method, path, headers=headers) as answer:
                assert answer.status in (401, 429)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.name)
async def test_a_role_may_what_its_row_says_and_no_more(api, endpoint):
    body = {"json": {"reason": "settled"}} if endpoint.body else {}
    for role in ("viewer", "operator", "admin"):
        answer, found = await api.ask(endpoint.method, addresses(endpoint), role, **body)
        allowed = role == "admin" or endpoint.role == "viewer" or endpoint.role == role
        assert (answer.status != 403) is allowed, found
        if not allowed:
            assert found["error"] == f"this needs the role {endpoint.role}, and the token has the role {role}"


async def test_the_status_tells_how_routes_stand(api):
    found = await api.found("/status")
    assert found["routes"][0]["route"] == "sg"
    assert (found["routes"][0]["orders"], found["routes"][0]["linked"]) == (2, 1)
    assert found["parked"] == {"sg": 1}


async def test_lanes_tell_how_they_fare(api):
    (lane,) = await api.found("/lanes")
    assert (lane["lane"], lane["every_seconds"], lane["running"]) == ("sg/orders", 300, False)


async def test_orders_are_listed_page_by_page(api):
    assert [row["order"] for row in await api.found("/orders")] == ["24", "25"]
    assert [row["order"] for row in await api.found("/orders", limit="1")] == ["24"]
    assert [row["order"] for row in await api.found("/orders", after="24", route="sg")] == ["25"]
    assert await api.found("/orders", route="nowhere") == []


async def test_an_order_is_told_with_its_timeline_and_without_its_buyer(api):
    answer, (story,) = await api.ask("GET", "/orders/24")
    assert (story["order"], story["document"], story["channel"]["status"]) == ("24", "CO1", "open")
    assert "create:done" in [event["what"] for event in story["timeline"]]
    assert "Tan Ah Kow" not in await answer.text()
    answer, found = await api.ask("GET", "/orders/nobody")
    assert (answer.status, found["error"]) == (404, "no order of this number was seen on any route")


async def test_what_is_parked_is_listed_shown_and_released(api):
    (item,) = await api.found("/parked")
    assert (item["order"], item["lane"], item["cause"]) == ("25", "sg/orders", "refused:1603")
    assert await api.found("/parked", cause="other") == []
    number = item["item"]
    assert (await api.found(f"/parked/{number}"))["facts"] == {"choices": ["wait"]}
    answer, done = await api.ask("POST", f"/parked/{number}/retry", "operator", json={"reason": "opened again"})
    assert (answer.status, done) == (200, {"lane": "sg/orders", "items": 1})
    assert await api.found("/parked") == []
    answer, _ = await api.ask("POST", f"/parked/{number}/retry", "operator")
    assert answer.status == 404


async def test_what_is_dropped_needs_a_reason_which_the_timeline_tells(api):
    (item,) = await api.found("/parked")
    answer, found = await api.ask("POST", f"/parked/{item['item']}/drop", "operator")
    assert (answer.status, found["error"]) == (422, "reason: Field required")
    answer, _ = await api.ask("POST", f"/parked/{item['item']}/drop", "operator", json={"reason": "settled by hand"})
    assert answer.status == 200
    (story,) = await api.found("/orders/25")
    assert story["timeline"][-1]["text"] == "dropped: settled by hand (api:operator)"


async def test_a_lane_is_woken_and_one_that_is_not_there_is_told(api):
    answer, found = await api.ask("POST", "/lanes/sg/orders/pull", "operator")
    assert (answer.status, found) == (200, {"lane": "sg/orders"})
    answer, found = await api.ask("POST", "/lanes/sg/stock/pull", "operator")
    assert (answer.status, found["hint"]) == (404, "the lanes are sg/orders")


async def test_who_did_what_is_remembered(api):
    await api.ask("POST", "/lanes/sg/orders/pull", "operator", json={"reason": "hurry"})
    (item,) = await api.found("/parked")
    await api.ask("POST", f"/parked/{item['item']}/retry", "admin")
    acts = await api.found("/audit", "admin")
    assert [(act["who"], act["what"], act["target"], act["detail"]) for act in acts] == [
        ("api:admin", "parked.retry", "sg 25", ""),
        ("api:operator", "lane.pull", "sg/orders", "hurry"),
    ]
    assert await api.found("/audit", "admin", before=str(acts[-1]["id"])) == []


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "error"),
    [
        ("POST", "/lanes/sg/orders/pull", {"data": b"{", "headers": JSON}, 400, "no JSON"),
        ("POST", "/lanes/sg/orders/pull", {"data": b"x=1"}, 415, "not application/json"),
        ("POST", "/lanes/sg/orders/pull", {"json": {"why": "x"}}, 422, "why: Extra inputs"),
        ("POST", "/lanes/sg/orders/pull", {"json": []}, 422, "the body: Input should be"),
        ("GET", "/orders?limit=0", {}, 422, "limit: Input should be greater"),
        ("GET", "/orders?limit=x", {}, 422, "limit: Input should be a valid integer"),
        ("GET", "/orders?colour=red", {}, 422, "colour: Extra inputs"),
        ("GET", "/orders/%00", {}, 422, "number: String should match"),
        ("GET", "/parked/x", {}, 422, "item: Input should be a valid integer"),
        ("DELETE", "/status", {}, 405, "method not allowed"),
        ("GET", "/nothing", {}, 404, "not found"),
        ("POST", "/lanes/sg/orders/pull", {"data": b" " * 600_000}, 413, "too large"),
    ],
)  # fmt: skip
async def test_what_is_asked_wrongly_is_one_sentence(api, method, path, more, status, error):
    answer, found = await api.ask(method, path, "admin", **more)
    assert answer.status == status
    assert error in found["error"]


async def test_a_ledger_that_does_not_answer_is_asked_again_later(api, monkeypatch):
    async def broken(*_):
        raise TryLater("the ledger does not answer")

    monkeypatch.setattr(api.shift.engine, "parked", broken)
    answer, found = await api.ask("GET", "/parked")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert found["error"] == "the ledger does not answer"


async def test_whoever_guesses_has_to_wait_and_others_do_not(tmp_path):
    async with opened(tmp_path, trusted_proxies=["127.0.0.1"]) as api:
        for number in range(12):
            headers = {"Authorization": f"Bearer guess-{number}", "X-Forwarded-For": "203.0.113.9"}
            answer, _ = await api.ask("GET", "/status", None, headers=headers)
            assert answer.status == (401 if number < 10 else 429)
        assert int(answer.headers["Retry-After"]) <= 60
        answer, _ = await api.ask("GET", "/status", headers={"X-Forwarded-For": "203.0.113.9"})
        assert answer.status == 429  # even with the right one, so that nobody learns which it is
        spoofed = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
        assert (await api.ask("GET", "/status", headers=spoofed))[0].status == 200


async def test_a_proxy_that_is_not_ours_is_not_believed(api):
    for number in range(11):
        headers = {"Authorization": "Bearer guess", "X-Forwarded-For": f"203.0.113.{number}"}
        answer, _ = await api.ask("GET", "/status", None, headers=headers)
    assert answer.status == 429


async def test_the_document_describes_every_address_and_needs_no_token(api):
    async with api.client.get(f"{PREFIX}/openapi.json") as answer:
        found = await answer.json()
    assert found == document()
    described = {(method.upper(), path) for path, methods in found["paths"].items() for method in methods}
    assert described == {(one.method, PREFIX + one.path) for one in ENDPOINTS}


async def test_a_number_that_two_routes_have_is_never_split_between_pages(api):
    for route in ("a", "b"):
        await api.ledger.nudge(route, ["24"], "push")
    page = await api.found("/orders", limit="1")
    assert [(row["route"], row["order"]) for row in page] == [("a", "24"), ("b", "24"), ("sg", "24")]


async def test_a_token_of_the_api_opens_health_and_metrics_too(tmp_path):
    async with opened(tmp_path, token="a token of sixteen or more") as api:
        for path in ("/metrics", "/health"):
            async with api.client.get(path) as answer:
                assert answer.status == 401
            headers = {"Authorization": f"Bearer {api.tokens['viewer']}"}
            async with api.client.get(path, headers=headers) as answer:
                assert answer.status == 200
