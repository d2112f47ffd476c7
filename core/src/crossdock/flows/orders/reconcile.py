"""The missing set: what neither push messages nor cursors brought, found by comparing both sides with the ledger.

Everything that changed in the last days is read anew, with no cursor, and compared. What differs is looked at a
second time at the end, so that what was under way meanwhile does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from crossdock.clock import Clock
from crossdock.contract import Route, Window
from crossdock.flows.orders.lane import policy_of
from crossdock.flows.orders.states import shown
from crossdock.flows.orders.table import plan
from crossdock.http import in_background
from crossdock.ledger import Ledger, Pair, Seen, StepState
from crossdock.model import Order

_UNDER_WAY = timedelta(minutes=5)
"""What changed only now is on its way by push message or by the next run, and is none of our business."""

_BATCH = 200


class Kind(StrEnum):
    """What is wrong with an order."""

    MISSING = "missing"  # on the channel, and unknown here
    STALE = "stale"  # the channel shows something else than what was last seen
    STUCK = "stuck"  # something is to be done, and nothing would ever do it
    UNLINKED = "unlinked"  # the backend has a document, and the ledger does not know of it
    TWICE = "twice"  # the backend has a document beside the one that is linked
    BEHIND = "behind"  # the backend's document shows something else than what was last seen


@dataclass(frozen=True, slots=True)
class Finding:
    """One order that is not as it should be.

    Attributes:
        key: the channel's number.
        kind: what is wrong.
        text: one sentence with the facts.
    """

    key: str
    kind: Kind
    text: str


@dataclass(slots=True)
class Reconciliation:
    """What a comparison found.

    Attributes:
        route: whose orders.
        since: from where on both sides were read; UTC.
        orders: read on the channel.
        documents: read in the backend.
        findings: what is wrong.
        repaired: how many of them the next run takes care of.
    """

    route: str
    since: datetime
    orders: int = 0
    documents: int = 0
    findings: list[Finding] = field(default_factory=list)
    repaired: int = 0


class Reconciler:
    """Compares both sides of one route with the ledger.

    Args:
        route: with both connections open.
        ledger: the durable memory.
        clock: the only source of time.
    """

    def __init__(self, route: Route, ledger: Ledger, clock: Clock) -> None:
        self._route = route
        self._ledger = ledger
        self._clock = clock
        self._policy = policy_of(route)

    async def run(self, days: int, *, repair: bool) -> Reconciliation:
        """Compare what changed in the last `days`; with `repair` have the next run take care of what is wrong.

        Raises:
            TryLater: a side cannot be read now.
            SignInAgain: a connection needs a person.
        """
        now = self._clock.now()
        began = await self._ledger.began(self._route.name) or now
        since = max(now - timedelta(days=days), began - self._policy.options.first_look)
        found = Reconciliation(self._route.name, since)
        with in_background():
            odd = await self._odd_orders(since, now - _UNDER_WAY, found)
            documents = await self._odd_documents(since, found)
        for first in range(0, len(odd), _BATCH):  # the second look
            found.findings += [finding for finding, _ in await self._compare(odd[first : first + _BATCH])]
        judged = await self._judge(documents)
        found.findings += [finding for finding, _ in judged]
        if repair:
            found.repaired = await self._repair(found.findings, judged)
        return found

    async def _odd_orders(self, since: datetime, until: datetime, found: Reconciliation) -> list[Order]:
        odd: list[Order] = []
        async for page in self._route.channel.ask.pull_orders(Window(since), self._route):
            orders = [item for item in page.items if isinstance(item, Order)]
            found.orders += len(orders)
            settled = [order for order in orders if order.updated_at is None or order.updated_at < until]
            odd += [order for _, order in await self._compare(settled)]
        return odd

    async def _compare(self, orders: Sequence[Order]) -> list[tuple[Finding, Order]]:
        """What is wrong with these orders of the channel."""
        pairs = await self._ledger.load(self._route.name, [order.id for order in orders])
        resting = await self._ledger.resting(self._route.name, list(pairs))
        judged = ((self._wrong(order, pairs.get(order.id), order.id in resting), order) for order in orders)
        return [(finding, order) for finding, order in judged if finding is not None]

    def _wrong(self, order: Order, pair: Pair | None, resting: bool) -> Finding | None:
        there = f"{order.vendor_status} on the channel"
        if pair is None or pair.channel is None:
            return (
                None if pair is not None and pair.parked else Finding(order.id, Kind.MISSING, f"{there}, unknown here")
            )
        if not resting or pair.parked:
            return None  # it is looked at soon, or by a person
        if shown(order) != shown(pair.channel):
            return Finding(order.id, Kind.STALE, f"{there}, last seen as {pair.channel.vendor_status}")
        planned = plan(pair, self._policy)
        undone = [step.kind.value for step in planned.steps if self._is_left_out(pair, f"{step.kind}:{step.reference}")]
        if undone and pair.unsettled() is None:
            return Finding(order.id, Kind.STUCK, f"{' and '.join(undone)} is to be done: {planned.why}")
        return None

    @staticmethod
    def _is_left_out(pair: Pair, step: str) -> bool:
        record = pair.steps.get(step)
        return record is None or record.state is StepState.WAITING

    async def _odd_documents(self, since: datetime, found: Reconciliation) -> list[Order]:
        if not self._route.backend.can("pull_orders"):
            return []
        odd: list[Order] = []
        async for page in self._route.backend.ask.pull_orders(Window(since), self._route):
            documents = [item for item in page.items if isinstance(item, Order)]
            found.documents += len(documents)
            odd += [document for _, document in await self._judge(documents)]
        return odd

    async def _judge(self, documents: Sequence[Order]) -> list[tuple[Finding, Order]]:
        """What is wrong with these documents of the backend; those of others are passed over."""
        name = self._route.name
        linked = await self._ledger.keys_of_documents(name, [document.id for document in documents])
        keys = {document.id: linked.get(document.id, document.reference) for document in documents}
        pairs = await self._ledger.load(name, [key for key in keys.values() if key])
        resting = await self._ledger.resting(name, list(pairs))
        judged = []
        for document in documents:
            pair = pairs.get(keys[document.id])
            if pair is None or pair.key not in resting or pair.unsettled() is not None:
                continue
            finding = self._wrong_document(document, pair)
            if finding is not None:
                judged.append((finding, document))
        return judged

    def _wrong_document(self, document: Order, pair: Pair) -> Finding | None:
        told = f"document {document.id} ({document.vendor_status}) in the backend"
        if not pair.document_id:
            return Finding(pair.key, Kind.UNLINKED, f"{told} is not linked to it")
        if pair.document_id != document.id:
            return Finding(pair.key, Kind.TWICE, f"{told} stands beside {pair.document_id}: a person must look")
        if pair.document is None or pair.parked or shown(document) == shown(pair.document):
            return None
        return Finding(pair.key, Kind.BEHIND, f"{told}, last seen as {pair.document.vendor_status}")

    async def _repair(self, findings: Sequence[Finding], judged: Sequence[tuple[Finding, Order]]) -> int:
        """Link what is not linked; have everything but second documents looked at by the next run."""
        name = self._route.name
        links = [Seen(one.key, "backend", order, order.id) for one, order in judged if one.kind is Kind.UNLINKED]
        if links:
            await self._ledger.record(name, links)
        for kind in Kind:
            keys = [one.key for one in findings if one.kind is kind]
            if keys and kind is not Kind.TWICE:
                await self._ledger.nudge(name, keys, f"reconciliation: {kind.value}")
        return sum(one.kind is not Kind.TWICE for one in findings)
