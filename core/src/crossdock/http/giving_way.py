"""Reading a long answer without keeping everything else from running."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from typing import TypeVar

T = TypeVar("T")


async def giving_way(items: Iterable[T], every: int = 5) -> AsyncGenerator[T, None]:
    """The items, one by one; after every few of them, other tasks run.

    For what takes long with each item, such as translating a page of orders (0.05 to 0.2 ms each): answers that come in
    and push messages wait for milliseconds otherwise, and so do all requests that would follow them.
    """
    for number, item in enumerate(items, 1):
        yield item
        if number % every == 0:
            await asyncio.sleep(0)
