"""The limit: the least that does the job at all. No validation, no state, no errors; nothing survives a crash."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from benchmarks.clients import CLIENTS, Client
from benchmarks.document import document
from benchmarks.job import DETAIL_PAGE, DETAIL_PATH, LIST_PAGE, LIST_PATH, Job, signed
from benchmarks.meter import Meter

_decode, _encode = msgspec.json.decode, msgspec.json.encode


async def run(job: Job, meter: Meter) -> dict[str, float]:
    """Do the job."""
    pages: asyncio.Queue[list[dict[str, Any]] | None] = asyncio.Queue(4)
    made = 0
    async with CLIENTS[job.client](job.marketplace) as marketplace, CLIENTS[job.client](job.backend) as backend:
        meter.start()

        async def read() -> None:
            try:
                async for page in bodies(marketplace):
                    await pages.put(_decode(page)["response"]["order_list"])
            finally:
                await pages.put(None)

        reader = asyncio.create_task(read())
        orders = _one_by_one(pages)

        async def work() -> None:
            nonlocal made
            async for order in orders:
                status, _ = await backend.call("POST", "/documents", _encode(document(order)))
                made += status == 201

        await asyncio.gather(*(work() for _ in range(job.in_flight)))
        await reader
    return meter.figures(made)


class _one_by_one:
    """Hands out orders page by page to many workers."""

    def __init__(self, pages: asyncio.Queue[list[dict[str, Any]] | None]) -> None:
        self._pages = pages
        self._left: list[dict[str, Any]] = []
        self._more = asyncio.Lock()
        self._ended = False

    def __aiter__(self) -> _one_by_one:
        return self

    async def __anext__(self) -> dict[str, Any]:
        while not self._left:
            async with self._more:
                if self._left:
                    continue
                page = None if self._ended else await self._pages.get()
                if page is None:
                    self._ended = True
                    raise StopAsyncIteration
                self._left = page[::-1]
        return self._left.pop()


async def bodies(marketplace: Client) -> AsyncIterator[bytes]:
    """Read everything, two calls for details and the next list at once."""
    now = int(time.time())
    listing = f"{signed(LIST_PATH, now)}&time_range_field=update_time&time_from={now - 86_400}&time_to={now + 1}"

    async def page(cursor: str) -> dict[str, Any]:
        _, text = await marketplace.call("GET", f"{listing}&page_size={LIST_PAGE}&cursor={cursor}")
        answer: dict[str, Any] = _decode(text)["response"]
        return answer

    async def details(numbers: list[str]) -> bytes:
        path = signed(DETAIL_PATH, now)
        _, text = await marketplace.call("GET", f"{path}&order_sn_list={','.join(numbers)}")
        return text

    coming: asyncio.Task[dict[str, Any]] | None = asyncio.create_task(page(""))
    while coming is not None:
        found = await coming
        coming = asyncio.create_task(page(found["next_cursor"])) if found["more"] else None
        numbers = [row["order_sn"] for row in found["order_list"]]
        parts = [numbers[at : at + DETAIL_PAGE] for at in range(0, len(numbers), DETAIL_PAGE)]
        for part in [asyncio.create_task(details(part)) for part in parts]:
            yield await part
