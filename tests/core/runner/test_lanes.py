"""Which lanes a configuration has, and what they need."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crossdock.dispatch import Cron
from crossdock.flows.options import OrdersOptions, StockOptions
from crossdock.runner.lanes import connections_of, lanes_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_lane_may_have_a_cron_expression_and_is_late_after_its_longest_gap(setup):
    flows = {"orders": OrdersOptions(cron="0 3 * * 1-5", time_zone="Asia/Singapore", jitter=timedelta(minutes=1))}
    [lane] = lanes_of(setup.configuration(**flows), NOW)
    assert (lane.cron, lane.jitter, lane.every) == (Cron("0 3 * * 1-5", "Asia/Singapore"), 60, 3 * 86_400)


def test_every_flow_of_every_route_is_a_lane_on_its_own_schedule(setup):
    flows = {"orders": OrdersOptions(every=timedelta(minutes=3)), "stock": StockOptions()}
    lanes = lanes_of(setup.configuration(**flows), NOW)
    assert [(lane.name, lane.every, lane.priority) for lane in lanes] == [("sg/orders", 180, 0), ("sg/stock", 60, 1)]


def test_a_connection_is_needed_by_all_lanes_of_its_routes(setup):
    flows = {"orders": OrdersOptions(), "stock": StockOptions()}
    assert connections_of(setup.configuration(**flows)) == {
        "shop-sg": ["sg/orders", "sg/stock"],
        "central": ["sg/orders", "sg/stock"],
    }
