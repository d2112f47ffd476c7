"""The figures of the service: a handful of messages and orders, and no word about how long anything takes."""

from __future__ import annotations

import asyncio
import json

import pytest

from benchmarks import latency, push
from benchmarks.service import SELDOM, _many, at_rest, percentiles, serving


def test_percentiles_are_told_in_milliseconds():
    assert percentiles([0.001 * number for number in range(1, 101)]) == {
        "p50_ms": 51.0,
        "p99_ms": 100.0,
        "worst_ms": 100.0,
    }


def test_a_config_of_many_shops_has_a_connection_and_a_route_for_each():
    one = '[connections.shop]\nx = 1\n[connections.central]\n[routes.sg]\nchannel = "shop"\n[routes.sg.orders]\n'
    made = _many(one, 2)
    assert made.count("[connections.shop-") == made.count("[routes.r-shop-1") == 2  # the route, and its flow
    assert 'channel = "shop-1"' in made


def test_a_message_is_what_shopee_sends():
    body = json.loads(push.message(7))
    assert (body["code"], body["data"]["ordersn"]) == (3, "26PUSH00000007")


@pytest.fixture(scope="module")
def service():
    with serving(SELDOM) as running:
        asyncio.run(at_rest(running, 1))
        yield running


def test_every_message_that_is_acknowledged_is_kept(service):
    told = asyncio.run(push.send(service, rate=100, seconds=0.3))
    assert told["statuses"] == {200: 30}
    assert push.kept(service) == 30
    assert service.cpu_seconds() > 0
    assert service.rss_mb() > 10


def test_from_a_message_to_the_document_every_order_is_measured(service):
    assert len(asyncio.run(latency.measure(service, 2))) == 2
