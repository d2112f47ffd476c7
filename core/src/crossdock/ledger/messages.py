"""Push messages: which ones came before, and the nudges that they lead to, in one commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from crossdock.ledger.bulk import insert
from crossdock.ledger.pairs import keys_of_documents, nudge
from crossdock.ledger.schema import messages

KEPT_SECONDS = 7 * 86_400.0
"""How long a message is remembered; marketplaces repeat what was lost for three days."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Have one order of a route looked at.

    Attributes:
        route: whose.
        key: the order's number on the side that says so.
        document: whether `key` is the backend's number rather than the channel's.
        why: for the timeline.
    """

    route: str
    key: str
    document: bool
    why: str


@dataclass(frozen=True, slots=True)
class Message:
    """A verified push message.

    Attributes:
        connection: that received it.
        id: by which a repeated one is known; empty where the system gives none.
        marks: what it leads to.
    """

    connection: str
    id: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a message.

    Attributes:
        repeated: it had come before, and led to nothing now.
        unknown: marks of documents that no order is known for: their whole lane has to be looked at.
    """

    repeated: bool = False
    unknown: tuple[Mark, ...] = ()


def take(connection: Connection, received: Sequence[Message], now: float) -> list[Taken]:
    """Keep what `received` leads to; one answer for each, in order."""
    seen = _known(connection, received)
    keys = _keys(connection, [mark for message in received for mark in message.marks])
    taken: list[Taken] = []
    fresh: list[Message] = []
    for message in received:
        name = (message.connection, message.id)
        if message.id and name in seen:
            taken.append(Taken(repeated=True))
            continue
        seen.add(name)
        fresh.append(message)
        taken.append(Taken(unknown=tuple(mark for mark in message.marks if mark not in keys)))
    named = [message for message in fresh if message.id]
    insert(connection, messages, [{"connection": m.connection, "id": m.id, "received_at": now} for m in named])
    _nudge(connection, {mark: keys[mark] for message in fresh for mark in message.marks if mark in keys}, now)
    return taken


def forget(connection: Connection, now: float) -> int:
    """Forget messages that will not be repeated any more; answer how many."""
    return connection.execute(messages.delete().where(messages.c.received_at < now - KEPT_SECONDS)).rowcount


def _known(connection: Connection, received: Sequence[Message]) -> set[tuple[str, str]]:
    """Those of them that came before; asked for by connection too, since that is how they are found."""
    ids = [message.id for message in received if message.id]
    if not ids:
        return set()
    of_ids = (messages.c.connection.in_({message.connection for message in received}), messages.c.id.in_(ids))
    query = select(messages.c.connection, messages.c.id).where(*of_ids)
    return {(row.connection, row.id) for row in connection.execute(query)}


def _keys(connection: Connection, marks: Sequence[Mark]) -> dict[Mark, str]:
    """The channel's number of each order that is meant; documents that no order is known for are left out."""
    keys = {mark: mark.key for mark in marks if not mark.document}
    for route in sorted({mark.route for mark in marks if mark.document}):
        asked = [mark for mark in marks if mark.document and mark.route == route]
        known = keys_of_documents(connection, route, [mark.key for mark in asked])
        keys |= {mark: known[mark.key] for mark in asked if mark.key in known}
    return keys


def _nudge(connection: Connection, keys: Mapping[Mark, str], now: float) -> None:
    """Have these orders looked at; always in the same order, so that two processes never wait for each other."""
    groups: dict[tuple[str, str], set[str]] = {}
    for mark, key in keys.items():
        groups.setdefault((mark.route, mark.why), set()).add(key)
    for route, why in sorted(groups):
        nudge(connection, route, sorted(groups[route, why]), now, why)
