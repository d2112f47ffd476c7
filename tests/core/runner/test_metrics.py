"""Metrics: the board and the ledger as Prometheus reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from prometheus_client.parser import text_string_to_metric_families

from crossdock.clock import FakeClock
from crossdock.dispatch import Lane
from crossdock.flows.orders.report import Report
from crossdock.ledger import Standing, Standings
from crossdock.runner.board import Board, Delays
from crossdock.runner.metrics import exposition


class Ten(FakeClock):
    """Ten seconds after its start."""

    def monotonic(self):
        return 10.0


def samples(board, standings=None):
    text = exposition(board, {}, standings or Standings(), Ten()).decode()
    families = text_string_to_metric_families(text)
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value for family in families for sample in family.samples
    }


def board_of(*lanes):
    board = Board()
    board.opened([Lane(name, 60.0) for name in lanes], 0.0)
    return board


def test_lag_is_told_for_each_lane():
    assert samples(board_of("sg/orders", "sg/stock"))["crossdock_lane_lag_seconds", "sg/stock"] == 10


def test_what_was_found_by_asking_is_a_histogram_and_what_came_late_was_missed_by_push():
    board = board_of("sg/orders")
    board.lanes["sg/orders"].took(Report("sg", delays=[0.2, 61.0, 400.0, -3.0]), 10.0)
    found = samples(board)
    assert found["crossdock_missed_by_push_total", "sg/orders"] == 2
    assert found["crossdock_found_by_poll_seconds_bucket", "0.5", "sg/orders"] == 2
    assert found["crossdock_found_by_poll_seconds_bucket", "300.0", "sg/orders"] == 3
    assert found["crossdock_found_by_poll_seconds_count", "sg/orders"] == 4
    assert found["crossdock_found_by_poll_seconds_sum", "sg/orders"] == 461.2


def test_only_lanes_of_orders_wait_for_push_messages():
    assert not [name for name in samples(board_of("sg/stock")) if "missed" in name[0]]


def test_push_messages_are_counted_and_their_delays_measured():
    board = board_of()
    board.pushes["shop", "recovered"] += 3
    delays = board.push_delays.setdefault("shop", Delays())
    delays.add(2.0)
    found = samples(board)
    assert found["crossdock_push_messages_total", "recovered", "shop"] == 3
    assert found["crossdock_push_delay_seconds_bucket", "5.0", "shop"] == 1
    assert found["crossdock_push_delay_seconds_bucket", "1.0", "shop"] == 0


def test_the_end_of_an_authorisation_is_a_moment():
    board = board_of()
    board.sign_in_ends["shop"] = datetime(2026, 3, 1, tzinfo=UTC)
    assert samples(board)["crossdock_sign_in_ends_timestamp_seconds", "shop"] == 1772323200


def test_how_routes_stand_is_told_route_by_route_and_lane_by_lane():
    since = FakeClock().now() - timedelta(minutes=5)
    routes = {"sg": Standing("sg", orders=7, unsynced=1, unsynced_since=since, overdue=2), "my": Standing("my")}
    found = samples(board_of(), Standings(routes, {"sg/stock": 3}))
    assert found["crossdock_orders", "sg"] == 7
    assert found["crossdock_oldest_unsynced_order_seconds", "sg"] == 300
    assert found["crossdock_oldest_unsynced_order_seconds", "my"] == 0
    assert found["crossdock_orders_overdue", "sg"] == 2
    assert found["crossdock_parked", "sg/stock"] == 3
