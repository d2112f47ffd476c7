import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossdock.http import RateLimit
from crossdock.http.rate import Bucket

limits = st.builds(
    RateLimit,
    requests_per_second=st.floats(0.1, 500),
    burst=st.floats(1, 50),
    floor=st.floats(0.01, 1),
    recovery_seconds=st.floats(1, 600),
)
Complaint = tuple[float, float | None]


@given(
    limits, st.lists(st.one_of(st.floats(0, 3), st.tuples(st.floats(0, 1), st.none() | st.floats(0, 5))), max_size=60)
)
def test_no_window_of_time_holds_more_than_burst_and_ceiling_allow(limit, events):
    now, bucket, passed = 0.0, Bucket(limit, 0.0), []
    for event in events:
        if isinstance(event, tuple):
            now += event[0]
            bucket.slow_down(now, event[1])
            continue
        now += event
        while bucket.wait(now) == 0 and len(passed) < 400:
            bucket.take()
            passed.append(now)
    for first, began in enumerate(passed):
        for last in range(first, len(passed)):
            allowed = limit.burst + (passed[last] - began) * limit.requests_per_second
            assert last - first + 1 <= allowed + 1e-6


@given(limits, st.lists(st.floats(0, 2), max_size=30))
def test_the_rate_stays_between_floor_and_ceiling_and_climbs_back(limit, complaints):
    now, bucket = 0.0, Bucket(limit, 0.0)
    for passed in complaints:
        now += passed
        bucket.slow_down(now)
        assert limit.requests_per_second * limit.floor <= bucket.rate <= limit.requests_per_second
    now += limit.recovery_seconds
    bucket.wait(now)
    assert bucket.rate == pytest.approx(limit.requests_per_second)


@given(limits)
def test_waiting_as_long_as_told_is_long_enough(limit):
    bucket, now = Bucket(limit, 0.0), 0.0
    for _ in range(20):
        now += bucket.wait(now)
        assert bucket.wait(now) == 0
        bucket.take()


def test_a_burst_of_complaints_halves_the_rate_once():
    bucket = Bucket(RateLimit(10), 0.0)
    for _ in range(16):
        bucket.slow_down(5.0)
    assert bucket.rate == 5
    bucket.slow_down(6.0)
    assert bucket.rate == pytest.approx(5.0 / 2 + 10 / 120 / 2)


def test_a_silence_that_was_asked_for_is_kept():
    bucket = Bucket(RateLimit(100, burst=10), 0.0)
    bucket.slow_down(1.0, after=30.0)
    assert (bucket.pause(1.0), bucket.wait(21.0), bucket.wait(31.0)) == (30.0, 10.0, 0.0)


def test_a_clock_that_stands_still_or_goes_back_fills_nothing():
    bucket = Bucket(RateLimit(1), 10.0)
    bucket.take()
    assert bucket.wait(10.0) == 1
    assert bucket.wait(9.0) == 1


@pytest.mark.parametrize(
    "wrong", [{"requests_per_second": 0}, {"burst": 0.5}, {"floor": 0}, {"floor": 2}, {"recovery_seconds": 0}]
)
def test_an_impossible_limit_is_refused(wrong):
    with pytest.raises(ValueError, match="A rate limit needs"):
        RateLimit(**{"requests_per_second": 1, **wrong})
