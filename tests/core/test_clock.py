import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from crossdock.clock import FakeClock, SystemClock


async def test_the_system_clock_is_aware_and_never_goes_back():
    clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(0)
    assert clock.monotonic() >= before
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_fake_clock_stands_still_until_it_is_moved():
    clock = FakeClock(datetime(2026, 3, 1, tzinfo=UTC))
    await clock.sleep(0)
    assert (clock.now(), clock.monotonic()) == (datetime(2026, 3, 1, tzinfo=UTC), 0)
    await clock.advance(90)
    assert (clock.now(), clock.monotonic()) == (datetime(2026, 3, 1, 0, 1, 30, tzinfo=UTC), 90)


async def test_sleepers_wake_in_the_order_of_their_time_and_see_it():
    clock = FakeClock()
    seen: list[tuple[str, float]] = []

    async def sleeper(name: str, *naps: float) -> None:
        for nap in naps:
            await clock.sleep(nap)
            seen.append((name, clock.monotonic()))

    async with asyncio.TaskGroup() as group:
        group.create_task(sleeper("slow", 3, 3))
        group.create_task(sleeper("quick", 1, 1, 1))
        await clock.advance(5)
        assert seen == [("quick", 1), ("quick", 2), ("slow", 3), ("quick", 3)]
        assert (clock.sleepers, clock.monotonic()) == (1, 5)
        await clock.advance(1)
    assert seen[-1] == ("slow", 6)
    assert clock.sleepers == 0


async def test_a_cancelled_sleeper_is_passed_over():
    clock = FakeClock()
    nap = asyncio.ensure_future(clock.sleep(5))
    await clock.advance(1)
    nap.cancel()
    await clock.advance(10)
    assert (nap.cancelled(), clock.monotonic(), clock.sleepers) == (True, 11, 0)


async def test_a_clock_does_not_go_back():
    with pytest.raises(ValueError, match="only moves forward"):
        await FakeClock().advance(-1)


async def test_run_moves_time_only_when_everything_waits_for_it():
    clock = FakeClock()

    async def work() -> str:
        await asyncio.gather(clock.sleep(3600), clock.sleep(60))
        return "done"

    assert await clock.run(work()) == "done"
    assert clock.monotonic() == 3600


async def test_run_hands_on_what_went_wrong():
    clock = FakeClock()

    async def work() -> None:
        await clock.sleep(1)
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        await clock.run(work())
