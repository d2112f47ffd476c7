"""Batches of rows: each row has an outcome of its own, also inside of a success."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from crossdock.contract import Outcome
from crossdock.errors import CrossdockError, Refused, RemoteError
from crossdock_anchanto_oms.client.gateway import Gateway
from crossdock_anchanto_oms.codes import error_of
from crossdock_anchanto_oms.goods_records import BatchAnswer, RowError

__all__ = ["error_in", "in_batches"]

R = TypeVar("R")
REJECTED = "REJECTED"


async def in_batches(
    gateway: Gateway,
    keys: Sequence[str],
    rows: Sequence[R | Refused],
    send: Callable[[list[R]], Awaitable[BatchAnswer]],
) -> list[Outcome]:
    """Send rows in batches of the size that the OMS takes; a batch that fails as a whole fails each of its rows.

    Args:
        gateway: of the store.
        keys: of the rows, in their order.
        rows: a row that we refuse ourselves is not sent.
        send: sends one batch.
    """
    outcomes = {number: Outcome(keys[number], row) for number, row in enumerate(rows) if isinstance(row, Refused)}
    good = [(number, row) for number, row in enumerate(rows) if not isinstance(row, Refused)]
    size = gateway.profile.limits.batch_rows
    for first in range(0, len(good), size):
        batch = good[first : first + size]
        errors = await _errors(gateway, [row for _, row in batch], send)
        outcomes |= {number: Outcome(keys[number], errors.get(n)) for n, (number, _) in enumerate(batch)}
    return [outcomes[number] for number in range(len(rows))]


def error_in(gateway: Gateway, row_error: RowError | None) -> CrossdockError:
    """The error of a row that was refused."""
    if row_error is None:
        return Refused("The OMS refuses the row without saying why.", code="unknown")
    code = gateway.profile.errors.get(row_error.code, row_error.code)
    return error_of(code, row_error.message or row_error.code)


async def _errors(
    gateway: Gateway, rows: list[R], send: Callable[[list[R]], Awaitable[BatchAnswer]]
) -> dict[int, CrossdockError]:
    try:
        answer = await send(rows)
    except RemoteError as error:
        return dict.fromkeys(range(len(rows)), error)
    told = {result.row for result in answer.results}
    errors = {result.row: error_in(gateway, result.error) for result in answer.results if result.status == REJECTED}
    return errors | {number: error_in(gateway, None) for number in range(len(rows)) if number not in told}
