"""Asking for many by number, where one unknown number may spoil the whole batch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

from crossdock.errors import Refused

__all__ = ["chunks", "read_known"]

T = TypeVar("T")
K = TypeVar("K")


def chunks(ids: Sequence[K], size: int) -> Iterator[Sequence[K]]:
    """`ids` in pieces of at most `size`."""
    return (ids[at : at + size] for at in range(0, len(ids), size))


async def read_known(ids: Sequence[K], read: Callable[[Sequence[K]], Awaitable[list[T]]]) -> list[T]:
    """Read `ids`, leaving out those that do not exist.

    What happens when only some are unknown is documented nowhere: a refused batch is halved until the unknown ones
    stand alone, which costs a few calls in a case that hardly happens.
    """
    if not ids:
        return []
    try:
        return await read(ids)
    except Refused as error:
        if not _is_unknown(error):
            raise
    if len(ids) == 1:
        return []
    middle = len(ids) // 2
    halves = await asyncio.gather(read_known(ids[:middle], read), read_known(ids[middle:], read))
    return halves[0] + halves[1]


def _is_unknown(error: Refused) -> bool:
    code = error.code or ""
    return code.endswith(("not_found", "not_exist", "invalid_error")) or "not found" in error.reason.lower()
