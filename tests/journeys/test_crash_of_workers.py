"""Workers are killed again and again while orders flow, and PostgreSQL goes away: nothing twice, nothing missing."""

from __future__ import annotations

import pytest

from benchmarks.crash import Plan, measure

_FEW = Plan(orders=18, shops=1, workers=2, kill_every=1.5, outage=2.0, place_seconds=1.0, most_kills=3, patience=240.0)
_MANY = Plan(orders=200, outage=5.0, place_seconds=20.0)


@pytest.mark.parametrize("plan", [pytest.param(_FEW, id="few"), pytest.param(_MANY, id="many", marks=pytest.mark.long)])
def test_orders_survive_kills_and_an_outage(plan: Plan) -> None:
    found = measure(plan)
    assert (found["twice"], found["missing"], found["out_of_order"], found["unknown"]) == (0, 0, 0, 0)
    assert (found["linked"], found["in_doubt"], found["parked"]) == (plan.orders, 0, 0)
    assert found["kills"] >= plan.least_kills
    assert found["exit_codes"] == [0]
