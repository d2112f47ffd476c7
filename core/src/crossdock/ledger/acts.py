"""Steps: committed before the call, concluded after it; and what is parked for a person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, text, update

from crossdock.ledger.bulk import Change, change, insert, upsert
from crossdock.ledger.pairs import BLANK, look, seconds
from crossdock.ledger.records import (
    GIVEN_UP,
    Conclusion,
    Decided,
    Event,
    Intent,
    LaneStatus,
    Parked,
    Parking,
    StepState,
)
from crossdock.ledger.schema import IS_NOT_DONE, IS_PARKED, cursors, levels, listings, pairs, parked, steps, timeline

_UNSETTLED = (StepState.SENDING, StepState.DOUBTFUL)


def decide(connection: Connection, route: str, decided: Decided, now: float) -> None:
    """Commit what planning led to."""
    resolve(connection, route, decided.cleared, now, "no longer needed")
    _withdraw(connection, route, decided.withdrawn, now)
    intend(connection, route, decided.intents, now)
    _await_conclusions(connection, route, [intent.key for intent in decided.intents])
    _supersede(connection, route, decided.parkings, now)
    park(connection, route, decided.parkings, now)
    look(connection, route, decided.looks)


def _withdraw(connection: Connection, route: str, withdrawn: Sequence[tuple[str, str, str]], now: float) -> None:
    """Forget steps that nobody waits for any more; planned again, they start anew."""
    for key, kind, reference in withdrawn:
        step = (steps.c.key == key, steps.c.kind == kind, steps.c.reference == reference)
        connection.execute(steps.delete().where(steps.c.route == route, *step))
    tell(connection, route, now, [(key, f"{kind}:withdrawn", "no longer needed") for key, kind, _ in withdrawn])


def _supersede(connection: Connection, route: str, parkings: Sequence[Parking], now: float) -> None:
    """A conflict tells all that is wrong with its pair: whatever else was parked of it no longer holds."""
    for parking in parkings:
        others = (parked.c.route == route, parked.c.key == parking.key, parked.c.cause != parking.cause)
        closing = {"resolved_at": now, "resolution": f"superseded by {parking.cause}"}
        connection.execute(update(parked).where(*others, parked.c.resolved_at.is_(None)).values(closing))


def _await_conclusions(connection: Connection, route: str, keys: Sequence[str]) -> None:
    """The conclusion of a step says when to look next; whatever is due until then is news."""
    change(connection, pairs, "look_at = NULL, looks = 0", route, keys)


def intend(connection: Connection, route: str, intents: Sequence[Intent], now: float) -> None:
    """Record that these steps are about to be sent."""
    rows = [
        {
            "route": route,
            "key": intent.key,
            "kind": intent.kind,
            "reference": intent.reference,
            "why": intent.why,
            "state": StepState.SENDING.value,
            "attempts": 1,
            "intended_at": now,
            "retry_at": None,
            "result": intent.sent,
        }
        for intent in intents
    ]
    upsert(connection, steps, rows, ["state", "why", "intended_at", "retry_at", "result"])


def conclude(connection: Connection, now: float, conclusions: Sequence[tuple[str, Conclusion, float | None]]) -> None:
    """Record how steps ended: (route, conclusion, when to look at the pair again)."""
    if not conclusions:
        return
    upsert(connection, steps, [_ended(route, ended, now) for route, ended, _ in conclusions], _CONCLUDED)
    upsert(connection, pairs, [_linked(route, ended, at) for route, ended, at in conclusions], _LINKED)
    events = [
        {"route": route, "key": ended.key, "at": now, "what": f"{ended.kind}:{ended.state.value}", "text": ended.text}
        for route, ended, _ in conclusions
    ]
    insert(connection, timeline, events)
    for route, ended, _ in conclusions:
        if ended.parking is not None:
            park(connection, route, [ended.parking], now)


def park(connection: Connection, route: str, parkings: Sequence[Parking], now: float) -> None:
    """Put items aside. An item of the same cause that is still open is brought up to date, not doubled."""
    if not parkings:
        return
    keys = [parking.key for parking in parkings]
    open_items = select(parked.c.id, parked.c.key, parked.c.cause).where(
        parked.c.route == route, parked.c.key.in_(keys), parked.c.resolved_at.is_(None)
    )
    known = {(row.key, row.cause): row.id for row in connection.execute(open_items)}
    latest = {(parking.key, parking.cause): parking for parking in parkings}
    upsert(connection, pairs, [_parked_pair(route, key) for key in dict.fromkeys(keys)], ["parked", "look_at"])
    again = [(known[name], _item(parking)) for name, parking in latest.items() if name in known]
    if again:
        rows = [{"of_id": number} | {f"new_{name}": value for name, value in item.items()} for number, item in again]
        connection.execute(_PARK_AGAIN, rows)
    fresh = [parking for name, parking in latest.items() if name not in known]
    if not fresh:
        return
    rows = [
        {"route": route, "key": p.key, "cause": p.cause, "parked_at": now, "resolution": "", **_item(p)} for p in fresh
    ]
    insert(connection, parked, rows)
    events = [{"route": route, "key": p.key, "at": now, "what": "parked", "text": p.reason} for p in fresh]
    insert(connection, timeline, events)


def resolve(connection: Connection, route: str, keys: Sequence[str], now: float, resolution: str) -> int:
    """Close the parked items of these pairs; answer how many there were."""
    if not keys:
        return 0
    are_open = (parked.c.route == route, parked.c.key.in_(keys), parked.c.resolved_at.is_(None))
    held = list(connection.execute(select(parked.c.key).where(*are_open)).scalars())
    connection.execute(update(parked).where(*are_open).values(resolved_at=now, resolution=resolution))
    connection.execute(update(pairs).where(pairs.c.route == route, pairs.c.key.in_(keys)).values(parked=False))
    tell(connection, route, now, [(key, "released", resolution) for key in dict.fromkeys(held)])
    return len(held)


def drop(connection: Connection, route: str, keys: Sequence[str], now: float, reason: str) -> int:
    """Close the parked items of these pairs for good; a step in doubt is never sent again either."""
    not_done = steps.c.state.in_([state.value for state in (*_UNSETTLED, StepState.REFUSED)])
    of_keys = (steps.c.route == route, steps.c.key.in_(keys))
    closed = resolve(connection, route, keys, now, f"dropped: {reason}")
    refused = {"state": StepState.REFUSED.value, "result": GIVEN_UP, "concluded_at": now}
    connection.execute(update(steps).where(*of_keys, not_done).values(refused))
    return closed


def forget_refusals(connection: Connection, route: str, keys: Sequence[str], now: float) -> None:
    """Let refused steps of these pairs be planned again, and have the pairs looked at now."""
    connection.execute(
        steps.delete().where(steps.c.route == route, steps.c.key.in_(keys), steps.c.state == StepState.REFUSED.value)
    )
    connection.execute(update(pairs).where(pairs.c.route == route, pairs.c.key.in_(keys)).values(look_at=now))


def accept(connection: Connection, route: str, kind: str, conflicts: Sequence[tuple[str, str]], now: float) -> None:
    """Record a person's decision as a step that is done."""
    intend(connection, route, [Intent(key, kind, reference, "a person") for key, reference in conflicts], now)
    text = "left as it is"
    ended = [Conclusion(key, kind, reference, StepState.DONE, text) for key, reference in conflicts]
    conclude(connection, now, [(route, conclusion, now) for conclusion in ended])


def unsettled(connection: Connection, route: str, now: float, limit: int) -> list[str]:
    """Keys of the pairs with a step in doubt that may be looked up now."""
    given = {"of_route": route, "now": now, "count": limit}
    return list(dict.fromkeys(connection.execute(_TO_SETTLE, given).scalars()))


def parked_items(connection: Connection, route: str | None = None) -> list[Parked]:
    """What waits for a person, oldest first."""
    query = select(parked).where(parked.c.resolved_at.is_(None)).order_by(parked.c.id)
    if route is not None:
        query = query.where((parked.c.route == route) | parked.c.route.startswith(f"{route}/", autoescape=True))
    return [
        Parked(
            row.id,
            row.route,
            row.key,
            row.cause,
            row.reason,
            row.step,
            json.loads(row.facts),
            row.raw,
            datetime.fromtimestamp(row.parked_at, UTC),
        )
        for row in connection.execute(query)
    ]


def tell(connection: Connection, route: str, now: float, events: Sequence[tuple[str, str, str]]) -> None:
    """Add (key, what, text) to timelines."""
    if events:
        rows = [{"route": route, "key": key, "at": now, "what": what, "text": text} for key, what, text in events]
        insert(connection, timeline, rows)


def events(connection: Connection, route: str, key: str) -> list[Event]:
    """The timeline of one pair, oldest first."""
    query = select(timeline).where(timeline.c.route == route, timeline.c.key == key).order_by(timeline.c.id)
    return [Event(datetime.fromtimestamp(row.at, UTC), row.what, row.text) for row in connection.execute(query)]


def routes_of(connection: Connection, number: str) -> list[tuple[str, str]]:
    """(route, key) of every pair that has `number` on either side."""
    found = select(pairs.c.route, pairs.c.key)
    here = found.where(pairs.c.key == number)
    there = found.where(pairs.c.route.in_(_routes()), pairs.c.document_id == number)  # documents are found by route
    return [(row.route, row.key) for row in connection.execute(here.union(there))]


def _routes() -> Select[Any]:
    """The routes of which orders are known, each found behind the one before it."""
    first = select(func.min(pairs.c.route).label("route")).cte("known", recursive=True)
    following = select(func.min(pairs.c.route)).where(pairs.c.route > first.c.route).scalar_subquery()
    return select(first.union_all(select(following).where(first.c.route.is_not(None))).c.route)


def status(connection: Connection, route: str) -> LaneStatus:
    """How a route stands."""
    of_route = pairs.c.route == route
    total, linked = connection.execute(
        select(func.count(), func.count().filter(pairs.c.document_id != "")).where(of_route)
    ).one()
    are_held = (text(f"pairs.{IS_PARKED}"), pairs.c.parked.is_(True))  # the second has their index preferred
    held = connection.execute(select(func.count()).where(of_route, *are_held)).scalar() or 0
    by_state = (
        select(steps.c.state, func.count(), func.min(steps.c.retry_at))
        .where(steps.c.route == route, text(f"steps.{IS_NOT_DONE}"))
        .group_by(steps.c.state)
    )
    states: Mapping[str, tuple[int, float | None]] = {row[0]: (row[1], row[2]) for row in connection.execute(by_state)}
    waiting, retry_at = states.get(StepState.WAITING.value, (0, None))
    moved = connection.execute(select(cursors).where(cursors.c.name.startswith(f"{route}/", autoescape=True)))
    goods = parked.c.route.startswith(f"{route}/", autoescape=True) & parked.c.resolved_at.is_(None)
    return LaneStatus(
        route,
        total,
        linked,
        int(held) + int(connection.execute(select(func.count()).where(goods)).scalar() or 0),
        sum(states.get(state.value, (0, None))[0] for state in _UNSETTLED),
        waiting,
        {row.name: (row.value, datetime.fromtimestamp(row.moved_at, UTC)) for row in moved},
        *connection.execute(select(func.count(), func.count(levels.c.due_at)).where(levels.c.route == route)).one(),
        *connection.execute(
            select(func.count(), func.count().filter(listings.c.listed_id != ""), func.count(listings.c.due_at)).where(
                listings.c.route == route
            )
        ).one(),
        retry_at=None if retry_at is None else datetime.fromtimestamp(retry_at, UTC),
    )


_TO_SETTLE = (
    select(steps.c.key)
    .join(pairs, (pairs.c.route == steps.c.route) & (pairs.c.key == steps.c.key))
    .where(steps.c.route == bindparam("of_route"), steps.c.state.in_([state.value for state in _UNSETTLED]))
    .where(text(f"steps.{IS_NOT_DONE}"))
    .where(func.coalesce(steps.c.retry_at, 0) <= bindparam("now"))
    .where(pairs.c.parked.is_(False))  # a person looks into these
    .limit(bindparam("count"))
)
_CONCLUDED: tuple[Change, ...] = (
    "state",
    "concluded_at",
    "retry_at",
    ("result", "CASE excluded.result WHEN '' THEN steps.result ELSE excluded.result END"),
    ("attempts", "steps.attempts + excluded.attempts"),
)
_LINKED: tuple[Change, ...] = (
    ("document_id", "CASE excluded.document_id WHEN '' THEN pairs.document_id ELSE excluded.document_id END"),
    (  # a nudge or a change that came while the step was under way is kept
        "look_at",
        "CASE WHEN pairs.look_at IS NULL THEN excluded.look_at WHEN excluded.look_at IS NULL THEN pairs.look_at"
        " WHEN pairs.look_at < excluded.look_at THEN pairs.look_at ELSE excluded.look_at END",
    ),
)
_PARK_AGAIN = (
    update(parked)
    .where(parked.c.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}") for name in ("reason", "step", "facts", "raw")})
)


def _item(parking: Parking) -> dict[str, Any]:
    facts = json.dumps(dict(parking.facts), default=str)
    return {"reason": parking.reason, "step": parking.step, "facts": facts, "raw": parking.raw}


def _ended(route: str, ended: Conclusion, now: float) -> dict[str, Any]:
    return {
        "route": route,
        "key": ended.key,
        "kind": ended.kind,
        "reference": ended.reference,
        "state": ended.state.value,
        "why": "",
        "attempts": int(ended.state is StepState.WAITING),
        "intended_at": now,
        "concluded_at": now,
        "retry_at": seconds(ended.retry_at),
        "result": ended.result,
    }


def _linked(route: str, ended: Conclusion, look_at: float | None) -> dict[str, Any]:
    return {"route": route, "key": ended.key, **BLANK, "document_id": ended.document_id, "look_at": look_at}


def _parked_pair(route: str, key: str) -> dict[str, Any]:
    return {"route": route, "key": key, **BLANK, "parked": True, "look_at": None}
