"""Telling a backend in which people work what cannot be done on the channel, and when that is over."""

from __future__ import annotations

from dataclasses import replace

from crossdock.contract import TroubleKind
from crossdock.flows.orders.plan import Case, Plan, Step, StepKind
from crossdock.ledger import StepRecord, StepState

KINDS = {StepKind.LABEL: TroubleKind.LABEL, StepKind.ARRANGE: TroubleKind.ARRANGE}
"""Step whose trouble is told, to what the backend hears."""
OVER = "#over"
_PATIENCE = 6
"""How often a step is tried before it counts as trouble."""


def told(case: Case, planned: Plan) -> Plan:
    """The plan, with what the backend has to hear of it before; the plan itself where there is nothing to tell."""
    if "push_trouble" not in case.policy.backend or case.document is None or planned.conflict is not None:
        return planned
    steps = [*_new(case, planned), *_over(case, planned)]
    return replace(planned, steps=(*steps, *planned.steps), why=steps[0].why) if steps else planned


def _new(case: Case, planned: Plan) -> list[Step]:
    steps = []
    for step in planned.steps:
        name = f"{step.kind}:{step.reference}"
        record = case.pair.steps.get(name)
        if step.kind in KINDS and _is_stuck(record) and not case.pair.is_done(StepKind.TROUBLE, name):
            steps.append(Step(StepKind.TROUBLE, name, record.result if record else ""))
    return steps


def _over(case: Case, planned: Plan) -> list[Step]:
    missing = {f"{step.kind}:{step.reference}" for step in planned.steps}
    known = [one.reference for one in case.pair.steps.values() if one.kind == StepKind.TROUBLE]
    return [
        Step(StepKind.TROUBLE, f"{name}{OVER}", f"{name.partition(':')[0]} is no trouble any more")
        for name in known
        if not name.endswith(OVER)
        and name not in missing
        and case.pair.is_done(StepKind.TROUBLE, name)
        and not case.pair.is_done(StepKind.TROUBLE, f"{name}{OVER}")
    ]


def _is_stuck(record: StepRecord | None) -> bool:
    if record is None:
        return False
    return record.state is StepState.REFUSED or (record.state is StepState.WAITING and record.attempts >= _PATIENCE)
