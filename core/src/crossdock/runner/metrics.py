"""The board and the ledger as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from crossdock.clock import Clock
from crossdock.http import HttpClient
from crossdock.ledger import Standing, Standings
from crossdock.runner.board import BOUNDS, Board, Delays

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Rows = Iterable[tuple[tuple[str, ...], float]]


def exposition(
    board: Board, clients: Mapping[str, HttpClient], standings: Standings, clock: Clock, tasks: int = 0
) -> bytes:
    """Everything that is measured, in the text format.

    Args:
        board: what the service counted.
        clients: connection to its HTTP client.
        standings: how routes stand by the ledger.
        clock: the only source of time.
        tasks: how many tasks the event loop has.
    """
    registry = CollectorRegistry(auto_describe=False)
    lanes, routes = _lanes(board, clock.monotonic()), _ledger(standings, clock.now())
    registry.register(
        _Reading([*_loop(board, tasks), *lanes, *routes, *_reconciled(board), *_connections(board), *_http(clients)])
    )
    return generate_latest(registry)


class _Reading(Collector):
    """What was read a moment ago: reading the ledger takes waiting, which a collector cannot."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _gauge(name: str, text: str, labels: Sequence[str], rows: Rows) -> Metric:
    family = GaugeMetricFamily(f"crossdock_{name}", text, labels=labels)
    for values, number in rows:
        family.add_metric(values, number)
    return family


def _counter(name: str, text: str, labels: Sequence[str], rows: Rows) -> Metric:
    family = CounterMetricFamily(f"crossdock_{name}", text, labels=labels)
    for values, number in rows:
        family.add_metric(values, number)
    return family


def _histogram(name: str, text: str, label: str, rows: Iterable[tuple[str, Delays]]) -> Metric:
    family = HistogramMetricFamily(f"crossdock_{name}", text, labels=[label])
    bounds = [*(str(bound) for bound in BOUNDS), "+Inf"]
    for value, delays in rows:
        buckets = list(zip(bounds, map(float, accumulate(delays.counts)), strict=True))
        family.add_metric([value], buckets, delays.seconds)
    return family


def _lanes(board: Board, now: float) -> Iterator[Metric]:
    lanes = board.lanes.items()
    text = "Seconds since both sides were last known to agree."
    yield _gauge("lane_lag_seconds", text, ["lane"], [((name,), lane.lag(now)) for name, lane in lanes])
    runs = [((name, outcome), float(count)) for name, lane in lanes for outcome, count in lane.runs.items()]
    yield _counter("lane_runs", "Runs of lanes by how they ended.", ["lane", "outcome"], runs)
    steps = [((name, *step), float(count)) for name, lane in lanes for step, count in lane.steps.items()]
    yield _counter("steps", "Steps by how they ended.", ["lane", "step", "outcome"], steps)
    orders = [(name, lane) for name, lane in lanes if name.endswith("/orders")]
    text = "From a change on the channel until asking for changes found it, where no push message had told of it."
    yield _histogram("found_by_poll_seconds", text, "lane", [(name, lane.found_late) for name, lane in orders])
    text = "Changes found by asking more than a minute later, of which a push message should have told."
    yield _counter("missed_by_push", text, ["lane"], [((name,), float(lane.missed)) for name, lane in orders])


def _loop(board: Board, tasks: int) -> Iterator[Metric]:
    blocked = [(names, float(count)) for names, count in board.blocked.items()]
    yield _counter(
        "loop_blocked", "Times that the event loop stood still, by who held it.", ["plugin", "verb"], blocked
    )
    yield _gauge("tasks", "Tasks of the event loop; they come to rest with the work.", [], [((), float(tasks))])


def _reconciled(board: Board) -> Iterator[Metric]:
    found = board.reconciled.items()
    rows = [((route, kind.value), float(count)) for route, last in found for kind, count in last.found.items()]
    text = "What the last comparison of both sides with the ledger found."
    yield _gauge("reconciliation_findings", text, ["route", "kind"], rows)
    ended = [((route,), last.at.timestamp()) for route, last in found]
    yield _gauge("reconciled_timestamp_seconds", "When that comparison ended.", ["route"], ended)


def _ledger(standings: Standings, now: datetime) -> Iterator[Metric]:
    routes = standings.routes.values()

    def of(name: str, text: str, value: Callable[[Standing], float]) -> Metric:
        return _gauge(name, text, ["route"], [((one.route,), value(one)) for one in routes])

    yield of("orders", "Orders that are known.", lambda one: one.orders)
    yield of("orders_linked", "Orders with a document.", lambda one: one.linked)
    yield of("orders_parked", "Orders that wait for a person.", lambda one: one.parked)
    yield of("orders_unsynced", "Orders to be fulfilled that have no document yet.", lambda one: one.unsynced)
    text = "Since the oldest order without a document was last seen to change; 0 without one."
    yield of("oldest_unsynced_order_seconds", text, lambda one: seconds_since(one.unsynced_since, now))
    yield of("orders_overdue", "Orders not arranged that should have left.", lambda one: one.overdue)
    yield of("orders_due_soon", "Orders not arranged that have to leave within a day.", lambda one: one.due_soon)
    yield of("steps_in_doubt", "Steps without a known outcome.", lambda one: one.in_doubt)
    yield of("steps_waiting", "Steps to be tried again.", lambda one: one.waiting)
    rows = [((lane,), float(count)) for lane, count in standings.parked.items()]
    yield _gauge("parked", "Items that wait for a person; a lane without flow is that of orders.", ["lane"], rows)


def seconds_since(moment: datetime | None, now: datetime) -> float:
    """How long ago; 0 for never."""
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())


def _connections(board: Board) -> Iterator[Metric]:
    pushes = [(names, float(count)) for names, count in board.pushes.items()]
    yield _counter("push_messages", "Push messages by what came of them.", ["connection", "outcome"], pushes)
    text = "From a change, as a push message tells it, until the message came."
    yield _histogram("push_delay_seconds", text, "connection", board.push_delays.items())
    paused = [((name,), 1.0) for name in board.paused]
    yield _gauge("connection_paused", "1 for a connection that has to sign in.", ["connection"], paused)
    ends = [((name,), at.timestamp()) for name, at in board.sign_in_ends.items()]
    yield _gauge("sign_in_ends_timestamp_seconds", "When an authorisation ends, as told.", ["connection"], ends)


def _http(clients: Mapping[str, HttpClient]) -> Iterator[Metric]:
    stats = [(name, client.stats) for name, client in clients.items()]
    answers = [((name, f"{kind}xx"), float(n)) for name, one in stats for kind, n in one.statuses.items()]
    yield _counter("http_answers", "Answers by class of status.", ["connection", "class"], answers)
    failures = [((name, error), float(n)) for name, one in stats for error, n in one.failures.items()]
    yield _counter("http_failures", "Calls that failed, by what follows.", ["connection", "error"], failures)
    label = ["connection"]
    yield _counter("http_calls", "Requests sent, with retries.", label, [((n,), s.calls) for n, s in stats])
    yield _counter("http_retries", "Requests sent again.", label, [((n,), s.retries) for n, s in stats])
    waits = [((name,), one.wait_seconds) for name, one in stats]
    yield _counter("http_wait_seconds", "Time spent waiting for rate limits and retries.", label, waits)
