"""Rules about reading what changed: nothing is lost, whatever happens between two pages."""

from __future__ import annotations

from crossdock.contract import Page, Window
from crossdock.testing.quality import Tier
from crossdock.testing.reading import Reading, key_of, missing, read
from crossdock.testing.rule import require, rule
from crossdock.testing.scene import Scene
from crossdock.testing.stage import Desk, NotStaged
from crossdock.testing.verbs import PULLS

__all__ = ["empty_answer", "equal_timestamps", "finds_everything", "long_window", "page_shift"]


@rule("finds-everything", Tier.BRONZE, "what changed comes, and what changes later is found from the cursor", PULLS)
async def finds_everything(scene: Scene) -> None:
    """The cursor is all that the engine remembers: what lies before it is never asked for again.

    ## Example

        yield Page(orders, cursor=last.updated_at.isoformat())  # by their clock, never ours

    ## Exceptions

    None. Reading something twice is allowed, and costs little. Levels of a channel may come whole each time, without a
    cursor: they are only compared.
    """
    keys = await scene.add(3)
    async with scene.connection() as desk:
        first = await _whole(scene, desk, scene.window())
        _complete(keys, "that people made", first)
        require(
            first.cursor is not None or scene.verb == "pull_stock",
            "the last page carries no cursor, so each run starts from the beginning",
        )
        await scene.later()
        later = await scene.add(1)
        second = await _whole(scene, desk, scene.window(first.cursor))
        _complete(later, "made after the last page was read", second)


@rule("empty-answer", Tier.SILVER, "a run in which nothing changed ends well and loses nothing", PULLS)
async def empty_answer(scene: Scene) -> None:
    """Most looks find nothing, and systems answer them in their own ways: no list, an empty one, 204, 404.

    ## Example

        for row in answer.get("orders") or ():
            ...

    ## Exceptions

    None. What is read again because windows overlap is no harm.
    """
    async with scene.connection() as desk:
        first = await _whole(scene, desk, scene.window())
        await scene.stage.pause()
        empty = await _whole(scene, desk, scene.window(first.cursor))
        await scene.later()
        keys = await scene.add(1)
        _complete(keys, "made after a run that found nothing", await _whole(scene, desk, scene.window(empty.cursor)))


_PAGES = 3


@rule("equal-timestamps", Tier.SILVER, "nothing is lost where a page ends between things of the same moment", PULLS)
async def equal_timestamps(scene: Scene) -> None:
    """An import changes a thousand orders in one second. A cursor "after the last timestamp" skips the rest of it.

    More things than two pages hold are changed at one moment; the run is then cut after each page, and read again from
    the cursor of that page.

    ## Example

    Ask for "at or after", and tell what was seen by its number; or make the cursor of timestamp and number.

    ## Exceptions

    Systems that always answer in one page, and verbs whose cursor is no time at all, such as a replication counter.
    """
    keys = await scene.add(scene.stage.page_size(scene.verb) * 2 + 1)
    async with scene.disturbed() as watch, scene.connection() as desk:
        whole = await _whole(scene, desk, scene.window())
        _complete(keys, "that changed at one moment", whole)
        if watch.calls < _PAGES:
            raise NotStaged(f"page_size: {len(keys)} things came with {watch.calls} calls; make pages smaller")
        for number in range(1, min(len(whole.pages), 4)):
            kept = Reading(whole.pages[:number])
            rest = await _whole(scene, desk, scene.window(kept.cursor))
            _complete(keys, f"of one moment, when the run was cut after page {number}", kept, rest)


@rule("page-shift", Tier.PLATINUM, "what changes while pages are read is not lost", PULLS)
async def page_shift(scene: Scene) -> None:
    """A thing that changes moves to the end of the list, and all that follow move up: one of them is skipped.

    After the first page, something that was on it changes, something that was not yet read changes, and something new
    is made.

    ## Example

    Page by cursor where the system has one; else read backwards, or let windows overlap by more than a run takes.

    ## Exceptions

    Systems that answer from a snapshot: they pass anyway.
    """
    keys = await scene.add(scene.stage.page_size(scene.verb) * 2 + 1)
    wanted: dict[str, int] = dict.fromkeys(keys, 0)
    pages = 0

    async def shift(page: Page[object]) -> None:
        nonlocal pages
        pages += 1
        if pages == 1:
            await scene.later()
            seen = {key_of(item) for item in page.items}
            for key in (_first(keys, seen, inside=True), _first(keys, seen, inside=False)):
                if key is not None:
                    await scene.stage.change(scene.verb, key, scene.desk)
                    wanted[key] = 1
            await scene.later()
            wanted.update(dict.fromkeys(await scene.add(1), 1))

    async with scene.connection() as desk:
        whole = await read(desk, scene.verb, scene.window(), shift)
        require(whole.error is None, f"the run ended with {whole.error!r}")
        await scene.later()
        after = await _whole(scene, desk, scene.window(whole.cursor))
    old = [key for key, when in wanted.items() if not when]
    _complete(old, "that did not change meanwhile", whole, after)
    new = [key for key, when in wanted.items() if when]
    _complete(new, "that changed after the first page, as they were then", Reading(whole.pages[1:]), after)


@rule("long-window", Tier.SILVER, "a window longer than the system allows is read in parts", PULLS)
async def long_window(scene: Scene) -> None:
    """A backfill asks for months; systems answer fifteen days, or a thousand rows, or nothing at all.

    ## Example

        for start, end in slices(window.start, until, timedelta(days=15)):
            ...

    ## Exceptions

    None: a system without a limit passes anyway.
    """
    keys = await scene.add(1)
    async with scene.connection() as desk:
        whole = await _whole(scene, desk, scene.window(days=400))
        _complete(keys, "made today, when the last 400 days were asked for", whole)


async def _whole(scene: Scene, desk: Desk, window: Window) -> Reading:
    found = await read(desk, scene.verb, window)
    require(found.error is None, f"where nothing was wrong, the run ended with {found.error!r}")
    return found


def _complete(wanted: list[str], which: str, *readings: Reading) -> None:
    lost = missing(wanted, *readings)
    require(not lost, f"of {len(wanted)} things {which}, {len(lost)} did not come, such as {', '.join(lost[:2])}")


def _first(keys: list[str], seen: set[str], *, inside: bool) -> str | None:
    return next((key for key in keys if (key in seen) is inside), None)
