import asyncio
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from structlog.testing import capture_logs

from crossdock.clock import FakeClock
from crossdock.errors import Refused, SignInAgain, TryLater, Unclear
from crossdock.http import (
    ClientSettings,
    HttpClient,
    Limits,
    RateLimit,
    Recorder,
    Request,
    Response,
    RetryPolicy,
    TransportSettings,
    classify_status,
    in_background,
    transport,
)
from tests.core.http.far_side import Wire, answer, cut

READ = Request("GET", "https://far.invalid/orders", params=[("sign", "PLANTED")], verb="pull_orders")
WRITE = Request("POST", "https://far.invalid/orders", body=b'{"phone":"PLANTED"}', effect=True, verb="push_order")
OK = Response(200, {"X-Request-Id": "r-1"}, b"PLANTED")


class Scripted:
    """A transport that answers from a list, and again with its last."""

    def __init__(self, *script: Response | Exception) -> None:
        self.script = list(script)
        self.sent: list[Request] = []
        self.closed = False

    async def send(self, request: Request) -> Response:
        self.sent.append(request)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Exception):
            raise step
        return replace(step)

    async def aclose(self) -> None:
        self.closed = True


@pytest.fixture
def logs() -> Iterator[list]:
    with capture_logs() as entries:
        yield entries
    assert "PLANTED" not in repr(entries)


def client(carrier, clock=None, **settings) -> HttpClient:
    return HttpClient("shop-sg", carrier, ClientSettings(**settings), clock=clock or FakeClock(), random=Random(7))


async def test_an_answer_is_handed_on_measured_and_counted(logs):
    clock = FakeClock()

    class Slow(Scripted):
        async def send(self, request: Request) -> Response:
            await clock.sleep(0.25)
            return await super().send(request)

    shop = client(Slow(OK), clock)
    response = await clock.run(shop.send(READ))
    assert (response.status, response.elapsed) == (200, 0.25)
    assert (shop.stats.calls, shop.stats.statuses[2], shop.stats.retries, shop.stats.call_seconds) == (1, 1, 0, 0.25)
    (event,) = logs
    assert event == {
        "event": "http.call", "log_level": "debug", "logger": "crossdock.http", "connection": "shop-sg",
        "verb": "pull_orders", "status": 200, "duration_ms": 250.0, "request_id": "r-1",
    }  # fmt: skip


async def test_a_4xx_is_the_plugins_matter(logs):
    assert (await client(Scripted(Response(404, {}))).send(READ)).status == 404


async def test_what_may_be_repeated_is_repeated_with_growing_waits_until_it_works(logs):
    clock, carrier = FakeClock(), Scripted(TryLater("Refused."), Response(502, {}), Unclear("Cut."), OK)
    shop = client(carrier, clock)
    assert (await clock.run(shop.send(READ))).status == 200
    assert len(carrier.sent) == 4
    assert (shop.stats.calls, shop.stats.retries, dict(shop.stats.failures)) == (4, 3, {"TryLater": 3})
    assert 0 < clock.monotonic() <= 0.5 + 1 + 2
    assert shop.stats.wait_seconds == pytest.approx(clock.monotonic())


async def test_a_lost_answer_of_a_request_with_effect_is_unclear_and_is_not_repeated(logs):
    for fault in (Unclear("Cut."), Response(500, {}), Response(504, {})):
        carrier = Scripted(fault)
        with pytest.raises(Unclear) as caught:
            await client(carrier).send(WRITE)
        assert len(carrier.sent) == 1
        assert (caught.value.connection, caught.value.verb) == ("shop-sg", "push_order")


async def test_a_request_with_effect_is_repeated_when_it_was_surely_not_carried_out(logs):
    clock, carrier = FakeClock(), Scripted(TryLater("Refused."), Response(503, {}), Response(429, {}), OK)
    assert (await clock.run(client(carrier, clock).send(WRITE))).status == 200
    assert len(carrier.sent) == 4


async def test_their_retry_after_is_waited_in_full(logs):
    clock = FakeClock()
    await clock.run(client(Scripted(Response(429, {"Retry-After": "9"}), OK), clock).send(WRITE))
    assert 9 <= clock.monotonic() <= 9.5


async def test_a_wish_longer_than_our_time_is_handed_to_the_engine_at_once(logs):
    clock, carrier = FakeClock(), Scripted(Response(429, {"Retry-After": "900", "Request-Id": "r-9"}))
    with pytest.raises(TryLater) as caught:
        await clock.run(client(carrier, clock).send(READ))
    assert str(caught.value) == "shop-sg, pull_orders, HTTP 429, request r-9: They are called too often."
    assert (caught.value.after, clock.monotonic(), len(carrier.sent)) == (900.0, 0.0, 1)


async def test_the_engine_hears_of_it_when_the_attempts_are_used_up(logs):
    clock, carrier = FakeClock(), Scripted(Response(503, {}))
    with pytest.raises(TryLater):
        await clock.run(client(carrier, clock, retry=RetryPolicy(attempts=3)).send(READ))
    assert len(carrier.sent) == 3


async def test_an_error_of_the_plugins_table_is_raised_with_its_place_and_is_not_repeated(logs):
    def classify(request: Request, response: Response) -> Exception | None:
        table = {400: Refused("No stock.", code="E7"), 401: SignInAgain("Expired.")}
        return table.get(response.status) or classify_status(request, response)

    carrier = Scripted(Response(400, {"x-request-id": "r-2"}), Response(401, {}))
    shop = client(carrier, classify=classify)
    with pytest.raises(Refused, match="shop-sg, push_order, HTTP 400, request r-2: No stock"):
        await shop.send(WRITE)
    with pytest.raises(SignInAgain):
        await shop.send(WRITE)
    assert len(carrier.sent) == 2
    assert [event["error"] for event in logs if event["event"] == "http.failed"] == ["SignInAgain"]


async def test_a_request_may_bring_its_own_table(logs):
    shop = client(Scripted(Response(404, {})), classify=lambda *_: Refused("The connection's."))
    own = replace(READ, classify=lambda *_: None)
    assert (await shop.send(own)).status == 404
    with pytest.raises(Refused, match="The connection's"):
        await shop.send(READ)


def test_the_text_form_of_request_and_answer_shows_no_query_header_or_body():
    shown = repr(replace(WRITE, params=READ.params, headers={"Authorization": "PLANTED"}))
    assert "push_order" in shown
    assert "PLANTED" not in shown + repr(Response(200, {"Set-Cookie": "PLANTED"}, b"PLANTED"))


async def test_an_error_that_is_not_remote_is_raised_as_it_is(logs):
    with pytest.raises(LookupError):
        await client(Scripted(OK), classify=lambda *_: LookupError("odd")).send(READ)


async def test_the_first_failure_is_a_warning_the_recovery_is_told_and_the_rest_is_quiet(logs):
    clock = FakeClock()
    shop = client(Scripted(*[Response(503, {})] * 5, OK), clock, retry=RetryPolicy(attempts=9))
    await clock.run(shop.send(READ))
    await clock.run(shop.send(READ))
    loud = [event for event in logs if event["log_level"] != "debug"]
    assert [(event["event"], event["log_level"]) for event in loud] == [
        ("http.failed", "warning"), ("http.recovered", "info"),
    ]  # fmt: skip
    assert (loud[0]["status"], loud[0]["error"], loud[1]["failures"]) == (503, "TryLater", 5)
    assert loud[1]["seconds"] == pytest.approx(clock.monotonic(), abs=0.1)


async def test_the_failure_of_one_verb_is_not_ended_by_another(logs):
    shop = client(Scripted(Response(500, {}), OK))
    with pytest.raises(Unclear):
        await shop.send(WRITE)
    await shop.send(READ)
    assert not [event for event in logs if event["event"] == "http.recovered"]


async def test_each_try_is_signed_anew_and_only_after_the_wait(logs):
    clock, carrier = FakeClock(), Scripted(Response(429, {"Retry-After": "5"}), OK)

    def sign(request: Request) -> Request:
        return replace(request, params=[("timestamp", str(int(clock.monotonic())))])

    await clock.run(client(carrier, clock, sign=sign).send(READ))
    assert [dict(request.params)["timestamp"] for request in carrier.sent] == ["0", "5"]


async def test_being_called_too_often_lowers_the_rate_of_everybody(logs):
    clock = FakeClock()
    carrier = Scripted(Response(429, {}), OK)
    shop = client(carrier, clock, limits=Limits(rate=RateLimit(10, recovery_seconds=1e9)))
    await clock.run(shop.send(READ))
    began = clock.monotonic()
    for _ in range(10):
        await clock.run(shop.send(READ))
    assert clock.monotonic() - began == pytest.approx(2.0)
    await shop.aclose()


async def test_a_silence_that_others_brought_about_is_named_with_its_place(logs):
    clock, carrier = FakeClock(), Scripted(Response(429, {"Retry-After": "900"}), OK)
    shop = client(carrier, clock, limits=Limits(rate=RateLimit(10)))
    for request in (READ, WRITE):
        with pytest.raises(TryLater) as caught:
            await clock.run(shop.send(request))
        assert (caught.value.connection, caught.value.verb, caught.value.after) == ("shop-sg", request.verb, 900)
    assert len(carrier.sent) == 1


async def test_orders_pass_before_what_runs_in_background(logs):
    clock, order = FakeClock(), []
    carrier = Scripted(OK)
    shop = client(carrier, clock, limits=Limits(max_in_flight=9, rate=RateLimit(1)))

    async def send(verb: str) -> None:
        await shop.send(replace(READ, verb=verb))
        order.append(verb)

    async def backfill() -> None:
        with in_background():
            await asyncio.gather(send("stock 1"), send("stock 2"))

    async def both() -> None:
        await asyncio.gather(backfill(), send("order 1"), send("order 2"))

    await clock.run(both())
    assert order[-1].startswith("stock")
    assert order.index("order 2") < 3


async def test_a_recorder_sees_what_was_sent_and_what_came_back(logs):
    shop = client(Scripted(Response(400, {}, b'{"phone":"1"}'), Unclear("Cut.")))
    with Recorder() as tape:
        await shop.send(WRITE)
        with pytest.raises(Unclear):
            await shop.send(WRITE)
    assert [(seen.status, seen.sent, seen.received) for seen in tape.exchanges()] == [
        (400, b'{"phone":"[redacted]"}', b'{"phone":"[redacted]"}'),
        (None, b'{"phone":"[redacted]"}', b""),
    ]


async def test_a_cancelled_call_gives_its_place_back(logs):
    clock = FakeClock()

    class Hanging(Scripted):
        async def send(self, request: Request) -> Response:
            await clock.sleep(3600)
            return await super().send(request)

    shop = client(Hanging(OK), clock, limits=Limits(max_in_flight=1))
    first = asyncio.ensure_future(shop.send(WRITE))
    await clock.advance(1)
    first.cancel()
    assert (await clock.run(shop.send(WRITE))).status == 200


async def test_closing_closes_the_transport(logs):
    carrier = Scripted(OK)
    await client(carrier).aclose()
    assert carrier.closed


async def test_over_a_real_connection_a_cut_is_told_by_its_effect(far_side: Wire, logs):
    far_side.answers = [cut, answer(200), cut]
    shop = HttpClient("shop-sg", transport(settings=TransportSettings(connect_seconds=2)), random=Random(1))
    assert (await shop.send(replace(READ, url=far_side.url))).status == 200
    with pytest.raises(Unclear):
        await shop.send(replace(WRITE, url=far_side.url))
    assert len(far_side.requests) == 3
    await shop.aclose()
