"""A rate that several processes share: each leases a little ahead, and a complaint to one slows all."""

from __future__ import annotations

import asyncio

import pytest

from crossdock.clock import FakeClock
from crossdock.errors import TryLater
from crossdock.http import Limits, RateLimit
from crossdock.http.gate import Gate
from crossdock.http.lease import Grant
from crossdock.http.rate import Bucket


class Place:
    """Where all processes see how much is left; it takes a moment to answer."""

    def __init__(self, clock):
        self.clock, self.buckets, self.asked, self.gone = clock, {}, 0, False

    def bucket(self, name, limit):
        return self.buckets.setdefault(name, Bucket(limit, self.clock.monotonic()))

    async def take(self, name, limit, wanted):
        self.asked += 1
        await self.clock.sleep(0.001)
        if self.gone:
            raise TryLater("the ledger does not answer")
        bucket, now = self.bucket(name, limit), self.clock.monotonic()
        tokens = bucket.lease(now, wanted)
        return Grant(tokens, 0.0 if tokens else bucket.wait(now), bucket.pause(now))

    async def slow_down(self, name, limit, after):
        if self.gone:
            raise TryLater("the ledger does not answer")
        self.bucket(name, limit).slow_down(self.clock.monotonic(), after)


class Processes:
    """Some processes that send as fast as they may."""

    def __init__(self, count, rate=10.0, burst=1.0, **limits):
        self.clock = FakeClock()
        self.place = Place(self.clock)
        all_limits = Limits(max_in_flight=1_000, rate=RateLimit(rate, burst), **limits)
        self.gates = [Gate(all_limits, self.clock, self.place, "shop") for _ in range(count)]
        self.passed = [0] * count
        self.tasks = []

    def send(self, number, requests, group=""):
        self.tasks += [asyncio.ensure_future(self._one(number, group)) for _ in range(requests)]

    async def _one(self, number, group):
        gate = self.gates[number]
        if not gate.try_enter(group):
            await gate.enter(group, background=False)
        gate.leave()
        self.passed[number] += 1

    async def close(self):
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for gate in self.gates:
            gate.close()


@pytest.fixture
async def processes():
    made = []

    def make(*args, **kwargs):
        made.append(Processes(*args, **kwargs))
        return made[-1]

    yield make
    for one in made:
        await one.close()


async def test_together_they_send_as_many_as_one_may(processes):
    hall = processes(3)
    for number in range(3):
        hall.send(number, 200)
    await hall.clock.advance(10)
    assert 95 <= sum(hall.passed) <= 10 * 10 + 3 * 3
    assert min(hall.passed) > 10


async def test_one_that_is_alone_gets_all_of_it(processes):
    hall = processes(3)
    hall.send(0, 200)
    await hall.clock.advance(10)
    assert hall.passed[0] >= 95


async def test_leases_are_worth_a_fraction_of_a_second_and_asked_for_seldom(processes):
    hall = processes(1, rate=400.0, burst=400.0)
    hall.send(0, 4_000)
    await hall.clock.advance(5)
    assert 1_900 <= hall.passed[0] <= 2_400
    assert hall.place.asked < 100


async def test_what_was_leased_and_not_used_is_soon_worth_nothing(processes):
    hall = processes(1, rate=400.0, burst=400.0)
    hall.send(0, 1)
    await hall.clock.advance(10)
    asked = hall.place.asked
    hall.send(0, 1)
    await hall.clock.advance(0.01)
    assert hall.place.asked > asked
    assert hall.passed == [2]


async def test_a_complaint_to_one_slows_all(processes):
    hall = processes(2, rate=100.0)
    hall.send(0, 1_000)
    hall.send(1, 1_000)
    await hall.clock.advance(1)
    hall.gates[0].slow_down("", after=5)
    await hall.clock.advance(1)
    before = list(hall.passed)
    await hall.clock.advance(3.5)
    assert hall.passed == before
    await hall.clock.advance(1.5)
    assert sum(hall.passed) > sum(before)
    assert hall.place.buckets["shop/"].rate < 60


async def test_groups_of_endpoints_have_limits_of_their_own_as_well(processes):
    hall = processes(2, rate=100.0, groups={"order": RateLimit(5.0)})
    hall.send(0, 100, "order")
    hall.send(1, 100, "order")
    hall.send(1, 100)
    await hall.clock.advance(5)
    assert 20 <= sum(hall.passed) - 100 <= 35
    assert set(hall.place.buckets) == {"shop/", "shop/order"}


async def test_while_the_place_cannot_be_reached_they_wait_and_then_go_on(processes):
    hall = processes(1)
    hall.place.gone = True
    hall.send(0, 3)
    await hall.clock.advance(10)
    assert hall.passed == [0]
    assert hall.place.asked <= 12
    hall.gates[0].slow_down("", after=1)
    hall.place.gone = False
    await hall.clock.advance(10)
    assert hall.passed == [3]


async def test_a_silence_that_another_was_asked_for_is_kept_here_too(processes):
    hall = processes(2, rate=100.0)
    hall.gates[0].slow_down("", after=20)
    await hall.clock.advance(0)
    hall.send(1, 5)
    await hall.clock.advance(19)
    assert hall.passed == [0, 0]
    await hall.clock.advance(2)
    assert hall.passed == [0, 5]
