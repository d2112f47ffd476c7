"""Finding out what became of steps in doubt: those under way when the process died, or whose answer was lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from crossdock.clock import Clock
from crossdock.contract import Route
from crossdock.errors import CrossdockError, SignInAgain, TryLater, Unclear
from crossdock.flows.options import OrdersOptions
from crossdock.flows.orders.observe import Observer
from crossdock.flows.orders.part import parts_of
from crossdock.flows.orders.plan import Policy, StepKind
from crossdock.flows.orders.table import plan
from crossdock.ledger import Conclusion, Ledger, Pair, Parking, StepRecord, StepState
from crossdock.model import Order

_log = structlog.get_logger(__name__)


class Settler:
    """Looks steps of one route up on the far side. Nothing is sent from here."""

    def __init__(self, route: Route, ledger: Ledger, clock: Clock, policy: Policy) -> None:
        self._route = route
        self._ledger = ledger
        self._clock = clock
        self._policy = policy

    @property
    def _options(self) -> OrdersOptions:
        return self._policy.options

    async def settle(self, observer: Observer) -> Sequence[Pair]:
        """Look up every step in doubt; answer the pairs of which nothing is in doubt any more."""
        keys = await self._ledger.unsettled(self._route.name)
        if not keys:
            return []
        loaded = (await self._ledger.load(self._route.name, keys)).values()
        pairs = [pair for pair in loaded if not pair.parked]
        creates = [pair for pair in pairs if _in_doubt(pair).kind == StepKind.CREATE]
        others = [pair.key for pair in pairs if _in_doubt(pair).kind != StepKind.CREATE]
        limit = asyncio.Semaphore(self._options.in_flight)
        await asyncio.gather(*(self._settle_create(pair, limit) for pair in creates))
        for pair in await observer.refresh(others) if others else ():
            self._settle_seen(pair)
        settled = await self._ledger.load(self._route.name, [pair.key for pair in pairs])
        return [pair for pair in settled.values() if pair.unsettled() is None]

    async def _settle_create(self, pair: Pair, limit: asyncio.Semaphore) -> None:
        step = _in_doubt(pair)
        if not self._route.backend.can("find_order"):
            self._park_in_doubt(pair, step)
            return
        try:
            async with limit:
                found = await self._route.backend.ask.find_order(step.reference, self._route)
        except (TryLater, Unclear) as error:
            self._conclude(pair, step, StepState.DOUBTFUL, f"looking it up: {error}", self._later())
            return
        except SignInAgain:
            return
        except Exception as error:  # noqa: BLE001 - one order that cannot be looked up must not stop the others
            self._park_unfindable(pair, step, error)
            return
        if found is not None:
            self._found(pair, step, found)
        else:
            self._not_found(pair, step)

    def _found(self, pair: Pair, step: StepRecord, document: Order) -> None:
        text = f"create: done, {document.id} was found in the backend"
        conclusion = Conclusion(
            pair.key,
            step.kind,
            step.reference,
            StepState.DONE,
            text,
            result=step.result,
            document_id=document.id,
        )
        self._ledger.conclude(self._route.name, conclusion, self._clock.now().timestamp())

    def _not_found(self, pair: Pair, step: StepRecord) -> None:
        """Not found counts only when the lost request can no longer be carried out."""
        safe_at = step.intended_at + self._options.settle_after
        if self._route.backend.refuses_duplicates or self._clock.now() >= safe_at:
            text = "create: not found in the backend, so it is sent again"
            self._conclude(pair, step, StepState.WAITING, text, self._clock.now())
        else:
            text = "create: not found in the backend, but the request may still be under way"
            self._conclude(pair, step, StepState.DOUBTFUL, text, safe_at)

    def _park_unfindable(self, pair: Pair, step: StepRecord, error: Exception) -> None:
        said = str(error) if isinstance(error, CrossdockError) else f"the plugin failed with {type(error).__name__}"
        _log.warning("step.unfindable", route=self._route.name, key=pair.key, error=said)
        reason = f"sent without an answer, and looking it up failed: {said}"
        choices = ["parked retry looks again", "if it is in the backend, parked drop"]
        self._park(pair, step, StepState.DOUBTFUL, Parking(pair.key, "look-up", reason, facts={"choices": choices}))

    def _park(self, pair: Pair, step: StepRecord, state: StepState, parking: Parking) -> None:
        parking = replace(parking, step=f"{step.kind}:{step.reference}")
        text = parking.reason
        result = step.result if step.kind == StepKind.CREATE and state is StepState.DOUBTFUL else text
        conclusion = Conclusion(pair.key, step.kind, step.reference, state, text, result=result, parking=parking)
        self._ledger.conclude(self._route.name, conclusion, None)

    def _park_in_doubt(self, pair: Pair, step: StepRecord) -> None:
        reason = "sent without an answer, and the backend cannot be asked whether it was carried out"
        choices = ["look in the backend: if it is not there, parked retry", "if it is there, parked drop"]
        self._park(pair, step, StepState.REFUSED, Parking(pair.key, "in-doubt", reason, facts={"choices": choices}))

    def _settle_seen(self, pair: Pair) -> None:
        """Both sides were read: what is still planned was not carried out, what is not planned any more was."""
        step = _in_doubt(pair)
        still = any((s.kind, s.reference) == (step.kind, step.reference) for s in plan(pair, self._policy).steps)
        words = step.kind.replace("_", " ")
        if not still:
            self._conclude(pair, step, StepState.DONE, f"{words}: done, as both sides show", self._clock.now())
            return
        if step.kind == StepKind.CANCEL_DOCUMENT and parts_of(step.reference):
            self._park_in_doubt(pair, step)  # a backend may not show what is cancelled of a line
            return
        safe_at = step.intended_at + self._options.settle_after
        if self._clock.now() >= safe_at:
            text = f"{words}: not carried out, as both sides show, so it is sent again"
            self._conclude(pair, step, StepState.WAITING, text, self._clock.now())
        else:
            text = f"{words}: no effect seen yet, but the request may still be under way"
            self._conclude(pair, step, StepState.DOUBTFUL, text, safe_at)

    def _conclude(self, pair: Pair, step: StepRecord, state: StepState, text: str, at: datetime | None) -> None:
        result = step.result if step.kind == StepKind.CREATE and state is StepState.DOUBTFUL else text
        conclusion = Conclusion(pair.key, step.kind, step.reference, state, text, result=result, retry_at=at)
        self._ledger.conclude(self._route.name, conclusion, at.timestamp() if at else None)

    def _later(self) -> datetime:
        return self._clock.now() + self._options.settle_after / 4


def _in_doubt(pair: Pair) -> StepRecord:
    step = pair.unsettled()
    if step is None:
        raise LookupError(f"nothing of {pair.key} is in doubt")
    return step
