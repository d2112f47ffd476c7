"""Reading orders again that nothing announces: a document that was deleted leaves no trace among the changes.

All orders whose document is still open are read once in every round, a few of them in each run.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crossdock.clock import Clock
from crossdock.contract import Route
from crossdock.flows.orders.observe import Observer
from crossdock.ledger import Ledger, Pair

_AT_ONCE = 200


class Recheck:
    """Keeps its place in a cursor: when the round began, and the last order that was read in it.

    Args:
        route: whose orders.
        ledger: knows which documents are open.
        clock: the only source of time.
        every: from the beginning of a round to that of the next; zero for never.
        at_once: orders that one run reads at most, so that a round never keeps what is new waiting.
    """

    def __init__(
        self, route: Route, ledger: Ledger, clock: Clock, every: timedelta, *, at_once: int = _AT_ONCE
    ) -> None:
        self._route = route
        self._ledger = ledger
        self._clock = clock
        self._every = every
        self._at_once = at_once
        self._cursor = f"{route.name}/recheck"

    async def read(self, observer: Observer) -> Sequence[Pair]:
        """Read the next orders of the round; none when a round is not due.

        Raises:
            TryLater: a side cannot be read now; the round goes on from there.
        """
        if not self._every or not self._route.backend.can("read_orders"):
            return []
        began, after = await self._place()
        if not after and self._clock.now() < began + self._every:
            return []
        if not after:
            began = self._clock.now()
        keys = await self._ledger.with_open_document(self._route.name, self._at_once, after)
        read = await observer.refresh(keys) if keys else []
        await self._ledger.move(self._cursor, _place(began, keys[-1] if len(keys) == self._at_once else ""))
        return read

    async def _place(self) -> tuple[datetime, str]:
        """When the round began, and after which order it goes on; the first round begins a while after the start."""
        kept = await self._ledger.cursor(self._cursor)
        if kept is None:
            now = self._clock.now()
            await self._ledger.move(self._cursor, _place(now, ""))
            return now, ""
        began, _, after = kept.partition(" ")
        return datetime.fromisoformat(began), after


def _place(began: datetime, after: str) -> str:
    return f"{began.isoformat()} {after}"
