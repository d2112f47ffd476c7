"""The rule about batches: each row fares by itself."""

from __future__ import annotations

from crossdock.contract import Outcome
from crossdock.errors import CannotTranslate, Refused
from crossdock.testing.acting import effects, patiently, prepared
from crossdock.testing.quality import Tier
from crossdock.testing.rule import require, rule
from crossdock.testing.scene import Scene
from crossdock.testing.stage import Act
from crossdock.testing.verbs import BATCHES

__all__ = ["bad_row"]


@rule("bad-row", Tier.SILVER, "a row that is refused says so, and the others of its batch are done", BATCHES)
async def bad_row(scene: Scene) -> None:
    """One SKU that the channel does not know must not keep the stock of a thousand others from being shown.

    A row that the system refuses stands between two good ones.

    ## Example

        return [Outcome(row.sku, Refused(row.problem) if row.problem else None) for row in answer.rows]

    ## Exceptions

    None.
    """
    field = BATCHES[scene.verb]
    first, last = await prepared(scene), await prepared(scene)
    bad = scene.stage.bad_row(scene.verb, first.arguments[0][0])
    rows = [first.arguments[0][0], bad, last.arguments[0][0]]
    async with scene.connection() as desk:
        found = await patiently(desk, scene.verb, Act((rows,), ""))
    require(found.error is None, f"with one bad row, the whole batch ended with {found}")
    fates = {one.key: one.error for one in found.answer if isinstance(one, Outcome)}
    keys = [str(getattr(row, field)) for row in rows]
    require(sorted(fates) == sorted(keys), f"outcomes were answered for {sorted(fates)}, not for {sorted(keys)}")
    wrong = fates[str(getattr(bad, field))]
    require(isinstance(wrong, Refused | CannotTranslate), f"the outcome of the bad row is {wrong!r}, not Refused")
    for act in (first, last):
        await effects(scene, act, "beside a bad row")
