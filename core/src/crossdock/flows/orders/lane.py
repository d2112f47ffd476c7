"""The lane: one route's orders and shipments, observed, planned and applied until both sides agree."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from crossdock.clock import Clock
from crossdock.contract import Route, Window
from crossdock.flows.options import OrdersOptions
from crossdock.flows.orders.apply import Applier, KeepLabel
from crossdock.flows.orders.batch import Batch, intent
from crossdock.flows.orders.observe import Batches, Observer
from crossdock.flows.orders.plan import Plan, Policy, Step
from crossdock.flows.orders.recheck import Recheck
from crossdock.flows.orders.report import Report
from crossdock.flows.orders.settle import Settler
from crossdock.flows.orders.table import plan
from crossdock.flows.orders.under_way import UnderWay
from crossdock.ledger import Conclusion, Decided, Ledger, Pair, StepState, Turn

_ROUNDS = 8
"""How many steps in a row one order may take in one run; it goes on in the next."""
_BATCH = 200
_TURN_SECONDS = 1.0
"""How long one side is read before some of what is due has its turn, and then the other side."""
_BETWEEN = 50


def policy_of(route: Route) -> Policy:
    """What the route wants and what its connections can do."""
    options = route.flows.get("orders", OrdersOptions())
    if not isinstance(options, OrdersOptions):
        raise TypeError(f"the options of flow orders are {type(options).__name__}, not OrdersOptions")
    return Policy(options, route.channel.verbs, route.backend.verbs)


class OrdersLane:
    """Runs one lane. One run at a time; the caller holds the lane's lock.

    Args:
        slice_seconds: after how much work the run gives way; None for as long as it takes.
    """

    def __init__(
        self, route: Route, ledger: Ledger, clock: Clock, keep_label: KeepLabel, slice_seconds: float | None = None
    ) -> None:
        self._route = route
        self._ledger = ledger
        self._clock = clock
        self._policy = policy_of(route)
        self._applier = Applier(route, clock, keep_label, self._policy.options)
        self._settler = Settler(route, ledger, clock, self._policy)
        self._recheck = Recheck(route, ledger, clock, self._policy.options.recheck_every)
        self._slice_seconds = slice_seconds
        self._historical = False
        self._again: list[str] = []
        self._new: Batch | None = None
        self._busy = UnderWay(self._policy.options.in_flight)
        self._stop: BaseException | None = None
        self._sent = False

    @property
    def _options(self) -> OrdersOptions:
        return self._policy.options

    async def run(
        self,
        only: Sequence[str] = (),
        backfill: Window | None = None,
        *,
        historical: bool = False,
        report: Report | None = None,
    ) -> Report:
        """Bring the route up to date.

        Args:
            only: the channel's numbers of the orders to look at; empty for whatever changed or is due.
            backfill: a stretch of time to read instead, with a cursor of its own.
            historical: what is new in that stretch is history: it is recorded, and nothing is done about it on the
                channel.
            report: of an earlier slice, which goes on; a new one unless given.

        Raises:
            TryLater: a side cannot be read now; what was read before is kept.
            SignInAgain: a connection needs a person.
        """
        report = report or Report(self._route.name)
        report.more = False
        observer = Observer(self._route, self._ledger, report, self._clock, self._decide_on_new)
        self._historical = historical
        return await self._through(self._work(observer, report, only, backfill), report)

    async def run_marked(self) -> Report:
        """Look at the orders that are due, such as those that were nudged, without asking for changes.

        Raises:
            TryLater: a side cannot be read now; the orders stay due.
            SignInAgain: a connection needs a person.
        """
        report = Report(self._route.name)
        return await self._through(
            self._work_on_marked(Observer(self._route, self._ledger, report, self._clock), report), report
        )

    async def _through(self, work: Coroutine[Any, Any, None], report: Report) -> Report:
        self._again, self._new, self._stop, self._sent = [], None, None, False
        try:
            await work
        except BaseException as error:
            self._stop = error
            raise
        finally:  # what is under way ends, whatever happened, and how it ended is committed
            await self._end_orderly()
            await self._ledger.flush()
        if self._stop is not None:
            raise self._stop
        return report

    async def _end_orderly(self) -> None:
        """Wait for the calls under way; ended a second time, give them up: they are looked up in the next run."""
        try:
            await self._busy.all_ended()
        except asyncio.CancelledError:
            self._busy.cut_off()
            raise

    async def plan(self, only: Sequence[str] = ()) -> list[tuple[Pair, Plan]]:
        """What would be done: both sides are read and kept, nothing is sent. Orders stay due."""
        observer = Observer(self._route, self._ledger, Report(self._route.name), self._clock)
        if only:
            return [(pair, plan(pair, self._policy)) for pair in await observer.refresh(only)]
        keys: dict[str, None] = {}
        for side in self._sides(observer, None):
            async for batch in side:
                keys.update(dict.fromkeys(pair.key for pair in batch))
        keys.update(dict.fromkeys(await self._ledger.due(self._route.name, 10_000)))
        pairs = await self._ledger.load(self._route.name, list(keys))
        return [(pair, plan(pair, self._policy)) for pair in pairs.values()]

    async def _work(self, observer: Observer, report: Report, only: Sequence[str], backfill: Window | None) -> None:
        ends_at = self._ends_at()
        await self._settle(observer, report)
        if only:
            await self._act(await observer.refresh(only), report, at_once=True)
        else:
            await self._act_on_all(self._sides(observer, backfill), observer, report, ends_at)
            await self._busy.all_ended()
            read_all = not report.more
            if read_all and self._options.returns and backfill is None:
                await observer.returns(self._clock.now() - self._options.first_look, f"{self._route.name}/returns")
            # however much there is to read, what is due gets its time: an order that was nudged waits for no list
            await self._look_at_due(observer, report, ends_at if read_all else self._ends_at())
            if read_all and backfill is None:
                await self._act(await self._recheck.read(observer), report)
        await self._follow_up(observer, report)

    async def _work_on_marked(self, observer: Observer, report: Report) -> None:
        await self._settle(observer, report)
        await self._look_at_due(observer, report, self._ends_at())
        await self._follow_up(observer, report)

    def _ends_at(self) -> float | None:
        return None if self._slice_seconds is None else self._clock.monotonic() + self._slice_seconds

    async def _settle(self, observer: Observer, report: Report) -> None:
        settled = await self._settler.settle(observer)
        report.settled += len(settled)
        await self._act(settled, report)

    def _sides(self, observer: Observer, backfill: Window | None) -> Sequence[Batches]:
        """Both sides' changes, page by page; of a backfill only the channel's."""
        name = self._route.name
        start = self._clock.now() - self._options.first_look
        if backfill is not None:
            cursor = f"{name}/backfill/{backfill.start:%Y%m%dT%H%M%S}-{backfill.end or start:%Y%m%dT%H%M%S}"
            return [observer.channel(backfill, cursor, historical=self._historical)]
        return [observer.channel(Window(start), f"{name}/channel"), observer.backend(start, f"{name}/backend")]

    async def _act_on_all(
        self, sides: Sequence[Batches], observer: Observer, report: Report, ends_at: float | None
    ) -> None:
        """Act page by page; the next one is kept while as many orders as are under way still wait for their turn.

        The sides take turns, and what is due has its turn between them: however much there is to read on one side, and
        however soon the process may die, each of them gets somewhere.
        """
        turn_ends, after = self._clock.monotonic() + _TURN_SECONDS, Turn()
        async with AsyncExitStack() as stack:
            for side in sides:
                stack.push_async_callback(side.aclose)
            reading = deque(sides)
            while reading:
                pairs = await anext(reading[0], None)
                if pairs is None:
                    reading.popleft()
                    continue
                await self._act_on_page(pairs, observer, report)
                if self._stop is not None:
                    return
                now = self._clock.monotonic()
                # pages of the backend that bring nothing new are no place to give way: no slice came past them
                if ends_at is not None and now > ends_at and (pairs or reading[0] is sides[0]):
                    report.more = True
                    reading.popleft()
                elif now > turn_ends:
                    after = await self._look_in_between(after, observer, report)
                    turn_ends = self._clock.monotonic() + _TURN_SECONDS
                    reading.rotate(-1)

    async def _act_on_page(self, pairs: Sequence[Pair], observer: Observer, report: Report) -> None:
        decided = await self._carry_out_new(report)
        others = [pair for pair in pairs if pair.key not in decided]
        await self._act(await self._as_both_show(others, observer), report)

    async def _look_in_between(self, after: Turn, observer: Observer, report: Report) -> Turn:
        """Look at some of what is due, after the order that was looked at last; answer which one that is now."""
        turns = await self._ledger.turns(self._route.name, _BETWEEN, after)
        keys = [key for _, key in turns if key not in self._busy and key not in self._again]
        if keys:
            await self._act(await observer.refresh(keys), report)
        return turns[-1] if len(turns) == _BETWEEN else Turn()

    def _decide_on_new(self, pairs: Sequence[Pair]) -> Decided:
        """Plan what only the channel has, in the commit of the page that brings it; nothing of it is under way."""
        self._new = batch = Batch(self._clock, self._options, at_once=False)
        if self._stop is None:
            batch.plan([pair for pair in pairs if not pair.document_id and pair.key not in self._busy], self._policy)
        return batch.decided()

    async def _carry_out_new(self, report: Report) -> set[str]:
        batch, self._new = self._new, None
        if batch is None:
            return set()
        await self._carry_out(batch, report)
        return batch.keys

    async def _as_both_show(self, pairs: Sequence[Pair], observer: Observer) -> Sequence[Pair]:
        """What one side says of an order that both have is compared with what the other says now, not long ago."""
        linked = [pair.key for pair in pairs if pair.document_id]
        if not linked:
            return pairs
        fresh = {pair.key: pair for pair in await observer.refresh(linked)}
        return [fresh.get(pair.key, pair) for pair in pairs if pair.key in fresh or not pair.document_id]

    async def _look_at_due(self, observer: Observer, report: Report, ends_at: float | None) -> None:
        """Look at what is due by now; what comes due meanwhile is for the next run."""
        after, until = Turn(), self._clock.now()
        await self._ledger.flush()
        while self._stop is None:
            turns = await self._ledger.turns(self._route.name, _BATCH, after, until)
            if not turns:
                return
            after, keys = turns[-1], [turn.key for turn in turns]
            self._again = [key for key in self._again if key not in keys]
            await self._act(await observer.refresh(keys), report)
            await self._busy.all_ended()
            if ends_at is not None and self._clock.monotonic() > ends_at:
                report.more = True
                return

    async def _follow_up(self, observer: Observer, report: Report) -> None:
        """One step may make the next one possible: read both sides of those orders again, and plan again."""
        for _ in range(_ROUNDS):
            await self._busy.all_ended()
            if self._sent:  # else nothing can be in doubt that was not looked up already
                await self._settle(observer, report)
            keys, self._again = self._again, []
            if self._stop is not None or not (keys or self._busy):
                return
            for first in range(0, len(keys), _BATCH):
                await self._act(await observer.refresh(keys[first : first + _BATCH]), report)

    async def _act(self, pairs: Sequence[Pair], report: Report, *, at_once: bool = False) -> None:
        """Plan a batch, commit what follows from it, and start carrying it out.

        `at_once` tries again now what was to wait: a person asks for it.
        """
        if not pairs or self._stop is not None:
            return
        pairs = await self._settled_down(pairs)
        batch = Batch(self._clock, self._options, at_once)
        batch.plan(pairs, self._policy)
        await self._ledger.decide(self._route.name, batch.decided())
        await self._carry_out(batch, report)

    async def _carry_out(self, batch: Batch, report: Report) -> None:
        """Start what was decided, and committed."""
        report.parked += len(batch.parkings)
        work = deque(batch.work)
        try:
            while work:
                pair, steps = work[0]
                await self._busy.start(pair.key, partial(self._in_turn, pair, steps, report))
                work.popleft()
                self._sent = True
        finally:  # nothing is left, unless the run was ended
            for pair, steps in work:
                self._give_back(pair, steps[0])

    async def _settled_down(self, pairs: Sequence[Pair]) -> Sequence[Pair]:
        """Steps of one order never overlap, even when it comes again in a later page."""
        running = [pair.key for pair in pairs if pair.key in self._busy]
        if not running:
            return pairs
        await self._busy.ended(running)
        fresh = await self._ledger.load(self._route.name, running)
        return [fresh.get(pair.key, pair) for pair in pairs]

    async def _in_turn(self, pair: Pair, steps: Sequence[Step], report: Report) -> None:
        if self._stop is not None:
            self._give_back(pair, steps[0])
            return
        try:
            await self._take_steps(pair, steps, report)
        except Exception as error:  # noqa: BLE001 - `_through` raises it, once what is under way has ended
            self._halt(error)

    def _halt(self, error: BaseException) -> None:
        """End the run with `error`, unless it ends already."""
        self._stop = self._stop or error

    def _give_back(self, pair: Pair, step: Step) -> None:
        """Its intent is committed, but the run ended first: it was certainly not sent, so it is not in doubt."""
        now, text = self._clock.now(), f"{step.kind.replace('_', ' ')}: not sent, the run ended before its turn"
        ended = Conclusion(pair.key, step.kind, step.reference, StepState.WAITING, text, result=text, retry_at=now)
        self._ledger.conclude(self._route.name, ended, now.timestamp())

    async def _take_steps(self, pair: Pair, steps: Sequence[Step], report: Report) -> None:
        name = self._route.name
        for number, step in enumerate(steps):
            if self._stop is not None and number:
                return
            if number:
                await self._ledger.intend(name, intent(pair, step))
            applied = await self._applier.apply(pair, step)
            ended = applied.conclusion
            done, last = ended.state is StepState.DONE, number == len(steps) - 1
            more = done and (step.again or not last)
            look_at = self._clock.now() if more else ended.retry_at
            self._ledger.conclude(name, ended, look_at.timestamp() if look_at else None)
            report.step(pair.key, step.kind.value, ended.state.value, ended.text)
            report.parked += ended.parking is not None
            if applied.stop is not None:
                self._stop = applied.stop
            if not done:
                return
            if last and step.again:
                self._again.append(pair.key)
