"""Cron expressions by clocks on the wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crossdock.flows.schedule import Cron


def moments(cron, start, count):
    found, now = [], start
    for _ in range(count):
        now += timedelta(seconds=cron.seconds_to_next(now))
        found.append(now)
    return found


def test_the_next_moment_is_always_later_even_when_it_is_one():
    start = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    assert moments(Cron("0 3 * * *"), start, 2) == [start + timedelta(days=1), start + timedelta(days=2)]


def test_it_is_the_clock_of_the_zone_that_counts():
    [first] = moments(Cron("30 9 * * *", "Asia/Singapore"), datetime(2026, 11, 22, 12, tzinfo=UTC), 1)
    assert first == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def test_a_moment_that_clocks_skip_comes_right_after_and_one_that_comes_twice_counts_once():
    zone = ZoneInfo("Europe/Berlin")
    spring = moments(Cron("30 2 * * *", "Europe/Berlin"), datetime(2026, 3, 28, 12, tzinfo=UTC), 2)
    assert [at.astimezone(zone).strftime("%d %H:%M") for at in spring] == ["29 03:00", "30 02:30"]
    autumn = moments(Cron("30 2 * * *", "Europe/Berlin"), datetime(2026, 10, 24, 12, tzinfo=UTC), 2)
    assert [at.astimezone(zone).strftime("%d %H:%M") for at in autumn] == ["25 02:30", "26 02:30"]


def test_the_longest_gap_of_working_days_is_the_weekend():
    assert Cron("0 3 * * 1-5").longest_gap(datetime(2026, 11, 25, tzinfo=UTC)) == 3 * 86_400


@pytest.mark.parametrize("zone", ["", "../etc/passwd", "Nowhere/Land"])
def test_what_is_no_zone_is_refused(zone):
    with pytest.raises(ValueError, match="is no time zone"):
        Cron("0 3 * * *", zone)
