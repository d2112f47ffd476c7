"""Push messages: which ones came before, and the nudges that they lead to, in one commit."""

from __future__ import annotations

from collections.abc import Sequence
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
    taken: list[Taken] = []
    for message in received:
        name = (message.connection, message.id)
        if message.id and name in seen:
            taken.append(Taken(repeated=True))
            continue
        if message.id:
            seen.add(name)
            insert(connection, messages, [{"connection": name[0], "id": name[1], "received_at": now}])
        taken.append(Taken(unknown=tuple(mark for mark in message.marks if not _keep(connection, mark, now))))
    return taken


def forget(connection: Connection, now: float) -> int:
    """Forget messages that will not be repeated any more; answer how many."""
    return connection.execute(messages.delete().where(messages.c.received_at < now - KEPT_SECONDS)).rowcount


def _known(connection: Connection, received: Sequence[Message]) -> set[tuple[str, str]]:
    ids = [message.id for message in received if message.id]
    query = select(messages.c.connection, messages.c.id).where(messages.c.id.in_(ids))
    return {(row.connection, row.id) for row in connection.execute(query)} if ids else set()


def _keep(connection: Connection, mark: Mark, now: float) -> bool:
    """Whether the order that is meant is known by its key."""
    key: str | None = mark.key
    if mark.document:
        key = keys_of_documents(connection, mark.route, [mark.key]).get(mark.key)
    if key is not None:
        nudge(connection, mark.route, [key], now, mark.why)
    return key is not None
