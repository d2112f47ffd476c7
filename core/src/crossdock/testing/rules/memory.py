"""The rule about memory."""

from __future__ import annotations

import json

from crossdock.testing.nursery import Memory
from crossdock.testing.quality import Tier
from crossdock.testing.rule import require, rule
from crossdock.testing.scene import Scene
from crossdock.testing.stage import NotStaged
from crossdock.testing.verbs import PULLS

__all__ = ["flat_memory"]

_AT_ONE_MOMENT = 50
_SLACK_BYTES = 300_000
_KEPT_BYTES = 1_500
"""What may stay of each item: its numbers in an index, to know it again, and no more."""


@rule("flat-memory", Tier.PLATINUM, "10,000 things are read page by page, with flat memory", PULLS)
async def flat_memory(scene: Scene) -> None:
    """A backfill of a year must fit where a look of five minutes fits.

    A process of its own reads 10,000 things; what Python has in use is measured after each page, from the first tenth
    to the end.

    ## Example

        async for page in self._client.pages(window):   # not: pages = [page async for page in ...]
            yield translate.page(page)

    ## Exceptions

    Systems that answer everything at once, where the answer is never longer than some megabytes.
    """
    async with scene.another() as other:
        wanted = scene.means.effort.items
        for _ in range(0, wanted, _AT_ONE_MOMENT):
            await other.add(_AT_ONE_MOMENT)
            await other.later(60)
        result = other.means.folder / "memory"
        await scene.means.nursery.start(other.job(other.stage.url, (other.window(),), result))
        require(
            await scene.means.nursery.ended() == 0, "in a process of its own, where nothing was wrong, the run failed"
        )
        memory = Memory(**json.loads(result.read_text()))
    _flat(memory, wanted)


def _flat(memory: Memory, wanted: int) -> None:
    require(memory.items[-1] >= wanted, f"of {wanted} things, {memory.items[-1]} came")
    early = next(number for number, count in enumerate(memory.items) if count >= wanted / 10)
    read = memory.items[-1] - memory.items[early]
    if read < wanted / 2:
        raise NotStaged(f"page_size: {wanted} things came in {len(memory.items)} pages; make pages smaller")
    grown = memory.in_use[-1] - memory.in_use[early]
    kept = max(grown - _SLACK_BYTES, 0) / read
    require(
        kept < _KEPT_BYTES, f"memory grew by {grown / 1e6:.1f} MB while {read} things were read, {kept:.0f} bytes each"
    )
