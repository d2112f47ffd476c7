"""How many calls a verb makes when nothing is wrong: what can go wrong is tried at each of them."""

from __future__ import annotations

from contextlib import suppress

from crossdock.testing.acting import call, prepared
from crossdock.testing.reading import read
from crossdock.testing.rule import require
from crossdock.testing.scene import Scene
from crossdock.testing.stage import NotStaged
from crossdock.testing.verbs import PULLS

__all__ = ["calls_of", "signed_in"]


async def signed_in(scene: Scene) -> None:
    """Have a token that is good in the vault, so that what is counted and what is tried are the same calls.

    `probe` itself is tried with an expired one: its calls are those of a renewal.
    """
    if scene.can("probe"):
        await scene.desk.ask.probe()
    if scene.verb == "probe":
        with suppress(NotStaged):
            await scene.stage.expire_sign_in()


async def calls_of(scene: Scene) -> int:
    """How many calls the scene's verb makes; counted once for all rules.

    Raises:
        Broken: something is wrong where nothing should be.
    """
    key = (scene.end, scene.verb)
    if key not in scene.means.calls:
        scene.means.calls[key] = await (_of_pull if scene.verb in PULLS else _of_call)(scene)
    require(scene.means.calls[key] > 0, "it was answered without any call to the system")
    return min(scene.means.calls[key], _MOST_CALLS)


_MOST_CALLS = 8


async def _of_pull(scene: Scene) -> int:
    await scene.add(1)
    await signed_in(scene)
    async with scene.disturbed() as watch, scene.connection() as desk:
        found = await read(desk, scene.verb, scene.window())
    require(found.error is None, f"where nothing was wrong, the run ended with {found.error!r}")
    return watch.calls


async def _of_call(scene: Scene) -> int:
    act = await prepared(scene)
    await signed_in(scene)
    async with scene.disturbed() as watch, scene.connection() as desk:
        once = await call(desk, scene.verb, act)
    require(once.error is None, f"where nothing was wrong, the call ended with {once}")
    return watch.calls
