"""The book of lanes: what each was asked for and when it is due, for all workers. Functions of a transaction.

Asking counts up, and a run that ends well remembers up to which count it answered: what was asked while it ran is
still open then, and so is everything after a run that died. Whoever asks or answers holds the lane's row, so that a
job is enqueued by one of them whenever one is needed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from random import Random

from sqlalchemy import Connection, case, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.dispatch.dispatcher import Cause, Fare, Lane, Turn
from crossdock.ledger.schema import lanes

_CAUSES_LENGTH = 8_000
"""Characters of causes that are kept for the log; a storm of messages needs no longer a list."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that begins.

    Attributes:
        turn: what it is to do.
        asked: what it answers when it ends well.
        asked_whole: the same of looking at the whole lane.
        failures: how many runs in a row failed before it.
    """

    turn: Turn
    asked: int
    asked_whole: int
    failures: int


def enter(connection: Connection, known: Sequence[Lane], now: float, random: Random) -> None:
    """Have these lanes in the book; new ones are due at once, or at the first moment of their cron expression."""
    rows = [{"name": lane.name, "due_at": _first(lane, now, random), **_BLANK} for lane in known]
    if rows:
        connection.execute(insert(lanes).on_conflict_do_nothing(), rows)
    for lane in known:  # a schedule that has become denser counts at once
        soon = now + _wait(lane, now, random)
        connection.execute(update(lanes).where(lanes.c.name == lane.name, lanes.c.due_at > soon).values(due_at=soon))


def ask(connection: Connection, lane: str, cause: Cause, now: float) -> bool:
    """Note that `lane` is to run; answer whether it may start now, which no lane does that is unknown or pauses."""
    text = json.dumps(asdict(cause)) + "\n"
    statement = (
        update(lanes)
        .where(lanes.c.name == lane)
        .values(
            asked=lanes.c.asked + 1,
            asked_whole=lanes.c.asked_whole + int(cause.whole),
            causes=case((func.length(lanes.c.causes) < _CAUSES_LENGTH, lanes.c.causes + text), else_=lanes.c.causes),
        )
        .returning(lanes.c.not_before <= literal(now))
    )
    return bool(connection.execute(statement).scalar())


def take_due(connection: Connection, known: Mapping[str, Lane], now: float, random: Random) -> list[str]:
    """The lanes that are to start now, by name; those that the schedule wants are asked for as a whole.

    Lanes that another worker is looking at in the same moment are left to it.
    """
    found = connection.execute(
        select(lanes.c.name, lanes.c.due_at)
        .where(lanes.c.name.in_(list(known)), lanes.c.not_before <= now)
        .where(or_(lanes.c.due_at <= now, lanes.c.asked > lanes.c.answered))
        .order_by(lanes.c.name)
        .with_for_update(skip_locked=True)
    ).all()
    for name, due_at in found:
        if due_at <= now:  # runs that were missed are this one
            later = now + _wait(known[name], now, random)
            counts = {"asked": lanes.c.asked + 1, "asked_whole": lanes.c.asked_whole + 1}
            connection.execute(update(lanes).where(lanes.c.name == name).values(due_at=later, **counts))
    return [name for name, _ in found]


def next_due(connection: Connection, known: Mapping[str, Lane], now: float) -> float | None:
    """When the first of these lanes is due that is not due yet."""
    at = func.greatest(case((lanes.c.asked > lanes.c.answered, 0.0), else_=lanes.c.due_at), lanes.c.not_before)
    query = select(func.min(at)).where(lanes.c.name.in_(list(known)), at > now)
    found: float | None = connection.execute(query).scalar()
    return found


def begin(connection: Connection, lane: str, now: float) -> Begun | None:
    """Take what `lane` was asked for; None when it was answered by now, or pauses."""
    row = connection.execute(select(lanes).where(lanes.c.name == lane).with_for_update()).one_or_none()
    if row is None or row.asked <= row.answered or row.not_before > now:
        return None
    connection.execute(update(lanes).where(lanes.c.name == lane).values(causes=""))
    causes = dict.fromkeys(Cause(**json.loads(line)) for line in row.causes.splitlines())
    whole = row.asked_whole > row.answered_whole
    turn = Turn(lane, whole and not any(cause.whole for cause in causes), tuple(causes))
    return Begun(turn, row.asked, row.asked_whole, row.failures)


def end(connection: Connection, begun: Begun, more: bool, now: float) -> None:
    """A run ended well; with `more`, what it was asked for stays open."""
    values: dict[str, object] = {"failures": 0, "not_before": 0.0, "error": ""}
    if not more:
        values |= {"answered": begun.asked, "answered_whole": begun.asked_whole, "done_at": now}
    connection.execute(update(lanes).where(lanes.c.name == begun.turn.lane).values(values))


def rest(connection: Connection, begun: Begun, error: str) -> None:
    """A run could do nothing, and whoever ends the rest asks again."""
    answered = {"answered": begun.asked, "answered_whole": begun.asked_whole}
    values = {**answered, "failures": 0, "not_before": 0.0, "error": error}
    connection.execute(update(lanes).where(lanes.c.name == begun.turn.lane).values(values))


def fail(connection: Connection, begun: Begun, not_before: float, error: str) -> None:
    """A run ended badly: what it was asked for stays open, and the lane pauses."""
    values = {"failures": begun.failures + 1, "not_before": not_before, "error": error}
    connection.execute(update(lanes).where(lanes.c.name == begun.turn.lane).values(values))


def fares(connection: Connection, known: Mapping[str, Lane], now: float) -> dict[str, Fare]:
    """How these lanes fare."""
    query = select(lanes.c.name, lanes.c.done_at, lanes.c.error).where(lanes.c.name.in_(list(known)))
    return {
        name: Fare(None if done_at is None else max(0.0, now - done_at), error)
        for name, done_at, error in connection.execute(query)
    }


def server_moment(connection: Connection) -> float:
    """Seconds since the epoch by the clock of the database server: one clock for all machines."""
    return float(connection.execute(_MOMENT).scalar_one())


_MOMENT = select(func.extract("epoch", func.clock_timestamp()))
_BLANK = {
    "not_before": 0.0,
    "failures": 0,
    "asked": 0,
    "answered": 0,
    "asked_whole": 0,
    "answered_whole": 0,
    "causes": "",
    "error": "",
}


def _first(lane: Lane, now: float, random: Random) -> float:
    return now + _wait(lane, now, random) if lane.cron else now


def _wait(lane: Lane, now: float, random: Random) -> float:
    return lane.seconds_to_next(datetime.fromtimestamp(now, UTC), random)
