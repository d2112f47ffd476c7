"""Ten thousand shops for an evening with a flash sale, on a virtual clock: how late orders are, with how many workers.

What one order and one idle poll cost is measured first, on this machine, with the real engine; everything else is
drawn: orders come with the hour of the day, some shops are far larger than others, and a tenth of them has a sale for
half an hour in which fifty times as many come. Push messages wake a shop's lane, some are lost, and each shop is polled
every five minutes whatever happens. A lane takes what is there, for a slice of time at most, bound by its backend's
rate and latency and by the worker's one core. Lag is from the order to its document.
"""

from __future__ import annotations

import argparse
import heapq
import math
import statistics
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from benchmarks.command import show
from benchmarks.job import Job
from benchmarks.programs import measure
from benchmarks.sandboxes import one_round

DAY = 86_400.0
WAKE, END = 0, 1

Event = tuple[float, int, int]
"""When; whether a shop's lane is woken or its run ends; which shop."""


@dataclass(frozen=True)
class Costs:
    """What things cost, in seconds of one core and in commits."""

    order_cpu: float
    poll_cpu: float
    order_commits: float
    job_statements: float = 4.0

    @classmethod
    def measured(cls, orders: int) -> Costs:
        """Of the real engine: an order with the plugins for Shopee and LS Central, all else with the fake systems."""
        real, found = one_round(orders), measure("ours", Job(4 * orders, client="aiohttp", polls=20))
        return cls(real["cpu_us_per_order"] / 1e6, found["cpu_ms_per_idle_poll"] / 1e3, found["commits_per_order"])


@dataclass(frozen=True)
class Evening:
    """What is simulated.

    Attributes:
        shops: how many.
        orders_a_day: of the average shop.
        begin, hours: from which hour of the day, for how long.
        sale_share, sale_factor, sale_at, sale_hours: how many shops have a sale, how many times the orders, when.
        poll_every, push_delay, push_lost: seconds, seconds on average, share.
        call, in_flight, backend_rate: seconds a call takes; documents at once; calls per second that a backend allows.
        slots: lanes that a worker runs at once.
        slice_seconds: after which a lane gives way.
    """

    shops: int = 10_000
    orders_a_day: float = 100.0
    begin: float = 19.0
    hours: float = 3.0
    sale_share: float = 0.1
    sale_factor: float = 50.0
    sale_at: float = 20.5
    sale_hours: float = 0.5
    poll_every: float = 300.0
    push_delay: float = 2.0
    push_lost: float = 0.01
    call: float = 0.15
    in_flight: int = 8
    backend_rate: float = 10.0
    slots: int = 50
    slice_seconds: float = 20.0
    seed: int = 1

    def wave(self, hour: float) -> float:
        """How many times the average come at this hour: least at four in the morning, most in the evening."""
        return (
            1.0
            + 0.9 * math.cos((hour - 21.0) / 24.0 * 2 * math.pi)
            + 0.1 * math.cos((hour - 12.0) / 12.0 * 2 * math.pi)
        )


@dataclass
class Worker:
    """One process on one core."""

    running: int = 0
    core_free_at: float = 0.0
    busy: float = 0.0


@dataclass
class Simulation:
    """One evening with a number of workers."""

    evening: Evening
    costs: Costs
    arrivals: Sequence[Sequence[float]]
    workers: list[Worker]
    lags: list[float] = field(default_factory=list)
    sale_lags: list[float] = field(default_factory=list)
    statements: dict[int, float] = field(default_factory=dict)
    runs: int = 0

    def __post_init__(self) -> None:
        self._random = Random(self.evening.seed)
        shops = range(self.evening.shops)
        self._taken = [0 for _ in shops]
        self._waiting: deque[int] = deque()
        self._at_work: dict[int, Worker] = {}
        self._known = [False for _ in shops]
        self._again = [False for _ in shops]
        self._events: list[Event] = list(self._wakings())
        heapq.heapify(self._events)

    def run(self) -> None:
        """Let the evening pass, and then as long as it takes until all is done."""
        while self._events:
            now, kind, shop = heapq.heappop(self._events)
            if kind == END:
                self._end(shop)
            else:
                self._wake(shop)
            self._start(now)

    def _wakings(self) -> Iterator[Event]:
        evening, random = self.evening, self._random
        end = evening.hours * 3_600
        for shop, times in enumerate(self.arrivals):
            for at in times:
                if random.random() >= evening.push_lost:
                    yield at + random.expovariate(1 / evening.push_delay), WAKE, shop
            at = random.uniform(0, evening.poll_every)
            while at < end + evening.poll_every:
                yield at, WAKE, shop
                at += evening.poll_every

    def _wake(self, shop: int) -> None:
        if self._known[shop]:
            self._again[shop] = True  # it waits or runs already: one more look is kept
        else:
            self._known[shop] = True
            self._waiting.append(shop)

    def _start(self, now: float) -> None:
        while self._waiting:
            able = [worker for worker in self.workers if worker.running < self.evening.slots]
            worker = min(able, key=lambda one: (one.core_free_at, one.running), default=None)
            if worker is None:
                return
            self._work(now, self._waiting.popleft(), worker)

    def _work(self, now: float, shop: int, worker: Worker) -> None:
        """One run of a lane: when it ends, and when each of its orders is done."""
        evening, costs, self.runs = self.evening, self.costs, self.runs + 1
        times, first = self.arrivals[shop], self._taken[shop]
        each = max(evening.call / evening.in_flight, 1 / evening.backend_rate)
        most, last = max(int(evening.slice_seconds / each), 1), first
        while last < len(times) and times[last] <= now and last - first < most:
            last += 1
        count = last - first
        cpu = costs.poll_cpu + count * costs.order_cpu
        worker.core_free_at = max(worker.core_free_at, now) + cpu
        worker.busy += cpu
        read = evening.call * (2 if count else 1)
        ends = max(now + read + count * each + (evening.call if count else 0), worker.core_free_at)
        self._note(now, ends, read, times[first:last])
        self._taken[shop], worker.running = last, worker.running + 1
        self._again[shop] |= last < len(times) and times[last] <= now
        self._at_work[shop] = worker
        heapq.heappush(self._events, (ends, END, shop))

    def _note(self, now: float, ends: float, read: float, times: Sequence[float]) -> None:
        evening, minute = self.evening, int(now // 60)
        told = self.costs.job_statements + len(times) * self.costs.order_commits
        self.statements[minute] = self.statements.get(minute, 0.0) + told
        span = (ends - now - read) / max(len(times), 1)
        sale = evening.sale_at - evening.begin
        for number, at in enumerate(times, 1):
            lag = now + read + number * span - at
            self.lags.append(lag)
            if sale * 3_600 <= at < (sale + evening.sale_hours) * 3_600:
                self.sale_lags.append(lag)

    def _end(self, shop: int) -> None:
        self._at_work.pop(shop).running -= 1
        self._known[shop] = False
        if self._again[shop]:
            self._again[shop] = False
            self._wake(shop)

    def figures(self) -> dict[str, float]:
        """What came of it."""
        rates = sorted(count / 60 for count in self.statements.values())
        length = max(self.statements) * 60 + 60
        return {
            "orders": len(self.lags),
            "lag_p50_s": _at(self.lags, 0.5),
            "lag_p99_s": _at(self.lags, 0.99),
            "lag_p99_in_the_sale_s": _at(self.sale_lags, 0.99),
            "cores_busy": round(sum(worker.busy for worker in self.workers) / length, 2),
            "lane_runs_per_second": round(self.runs / length, 1),
            "statements_per_second": round(statistics.median(rates), 1),
            "statements_per_second_at_most": round(rates[-1], 1),
        }


def _at(lags: Sequence[float], share: float) -> float:
    ordered = sorted(lags)
    return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 1) if ordered else 0.0


def arrivals(evening: Evening) -> list[list[float]]:
    """When orders come at each shop, in seconds since the beginning: a Poisson process by thinning."""
    random, found = Random(evening.seed + 1), []
    sale = ((evening.sale_at - evening.begin) * 3_600, (evening.sale_at - evening.begin + evening.sale_hours) * 3_600)
    for _ in range(evening.shops):
        mean = random.lognormvariate(-0.5, 1.0) * evening.orders_a_day / DAY  # its mean is 1, its largest shops 50
        factor = evening.sale_factor if random.random() < evening.sale_share else 1.0
        found.append(list(_times(evening, mean, factor, sale, random)))
    return found


def _times(evening: Evening, mean: float, factor: float, sale: tuple[float, float], random: Random) -> Iterator[float]:
    highest, at, end = mean * 2 * factor, 0.0, evening.hours * 3_600
    while (at := at + random.expovariate(highest)) < end:
        rate = mean * evening.wave(evening.begin + at / 3_600) * (factor if sale[0] <= at < sale[1] else 1.0)
        if random.random() * highest < rate:
            yield at


def simulate(evening: Evening, costs: Costs, workers: Sequence[int]) -> dict[str, dict[str, float]]:
    """The same evening with each number of workers."""
    times, found = arrivals(evening), {}
    for count in workers:
        simulation = Simulation(evening, costs, times, [Worker() for _ in range(count)])
        simulation.run()
        found[f"{count} workers"] = simulation.figures()
    return found


def main(given: Sequence[str]) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--shops", type=int, default=10_000, help="shops (10000)")
    parser.add_argument("--orders-a-day", type=float, default=100.0, help="of the average shop (100)")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4, 8], help="numbers of workers (1 2 4 8)")
    parser.add_argument("--orders", type=int, default=500, help="orders with which the costs are measured (500)")
    options = parser.parse_args(given)
    costs, evening = Costs.measured(options.orders), Evening(options.shops, options.orders_a_day)
    found: dict[str, Any] = simulate(evening, costs, options.workers)
    shown = {"costs": asdict(costs), "evening": asdict(evening), "simulated": found}
    show("scale", shown, as_json=options.json)
