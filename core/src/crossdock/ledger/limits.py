"""Rates of connections, shared by all processes that use the ledger."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, func, select, text, update

from crossdock.http.lease import Grant
from crossdock.http.rate import Bucket, BucketState, RateLimit
from crossdock.ledger.database import Database
from crossdock.ledger.schema import limits

_LONG_AGO = 0.0


class SharedLimits:
    """Token buckets in PostgreSQL, one for each limit; time is the server's.

    Args:
        database: of the ledger.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, name: str, limit: RateLimit, wanted: float) -> Grant:
        """Lease up to `wanted` tokens of the limit `name`.

        Raises:
            TryLater: the ledger does not answer.
        """
        return await self._database.write(_take, name, limit, wanted)

    async def slow_down(self, name: str, limit: RateLimit, after: float | None) -> None:
        """The far side complained, and asked for `after` seconds of silence.

        Raises:
            TryLater: the ledger does not answer.
        """
        await self._database.write(_slow_down, name, limit, after)


def _take(connection: Connection, name: str, limit: RateLimit, wanted: float) -> Grant:
    bucket, now = _locked(connection, name, limit)
    tokens = bucket.lease(now, wanted)
    _keep(connection, name, bucket)
    return Grant(tokens, 0.0 if tokens else bucket.wait(now), bucket.pause(now))


def _slow_down(connection: Connection, name: str, limit: RateLimit, after: float | None) -> None:
    bucket, now = _locked(connection, name, limit)
    bucket.slow_down(now, after)
    _keep(connection, name, bucket)


def _locked(connection: Connection, name: str, limit: RateLimit) -> tuple[Bucket, float]:
    """The bucket, its row held, and the moment."""
    from sqlalchemy.dialects.postgresql import insert  # large, and few ledgers need it

    connection.execute(_IN_PASSING)
    now = float(connection.execute(_MOMENT).scalar_one())
    new = BucketState(limit.burst, limit.requests_per_second, now, _LONG_AGO, _LONG_AGO)
    connection.execute(insert(limits).values(name=name, **_row(new)).on_conflict_do_nothing())
    row = connection.execute(select(limits).where(limits.c.name == name).with_for_update()).one()
    state = BucketState(row.tokens, row.rate, row.updated_at, row.not_before, row.cut_at)
    return Bucket.restored(limit, state, now), now


def _keep(connection: Connection, name: str, bucket: Bucket) -> None:
    connection.execute(update(limits).where(limits.c.name == name).values(_row(bucket.state)))


def _row(state: BucketState) -> dict[str, float]:
    values = asdict(state)
    return {"updated_at": values.pop("updated"), **values}


_IN_PASSING = text("SET LOCAL synchronous_commit TO OFF")  # a lease that a power cut forgets is a fraction of a second
_MOMENT = select(func.extract("epoch", func.clock_timestamp()))
