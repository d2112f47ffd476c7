"""Which chores a service has."""

from __future__ import annotations

from crossdock.runner.chores import Chore
from crossdock.runner.engine import Engine
from crossdock.runner.lanes import new_correlation
from crossdock.runner.pushes import PushDesk, recover_all


def duties_of(engine: Engine, desk: PushDesk) -> list[Chore]:
    """The chores of the service that runs on `engine`."""
    runner = engine.configuration.runner
    duties = []
    if desk.recoverable():
        every = runner.lost_pushes_every.total_seconds()
        duties.append(Chore("lost pushes", lambda: recover_all(desk, new_correlation), every))
    return duties
