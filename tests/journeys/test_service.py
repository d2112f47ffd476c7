"""The headless service, as an operator leaves it alone: schedules, push messages, signals, health and metrics."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
import json
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.journeys.conftest import CHOSEN
from tests.journeys.service import Running, at_rest, running, until
from tests.journeys.stage import SKUS, Stage

RUNNER = '\n[runner]\nport = 0\ndrain = "20s"\n'


@pytest.fixture
def service(stage: Stage) -> Stage:
    """The stage, with a config for the service that polls too rarely to help a push message."""
    write(stage, orders='every = "1d"')
    return stage


def write(stage: Stage, runner: str = RUNNER, **tables: str) -> Path:
    stage.configure(**tables)
    path = stage.folder / "crossdock.toml"
    path.write_text(path.read_text() + runner)
    stage.share()
    return path


async def created(stage: Stage) -> list[str]:
    return [write["key"] for write in await stage.central.writes("create_order")]


async def pushes_to(stage: Stage, service: Running) -> None:
    await stage.shopee.act("PUT", "/push", {"url": f"{service.url}/push/shop"})


@pytest.fixture
async def collector(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Span]]:
    """The spans that came to a collector, which services are told of."""
    came: list[Span] = []

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        export = ExportTraceServiceRequest.FromString(
            gzip.decompress(body) if request.headers.get("Content-Encoding") == "gzip" else body
        )
        came.extend(span for one in export.resource_spans for scope in one.scope_spans for span in scope.spans)
        return web.Response(content_type="application/x-protobuf")

    app = web.Application()
    app.router.add_post("/v1/traces", take)
    async with TestServer(app) as server:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", str(server.make_url("/")))
        yield came


def told_by(span: Span) -> dict[str, str]:
    return {one.key.removeprefix("crossdock."): one.value.string_value for one in span.attributes}


async def test_a_push_message_becomes_a_customer_order_under_one_correlation_id(
    service: Stage, collector: list[Span]
) -> None:
    async with running(service, "--debug") as run:
        await at_rest(run)
        await pushes_to(service, run)
        order = await service.place()

        async def arrived() -> bool:
            return order in await created(service)

        await until(arrived)
        assert await run.end(signal.SIGTERM) == 0
    assert await created(service) == [order]
    pushed = {event["correlation_id"] for event in run.events("push.taken") if event["nudges"]}
    calls = [event for event in run.events("http.call") if event.get("correlation_id") in pushed]
    assert {"shop", "central"} <= {event["connection"] for event in calls}
    ours = [span for span in collector if told_by(span).get("correlation_id") in pushed]
    assert {span.name for span in ours} == {"push", "lane"}
    lanes = {span.span_id for span in ours if span.name == "lane"}
    below = {(told_by(span)["connection"], told_by(span)["verb"]) for span in collector if span.parent_span_id in lanes}
    assert {"shop", "central"} == {connection for connection, _ in below}
    assert order not in str(collector)  # neither numbers nor addresses with their query


async def test_the_schedule_alone_brings_orders_in(stage: Stage) -> None:
    write(stage, orders='every = "1s"')
    async with running(stage) as run:
        await at_rest(run)
        order = await stage.place()

        async def arrived() -> bool:
            return order in await created(stage)

        await until(arrived)
        assert await run.end(signal.SIGTERM) == 0


async def test_sigterm_in_the_middle_of_an_import_leaves_nothing_in_doubt(service: Stage) -> None:
    placed = await service.shopee.act("POST", "/orders/bulk", {"count": 30, "order": ONE_SHIRT})
    async with running(service) as run:

        async def under_way() -> bool:
            return len(await created(service)) > 2

        await until(under_way)
        assert await run.end(signal.SIGTERM) == 0
    [status] = (await service.crossdock("status", "--json")).json
    assert status["in_doubt"] == 0
    assert set(await created(service)) <= set(placed["order_sns"])


async def test_sigkill_in_the_middle_of_an_import_loses_nothing_and_doubles_nothing(service: Stage) -> None:
    placed = await service.shopee.act("POST", "/orders/bulk", {"count": 30, "order": ONE_SHIRT})
    for more in (4, 12):
        async with running(service) as run:

            async def under_way(more: int = more) -> bool:
                return len(await created(service)) > more

            await until(under_way)
            await run.end(signal.SIGKILL)
    async with running(service) as run:
        await at_rest(run)
        assert await run.end(signal.SIGTERM) == 0
    assert Counter(await created(service)) == Counter(placed["order_sns"])


async def test_messages_that_are_forged_unknown_or_repeated_do_nothing(service: Stage) -> None:
    body = json.dumps({"code": 3, "shop_id": 1, "timestamp": 1, "data": {}, "msg_id": "m1"}).encode()
    async with running(service) as run:
        await at_rest(run)
        key = service.shopee.credentials["partner_key"].encode()
        signed = hmac.new(key, f"{run.url}/push/shop|".encode() + body, hashlib.sha256).hexdigest()
        assert await run.post("/push/shop", body, Authorization="0" * 64) == (401, "")
        assert (await run.post("/push/nobody", body, Authorization=signed))[0] == 404
        assert (await run.post("/push/shop", b"x" * 600_000, Authorization=signed))[0] == 413
        for _ in range(2):
            assert await run.post("/push/shop", body, Authorization=signed) == (200, "")
        text = (await run.get("/metrics"))[1]
    assert 'crossdock_push_messages_total{connection="shop",outcome="refused"} 1.0' in text
    assert 'crossdock_push_messages_total{connection="shop",outcome="taken"} 1.0' in text
    assert 'crossdock_push_messages_total{connection="shop",outcome="repeated"} 1.0' in text


async def subscribe_to_orders(stage: Stage, address: str) -> None:
    """An administrator has Business Central tell of changes, which tries the address first."""
    http, given = stage.central.http, stage.central.credentials
    wanted = {name: given[name] for name in ("client_id", "client_secret")}
    form = {"grant_type": "client_credentials", "scope": "https://api.businesscentral.dynamics.com/.default", **wanted}
    async with http.post(f"{stage.central.url}{given['token_path']}", data=form) as answer:
        bearer = {"Authorization": f"Bearer {(await answer.json())['access_token']}"}
    resource = f"/api/v2.0/companies({given['company_id']})/salesOrders"
    body = {"notificationUrl": address, "resource": resource, "clientState": "a-shared-secret"}
    subscriptions = f"{stage.central.url}{given['online_path']}/api/v2.0/subscriptions"
    async with http.post(subscriptions, json=body, headers=bearer) as answer:
        assert answer.status == 201, await answer.text()


async def test_the_erp_finds_us_by_its_handshake_and_what_it_tells_of_orders_is_followed(stage: Stage) -> None:
    write(stage, orders='every = "1d"', central='webhook_secret = "a-shared-secret"')
    async with running(stage) as run:
        for ask in (run.get("/push/central?validationToken=abc"), run.post("/push/central?validationToken=abc", b"")):
            assert await ask == (200, "abc")
        await at_rest(run)
        await subscribe_to_orders(stage, f"{run.url}/push/central")
        await pushes_to(stage, run)
        order = await stage.place()

        async def arrived() -> bool:
            return order in await created(stage)

        await until(arrived)
        await stage.shopee.act("PUT", "/push", {"url": ""})
        told = f"{run.url}/push/central/a-shared-secret"
        await stage.central.act("PUT", "/order-messages", {"url": told})
        await stage.central.act("POST", f"/orders/{order}/post")

        async def arranged() -> bool:
            return [one["key"] for one in await stage.shopee.writes("ship_order")] == [order]

        await until(arranged)
        await stage.central.act("POST", "/clock", {"advance_seconds": 31})

        async def notified() -> bool:
            return "webhook: salesOrders" in str(run.events("push.taken"))

        await until(notified)
    heard = [event for event in run.events("push.taken") if "order message: orderShipping" in event["nudges"]]
    assert [event["connection"] for event in heard] == ["central"]


async def test_health_and_metrics_tell_how_lanes_fare_to_those_who_know_the_token(stage: Stage) -> None:
    write(stage, f'{RUNNER}token = "a-token-that-is-long-enough"\n', orders='every = "1d"')
    async with running(stage) as run:
        assert (await run.get("/health"))[0] == 401
        assert (await run.get("/metrics", Authorization="Bearer a-wrong-one"))[0] == 401
        assert (await run.get("/health/live"))[0] == 200
        known = {"Authorization": "Bearer a-token-that-is-long-enough"}
        status, health = await run.get("/health", **known)
        assert status == 200
        assert "sg/orders" in json.loads(health)["lanes"]

        async def measured() -> bool:
            text = (await run.get("/metrics", **known))[1]
            return 'crossdock_lane_runs_total{lane="sg/orders",outcome="done"} 1.0' in text

        await until(measured)
        text = (await run.get("/metrics", **known))[1]
    for name in (
        "lane_lag_seconds",
        "steps_in_doubt",
        "orders_parked",
        "http_wait_seconds_total",
        "http_answers_total",
    ):
        assert f"crossdock_{name}{{" in text
    assert "a-token-that-is-long-enough" not in text + health + json.dumps(run.logs)


@pytest.mark.skipif(CHOSEN != "local", reason="many machines share a ledger")
async def test_a_second_service_on_the_same_ledger_is_refused(service: Stage) -> None:
    async with running(service) as run:
        await at_rest(run)
        done = await service.crossdock("run", code=2)
        assert "another `crossdock run` works on this ledger" in done.err
        assert run.process.returncode is None


async def test_sighup_takes_a_valid_config_and_keeps_the_old_one_from_an_invalid_one(service: Stage) -> None:
    async with running(service) as run:
        await at_rest(run)
        path = write(service, f"{RUNNER}lanes_at_once = 0\n", orders='every = "1s"')
        run.process.send_signal(signal.SIGHUP)

        async def refused() -> bool:
            return bool(run.events("config.refused"))

        await until(refused)
        assert str(path) in run.events("config.refused")[0]["reason"]
        assert (await run.get("/health"))[0] == 200

        write(service, orders='every = "1s"')
        run.process.send_signal(signal.SIGHUP)
        order = await service.place()

        async def arrived() -> bool:
            return order in await created(service)

        await until(arrived)
        assert await run.end(signal.SIGTERM) == 0


async def test_listening_for_others_without_a_token_is_refused(stage: Stage) -> None:
    write(stage, '[runner]\nhost = "0.0.0.0"\n')
    done = await stage.crossdock("run", code=2)
    assert "so a token is needed" in done.err


async def test_an_order_that_was_pushed_is_not_lost_when_the_service_dies_at_once(service: Stage) -> None:
    await service.central.faults({"kind": "unavailable", "path": "OmniWrapper", "probability": 1.0})
    async with running(service) as run:
        await until(lambda: asyncio.sleep(0, bool(run.events("lane.started"))))
        await pushes_to(service, run)
        order = await service.place()

        async def taken() -> bool:
            return any(event["nudges"] for event in run.events("push.taken"))

        await until(taken)
        await run.end(signal.SIGKILL)
    await service.central.faults()
    async with running(service) as run:

        async def arrived() -> bool:
            return order in await created(service)

        await until(arrived)
    await fetches_what_never_arrived(service)


async def fetches_what_never_arrived(stage: Stage) -> None:
    """What the shop could not deliver for hours is asked for."""
    await stage.shopee.act("PUT", "/push", {"url": "http://127.0.0.1:9/push/shop"})
    await stage.place()
    for _ in range(4):
        await stage.wait(11_000)
        await stage.shopee.act("POST", "/push/deliver")
    write(stage, f'{RUNNER}lost_pushes_every = "1s"\n', orders='every = "1d"')
    async with running(stage) as run:
        await until(lambda: asyncio.sleep(0, run.events("push.recovered")))
        assert 'outcome="recovered"' in (await run.get("/metrics"))[1]
        assert await run.end(signal.SIGTERM) == 0


ONE_SHIRT = {"items": [{"model_sku": SKUS[0], "quantity": 1, "original_price": "20.00"}]}
