"""Rules about acts: each is carried out once, whatever happens, and what was made is found."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from crossdock.errors import Refused
from crossdock.testing.acting import call, effects, killed_at, prepared, settle
from crossdock.testing.quality import Tier
from crossdock.testing.reading import ended
from crossdock.testing.rule import require, rule
from crossdock.testing.rules.calls import calls_of, signed_in
from crossdock.testing.scene import Scene
from crossdock.testing.stage import Act, Desk
from crossdock.testing.verbs import ABSOLUTE, ACTS

__all__ = ["does_it_once", "finds_what_it_made", "killed", "overlapping", "repeats_harmlessly", "stock_is_absolute"]


@rule("does-it-once", Tier.BRONZE, "an act is carried out, once, and answered", ACTS)
async def does_it_once(scene: Scene) -> None:
    """The plain case: the verb is called with what people made ready, and the system's own book has one entry.

    ## Example

        return Receipt(id=answer["order_number"])

    ## Exceptions

    None.
    """
    act = await prepared(scene)
    async with scene.connection() as desk:
        found = await call(desk, scene.verb, act)
    require(found.error is None and found.answer is not None, f"the call ended with {found}")
    await effects(scene, act, "after one call")


@rule(
    "finds-what-it-made",
    Tier.SILVER,
    "what was made is found by its reference",
    ("push_order", "push_product"),
)
async def finds_what_it_made(scene: Scene) -> None:
    """A lost answer is settled by looking. A look that misses what is there makes it a second time.

    ## Example

        async def find_order(self, reference, route):  # among open, finished and cancelled ones
            return await self._client.by_external_id(reference)

    ## Exceptions

    Systems that cannot be asked: without `find_order` a lost answer is parked, and a person looks.
    """
    act = await prepared(scene)
    async with scene.connection() as desk:
        found = await call(desk, scene.verb, act)
        require(found.error is None, f"the call ended with {found}")
        await (_order_is_found if scene.verb == "push_order" else _product_is_found)(desk, act, found.answer.id)
        if scene.verb == "push_order" and scene.plugin.refuses_duplicates:
            await _a_second_is_refused(scene, desk, act)


async def _order_is_found(desk: Desk, act: Act, number: str) -> None:
    wanted = act.arguments[0].id
    found = await ended(desk.ask.find_order(wanted, desk.route))
    document = found.answer
    require(document is not None, f"find_order({wanted!r}), asked after push_order made it, ended with {found}")
    require(document.reference == wanted, f"the document found for {wanted} has reference {document.reference!r}")
    require(not number or document.id == number, f"push_order said {number}, and find_order finds {document.id}")
    strange = await ended(desk.ask.find_order(f"{wanted}X", desk.route))
    nothing = strange.error is None and strange.answer is None
    require(nothing, f"find_order of a reference that was never used ended with {strange}")


async def _product_is_found(desk: Desk, act: Act, number: str) -> None:
    product = act.arguments[0]
    sku = product.sku or product.variants[0].sku
    found = await ended(desk.ask.find_product(sku, desk.route))
    ids = [one.id for one in found.answer or ()]
    require(len(ids) == 1, f"find_product({sku!r}), asked after push_product made it, found {ids or found}")
    require(not number or number in ids, f"push_product said {number}, and find_product finds {ids[0]}")


async def _a_second_is_refused(scene: Scene, desk: Desk, act: Act) -> None:
    again = await call(desk, scene.verb, act)
    fits = (again.error is None and again.answer.already) or isinstance(again.error, Refused)
    require(fits, f"refuses_duplicates is promised, and a second push_order of one reference ended with {again}")
    await effects(scene, act, "after two calls with one reference")


@rule("repeats-harmlessly", Tier.SILVER, "an absolute act that is called again changes nothing", ABSOLUTE)
async def repeats_harmlessly(scene: Scene) -> None:
    """After a crash an act is called again with what it was called with before. Cancelled twice is cancelled.

    ## Example

        if order.status is OrderStatus.CANCELLED:
            return Receipt(already=True)

    ## Exceptions

    None: the docstrings of these verbs say "absolute", or that what is done is `already`.
    """
    act = await prepared(scene)
    async with scene.connection() as desk:
        for time in ("first", "second"):
            found = await call(desk, scene.verb, act)
            require(found.error is None, f"the {time} call with the same arguments ended with {found}")
    await effects(scene, act, "after two calls with the same arguments")


@rule("stock-is-absolute", Tier.SILVER, "a level is set, never added, and the last one counts", ["push_stock"])
async def stock_is_absolute(scene: Scene) -> None:
    """A level that is added to what is there oversells at the first retry.

    ## Example

        {"stock": int(level.available)}  # never {"change": +3}

    ## Exceptions

    None. A system that only knows movements is read first, under a lock of the system's own.
    """
    act = await prepared(scene)
    level = act.arguments[0][0]
    async with scene.connection() as desk:
        for available in (5, 9, 9, 0, 4):
            wanted = level.model_copy(update={"available": Decimal(available), "version": level.version + 1})
            found = await call(desk, "push_stock", Act(([wanted],), act.key))
            require(found.error is None, f"level {available} was answered with {found}")
            seen = await scene.stage.level(level.sku)
            require(seen == available, f"level {available} was pushed, and the system shows {seen}")


@rule(
    "overlapping-calls",
    Tier.GOLD,
    "calls for different things that overlap do not disturb each other",
    ACTS - {"push_listings"},
)
async def overlapping(scene: Scene) -> None:
    """The engine has many orders under way at once; state that a connection keeps between calls is shared by all.

    ## Example

    Keep what belongs to one call in its own variables; keep on `self` only what is the connection's, such as a token,
    and guard it: `async with toolbox.vault.locked("token")`.

    ## Exceptions

    None.
    """
    acts = [await prepared(scene) for _ in range(_AT_ONCE)]
    async with scene.connection() as desk:
        found = await asyncio.gather(*(call(desk, scene.verb, act) for act in acts))
    for act, one in zip(acts, found, strict=True):
        require(one.error is None, f"of {_AT_ONCE} calls at once, the one for {act.key} ended with {one}")
        await effects(scene, act, f"after {_AT_ONCE} calls at once, for {act.key}")


_AT_ONCE = 4


@rule("killed", Tier.PLATINUM, "killed at any call, and started again, it has done it once", ACTS)
async def killed(scene: Scene) -> None:
    """A process dies at any instruction, and what it had in memory is gone: only system and vault remember.

    A process of its own calls the verb, and is killed with `kill -9` after the system carried out its first call, its
    second, and so on. A new one then does what the engine does: it looks, and acts again only if nothing was done.

    ## Example

    Keep nothing in memory that is needed to find out what was done; write new tokens to the vault before using them.

    ## Exceptions

    None.
    """
    for at in scene.means.effort.turns(await calls_of(scene)):
        act = await prepared(scene)
        await signed_in(scene)
        await killed_at(scene, act, at)
        async with scene.connection() as desk:
            await settle(scene, desk, act)
        await effects(scene, act, f"killed after call {at}, and started again")
