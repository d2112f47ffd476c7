from random import Random

from hypothesis import given
from hypothesis import strategies as st

from crossdock.errors import TryLater
from crossdock.http import RetryPolicy


@given(st.integers(1, 9), st.floats(0, 60), st.none() | st.floats(0, 100), st.integers())
def test_a_wait_is_never_shorter_than_their_wish_nor_longer_than_the_policy(tries, elapsed, after, seed):
    policy = RetryPolicy(attempts=6, total_seconds=40, first_seconds=1, longest_seconds=8)
    wait = policy.wait(TryLater("Busy.", after=after), tries, elapsed, Random(seed))
    if wait is None:
        assert tries >= 6 or elapsed + (after or 0) + min(2 ** (tries - 1), 8) > 40
    else:
        assert (after or 0) <= wait <= (after or 0) + min(2 ** (tries - 1), 8)
        assert elapsed + wait <= 40


def test_one_attempt_means_no_second_try():
    assert RetryPolicy(attempts=1).wait(TryLater("Busy."), 1, 0.0, Random(1)) is None


def test_those_who_failed_together_do_not_return_together():
    random = Random(1)
    waits = {RetryPolicy().wait(TryLater("Busy."), 3, 0.0, random) for _ in range(20)}
    assert len(waits) == 20
