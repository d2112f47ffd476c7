"""Who may use the API, and what was done by whom.

A token is 32 random bytes, so its plain SHA-256 tells nothing of it: only passwords need a slow hash.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Connection, insert, select, update

from crossdock.clock import Clock
from crossdock.errors import ConfigError
from crossdock.ledger.database import Database
from crossdock.ledger.pairs import moment
from crossdock.ledger.schema import api_tokens, audit

_PREFIX = "crossdock_"
"""So that scanners for leaked secrets know a token when they see one."""
_USED_EVERY = 60.0
"""Seconds between two notes that a token is in use; a note for every call would be a commit for every call."""


class Role(StrEnum):
    """What a token allows; each role may do what those before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    def covers(self, needed: Role) -> bool:
        """Whether this role may do what `needed` may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token, without its secret."""

    name: str
    role: Role
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did."""

    id: int
    at: datetime
    who: str
    what: str
    target: str
    detail: str


class Access:
    """Tokens of the API, and the audit.

    Args:
        database: of the ledger.
        clock: the only source of time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def make(self, name: str, role: Role) -> str:
        """Make a token; its secret is answered once and is kept nowhere.

        Raises:
            ConfigError: there is one of this name.
        """
        secret = _PREFIX + secrets.token_urlsafe(32)
        await self._database.write(_make, name, role, _digest(secret), self._now())
        return secret

    async def tokens(self) -> list[ApiToken]:
        """All tokens, by name."""
        return await self._database.read(_tokens)

    async def revoke(self, name: str) -> bool:
        """End a token at once; answer whether there was one."""
        return await self._database.write(_revoke, name)

    async def holder(self, secret: str) -> ApiToken | None:
        """Whose token this is; None for nobody's."""
        found = await self._database.read(_holder, _digest(secret))
        now = self._clock.now()
        if found is not None and (found.used_at is None or (now - found.used_at).total_seconds() > _USED_EVERY):
            await self._database.write(_note_use, found.name, self._now())
        return found

    async def note(self, who: str, what: str, target: str, detail: str = "") -> None:
        """Remember what somebody did. Committed when this returns."""
        await self._database.write(_note, self._now(), who, what, target, detail)

    async def acts(self, limit: int = 100, before: int | None = None) -> list[Act]:
        """What was done, the latest first; `before` goes on where a page ended."""
        return await self._database.read(_acts, limit, before)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _digest(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()


def _make(connection: Connection, name: str, role: Role, digest: str, now: float) -> None:
    if connection.execute(select(api_tokens.c.name).where(api_tokens.c.name == name)).first():
        raise ConfigError(
            f"there is a token {name!r} already",
            hint=f"name it differently, or revoke that one: crossdock api token revoke {name}",
        )
    connection.execute(insert(api_tokens).values(name=name, role=role.value, digest=digest, made_at=now))


def _tokens(connection: Connection) -> list[ApiToken]:
    rows = connection.execute(select(api_tokens).order_by(api_tokens.c.name))
    return [ApiToken(row.name, Role(row.role), _moment(row.made_at), moment(row.used_at)) for row in rows]


def _revoke(connection: Connection, name: str) -> bool:
    return connection.execute(api_tokens.delete().where(api_tokens.c.name == name)).rowcount > 0


def _holder(connection: Connection, digest: str) -> ApiToken | None:
    row = connection.execute(select(api_tokens).where(api_tokens.c.digest == digest)).first()
    return None if row is None else ApiToken(row.name, Role(row.role), _moment(row.made_at), moment(row.used_at))


def _note_use(connection: Connection, name: str, now: float) -> None:
    connection.execute(update(api_tokens).where(api_tokens.c.name == name).values(used_at=now))


def _note(connection: Connection, now: float, who: str, what: str, target: str, detail: str) -> None:
    connection.execute(insert(audit).values(at=now, who=who, what=what, target=target, detail=detail))


def _acts(connection: Connection, limit: int, before: int | None) -> list[Act]:
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    return [
        Act(row.id, _moment(row.at), row.who, row.what, row.target, row.detail) for row in connection.execute(query)
    ]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
