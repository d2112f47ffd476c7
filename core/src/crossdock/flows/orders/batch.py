"""What planning a batch of pairs leads to: steps to send now, items to park, and when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from crossdock.clock import Clock
from crossdock.flows.options import OrdersOptions
from crossdock.flows.orders.apply import refused_before, sides
from crossdock.flows.orders.plan import ACCEPTED, Plan, Policy, Step, StepKind
from crossdock.flows.orders.states import content
from crossdock.flows.orders.table import plan
from crossdock.ledger import Decided, Intent, Pair, Parking, StepRecord, StepState

_LONGEST_LOOK = timedelta(hours=1)


class Batch:
    """Gathers what is decided about each pair, to be committed before anything of it is carried out."""

    def __init__(self, clock: Clock, options: OrdersOptions, at_once: bool) -> None:
        self._now = clock.now()
        self._at_once = at_once
        self._options = options
        self.work: list[tuple[Pair, Sequence[Step]]] = []
        self.parkings: list[Parking] = []
        self.keys: set[str] = set()
        self._looks: list[tuple[str, float | None, int]] = []
        self._cleared: list[str] = []
        self._withdrawn: list[tuple[str, str, str]] = []

    def plan(self, pairs: Sequence[Pair], policy: Policy) -> None:
        """Plan pairs and decide about each."""
        for pair in pairs:
            self.keys.add(pair.key)
            self.add(pair, plan(pair, policy))

    def add(self, pair: Pair, planned: Plan) -> None:
        """Decide about one pair."""
        if pair.unsettled() is not None:
            return  # settled first, and nothing else of this order until then
        self._withdraw(pair, planned)
        if planned.conflict is not None and not pair.is_done(ACCEPTED, planned.conflict.reference):
            self._park(pair, planned)
            return
        steps, waits = self._open_steps(pair, planned)
        refused = self._refused(pair, planned)
        if pair.parked and not refused:
            self._cleared.append(pair.key)
        elif refused and not pair.parked:  # it was parked, came to nothing meanwhile, and is wanted again
            self.parkings.append(refused_before(pair, refused))
        if steps:
            self.work.append((pair, steps))
        else:
            self._look_later(pair, waits or planned.waits)

    def decided(self) -> Decided:
        """What to commit."""
        intents = [intent(pair, steps[0]) for pair, steps in self.work]
        return Decided(intents, self.parkings, self._looks, self._cleared, self._withdrawn)

    def _open_steps(self, pair: Pair, planned: Plan) -> tuple[list[Step], bool]:
        """The steps to send now, and whether some were sent and their effect has yet to show."""
        steps, waits = [], False
        for step in planned.steps:
            record = pair.steps.get(f"{step.kind}:{step.reference}")
            if record is None or (record.state is StepState.WAITING and self._is_due(record)):
                steps.append(step)
            else:
                waits = waits or record.state is StepState.DONE
        return steps, waits

    def _is_due(self, record: StepRecord) -> bool:
        return self._at_once or record.retry_at is None or record.retry_at <= self._now

    def _refused(self, pair: Pair, planned: Plan) -> StepRecord | None:
        records = (pair.steps.get(f"{step.kind}:{step.reference}") for step in planned.steps)
        return next((record for record in records if record is not None and record.waits_for_a_person), None)

    def _withdraw(self, pair: Pair, planned: Plan) -> None:
        """Steps that were to be tried again and are not missing any more are forgotten."""
        missing = {f"{step.kind}:{step.reference}" for step in planned.steps}
        for name, record in list(pair.steps.items()):
            if record.state is StepState.WAITING and name not in missing:
                self._withdrawn.append((pair.key, record.kind, record.reference))
                del pair.steps[name]

    def _park(self, pair: Pair, planned: Plan) -> None:
        conflict = planned.conflict
        if conflict is not None:
            facts = sides(pair) | {"choices": list(conflict.choices), "reference": conflict.reference}
            self.parkings.append(Parking(pair.key, conflict.cause, conflict.reason, facts=facts))

    def _look_later(self, pair: Pair, waits: bool) -> None:
        retries = [
            record.retry_at.timestamp()
            for record in pair.steps.values()
            if record.state is StepState.WAITING and record.retry_at is not None
        ]
        if waits:
            wait = min(self._options.tracking_every * 2 ** min(pair.looks, 10), _LONGEST_LOOK)
            retries.append((self._now + wait).timestamp())
        self._looks.append((pair.key, min(retries, default=None), pair.looks + 1 if waits else 0))


def intent(pair: Pair, step: Step) -> Intent:
    """The step as it is committed before its call; what a document is made of may change before its answer is known."""
    sent = content(pair.channel) if step.kind is StepKind.CREATE and pair.channel is not None else ""
    return Intent(pair.key, step.kind, step.reference, step.why, sent)
