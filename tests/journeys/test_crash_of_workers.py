"""Workers are killed again and again while orders flow, and PostgreSQL goes away: nothing twice, nothing missing."""

from __future__ import annotations

import pytest

from benchmarks.crash import Plan, measure


@pytest.mark.long
def test_two_hundred_orders_survive_kills_and_an_outage() -> None:
    found = measure(Plan(orders=200, outage=5.0, place_seconds=20.0))
    assert (found["twice"], found["missing"], found["out_of_order"], found["unknown"]) == (0, 0, 0, 0)
    assert (found["linked"], found["in_doubt"], found["parked"]) == (200, 0, 0)
    assert found["kills"] > 5
    assert found["taken_over"] > 0
