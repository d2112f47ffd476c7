"""Any story of sales, receipts, lost and late answers, kills and edits by hand ends with the right levels shown."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossdock.clock import FakeClock
from crossdock.errors import TryLater
from crossdock.flows.stock.show import to_show
from crossdock.ledger import Database, Ledger
from tests.core.doubles import KEYS
from tests.core.flows.stock.shop import Hall, Killed

pytestmark = pytest.mark.no_cover  # it would take twice as long, and others show the same lines

SKUS = ["A", "B", "C"]
skus = st.sampled_from(SKUS)
levels = st.integers(0, 6)
events = st.one_of(
    st.tuples(st.just("source"), skus, levels),
    st.tuples(st.just("sale"), skus, st.just(1)),
    st.tuples(st.just("run"), st.sampled_from(["ok", "lost", "late", "later", "broken", "silent", "killed"])),
    st.tuples(st.just("full"), st.sampled_from(["ok", "late", "killed"])),
    st.tuples(st.just("only"), skus),
    st.tuples(st.just("old answer"), skus),
    st.tuples(st.just("down"), st.just("")),
    st.tuples(st.just("wait"), st.sampled_from([1, 60, 130, 4_000])),
)


class Story:
    """Plays events and watches every level that is pushed."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.told: dict[str, int] = {}

    def read(self, sku: str = "") -> None:
        """What the source tells at a reading is from then on the newest that may be shown."""
        for level in [self.hall.source.now[sku]] if sku else list(self.hall.source.now.values()):
            self.told[level.sku] = to_show(level.available, self.hall.options)

    async def play(self, event: tuple) -> None:
        kind, *more = event
        pushed = len(self.hall.shop.pushed)
        await getattr(self, kind.replace(" ", "_"))(*more)
        for sku, level in self.hall.shop.pushed[pushed:]:
            assert level == self.told[sku], f"{event} sent {level} of {sku}, though {self.told[sku]} was known"

    async def source(self, sku: str, level: int) -> None:
        self.hall.source.put(sku, level)

    async def sale(self, sku: str, quantity: int) -> None:
        self.hall.shop.shows[sku] = max(self.hall.shop.shows.get(sku, 0) - quantity, 0)

    async def run(self, fate: str, **more: object) -> None:
        self.hall.shop.trouble = [fate]
        self.read()
        try:
            await self.hall.run(**more)
        except Killed:
            pass
        finally:
            self.hall.shop.trouble = []

    async def full(self, fate: str) -> None:
        await self.run(fate, full=True)

    async def only(self, sku: str) -> None:
        if sku in self.hall.source.now:
            self.read(sku)
            await self.hall.run(sku)

    async def old_answer(self, sku: str) -> None:
        """The next reading repeats what was told a while ago."""
        if sku in self.hall.source.now:
            self.hall.source.stale[sku] = self.hall.source.now[sku]
            await self.source(sku, int(self.hall.source.now[sku].available) + 1)
            self.read(sku)
            await self.hall.run(sku)
            self.read()
            await self.hall.run(full=True)
            self.hall.source.stale.clear()

    async def down(self, _nothing: str) -> None:
        self.hall.source.trouble = [TryLater("down")]
        with pytest.raises(TryLater):
            await self.hall.run()

    async def wait(self, seconds: int) -> None:
        await self.hall.clock.advance(seconds)
        self.hall.shop.carry_out_late()


async def tell(story: list[tuple]) -> None:
    clock = FakeClock()
    with TemporaryDirectory() as folder:
        async with Ledger(Database("sqlite://"), clock, Path(folder), KEYS) as ledger:
            hall = Hall(ledger, clock, buffer=1, brake_from=1_000, settle_after="2m", heal=True)
            played = Story(hall)
            for event in story:
                await played.play(event)
            for _ in range(3):
                await played.wait(4_000)
                await played.run("ok")
            for _ in range(2):  # too little is healed when it is found again
                await hall.lane().drift()
            known = {level.sku: level for level in hall.source.now.values()}
            right = {sku: to_show(level.available, hall.options) for sku, level in known.items()}
            assert {sku: hall.shop.shows[sku] for sku in right} == right


@settings(max_examples=25, deadline=None)
@given(st.lists(events, max_size=15))
def test_after_any_story_the_shop_shows_what_it_may_and_every_call_carried_what_was_newest(story):
    asyncio.run(tell(story))


@pytest.mark.long
@settings(max_examples=400, deadline=None)
@given(st.lists(events, max_size=60))
def test_after_any_long_story_too(story):
    asyncio.run(tell(story))
