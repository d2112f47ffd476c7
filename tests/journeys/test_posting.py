"""Orders that were processed before they were seen: created, posted in the owner's way, and numbered, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.hall import ROUTE
from tests.journeys.shift import AN_HOUR, TWO, Shift, on_shift

FULFILLED = "create_fulfilled_orders = true"
OWN_ACTION = "AcmePosting_PostCustomerOrder"


async def processed(shift: Shift) -> str:
    """An order that was arranged in Seller Center, has its tracking number, and was not seen yet."""
    await shift.hall.engine()
    number: str = (await shift.hall.shop_desk.act("/orders", {"items": TWO}))["order_sn"]
    await shift.at_shop(number, "arrange")
    await shift.hall.clock.sleep(AN_HOUR)
    return number


def check_posted_once(shift: Shift, number: str, by: str) -> None:
    """One document, posted once and by `by`, with one invoice and the number that Shopee shows."""
    oracle = shift.hall.central.world.oracle
    counts = [sum(write.key == number for write in oracle.writes(kind)) for kind in ("create_order", "post_order")]
    assert counts == [1, 1]
    [posted] = [write for write in oracle.writes("post_order") if write.key == number]
    assert posted.facts["by"] == by
    assert len(shift.document(number).invoices) == 1
    assert list(shift.numbers(number).values()) == [shift.order(number).packages[0].tracking_number]


@pytest.mark.parametrize(
    ("action", "by", "apart"),
    [("", "api", 9), (OWN_ACTION, "extension", 7), pytest.param(OWN_ACTION, "extension", 1, marks=pytest.mark.long)],
)
async def test_a_crash_anywhere_between_creating_posting_and_tracking_is_resumed(
    tmp_path: Path, action: str, by: str, apart: int
) -> None:
    async with on_shift(tmp_path, FULFILLED, posting=action) as shift:
        effects, killed = 1, True
        while killed:
            number, effects = await processed(shift), effects + apart
            killed = await shift.hall.kill(lambda engine: engine.pull(ROUTE), effects)
            await shift.pull(AN_HOUR)
            await shift.pull(AN_HOUR)
            check_posted_once(shift, number, by)
            assert await shift.parked() == {}
        assert shift.hall.deaths >= 4


async def test_an_action_that_nobody_published_parks_the_order_and_goes_on_once_it_is_there(tmp_path: Path) -> None:
    async with on_shift(tmp_path, FULFILLED, posting=OWN_ACTION) as shift:
        shift.hall.posting = "AcmePosting_Misspelt"
        number = await processed(shift)
        await shift.pull()
        reason = (await shift.parked())[number]
        assert "AcmePosting_Misspelt" in reason
        assert not shift.document(number).posted

        await shift.hall.close()
        shift.hall.posting = OWN_ACTION
        await (await shift.hall.engine()).retry(ROUTE, [number])
        await shift.pull(AN_HOUR)
        await shift.pull(AN_HOUR)
        check_posted_once(shift, number, "extension")
        assert await shift.parked() == {}
