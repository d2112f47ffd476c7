"""Rules about extensions: what they rewrite, what they hold back, and what they let pass."""

from __future__ import annotations

import asyncio
from typing import Any

from crossdock.contract import hookimpl
from crossdock.errors import Refused, TryLater
from crossdock.model import StockLevel
from crossdock.testing.quality import Tier
from crossdock.testing.reading import Ended, shortly
from crossdock.testing.rehearsal import NOUNS, Act, Noun
from crossdock.testing.rehearsing import RehearsalScene
from crossdock.testing.rule import require, rule
from crossdock.testing.samples import PERSONAL
from crossdock.testing.stage import NotStaged
from crossdock.testing.verbs import EXTENSION, REWRITES

__all__ = [
    "keeps_identity",
    "rewrites_alike",
    "rewrites_as_said",
    "takes_what_comes",
    "vetoes_with_a_reason",
    "wrappers_let_go",
]


@rule("rewrites-as-said", Tier.BRONZE, "what passes comes out as its rehearsal says", REWRITES, [EXTENSION])
async def rewrites_as_said(scene: RehearsalScene) -> None:
    """The plain case: each example of the rehearsal is handed in, and something is changed or held back by one.

    ## Example

        Rehearsal({"note": "GIFT"}, [Example(order, order.model_copy(update={"note": "GIFT"}))])

    ## Exceptions

    None.
    """
    examples = scene.rehearsal.of(scene.verb)
    if all(example.given == example.wanted for example in examples):
        raise NotStaged(f"an example of {scene.verb} in which something is changed or held back")
    for example in examples:
        found = await scene.rewritten(example.given)
        name = shortly(example.given)
        if example.wanted is None:
            require(isinstance(found.error, Refused), f"{name} is to be held back, and ended with {found}")
            continue
        require(found.error is None, f"{name} is to pass, and ended with {found}")
        differs = _differing(example.wanted, found.answer)
        require(not differs, f"{name} came out with another {', '.join(differs)} than its example says")


@rule("keeps-identity", Tier.SILVER, "what comes out is the thing that came in", REWRITES, [EXTENSION])
async def keeps_identity(scene: RehearsalScene) -> None:
    """By its number a thing is known on both sides; with another one it is another thing, and is made a second time.

    ## Example

        return order.model_copy(update={"note": note})  # never another `id`, nor `sku` or `version` of a level

    ## Exceptions

    None. What must not pass is held back: `raise Refused("the reason")`.
    """
    for given in scene.samples():
        found = await scene.rewritten(given)
        if found.error is not None:
            continue
        require(type(found.answer) is type(given), f"{shortly(given)} came out as a {type(found.answer).__name__}")
        names = ("sku", "version") if isinstance(given, StockLevel) else ("id",)
        changed = [name for name in names if getattr(found.answer, name) != getattr(given, name)]
        require(not changed, f"{shortly(given)} came out with another {' and '.join(changed)}")


@rule(
    "rewrites-alike",
    Tier.SILVER,
    "the same thing comes out alike, however often and beside whatever",
    REWRITES,
    [EXTENSION],
)
async def rewrites_alike(scene: RehearsalScene) -> None:
    """An order is rewritten again on each attempt, a product with each comparison; one that differs is sent anew.

    Everything is rewritten alone, once more, and all at once.

    ## Example

    Decide by what came in and by the settings alone: not by the time, by chance, or by what passed before.

    ## Exceptions

    None.
    """
    samples = scene.samples()
    alone = [await scene.rewritten(given) for given in samples]
    again = [await scene.rewritten(given) for given in samples]
    at_once = await asyncio.gather(*(scene.rewritten(given) for given in samples))
    for given, first, second, third in zip(samples, alone, again, at_once, strict=True):
        require(_alike(first, second), f"{shortly(given)}, rewritten twice, came out differently")
        require(_alike(first, third), f"{shortly(given)}, rewritten beside others, came out differently than alone")


@rule("takes-what-comes", Tier.GOLD, "whatever systems send passes or is held back", REWRITES, [EXTENSION])
async def takes_what_comes(scene: RehearsalScene) -> None:
    """An order without lines, without a total, with a status of tomorrow, in won, with a buyer who is withheld.

    An extension that fails on one of them stops an order for a reason that no operator understands.

    ## Example

        if order.total is not None and order.total.amount >= limit:

    ## Exceptions

    None. `Refused` is the only error that fits: the thing is parked with its reason, and the others go on.
    """
    for given in scene.samples():
        found = await scene.rewritten(given)
        fits = found.error is None or isinstance(found.error, Refused)
        require(fits, f"{shortly(given)} ended with {type(found.error).__name__}, not Refused: {found.error}")
        right = found.error is not None or isinstance(found.answer, NOUNS[scene.verb])
        require(right, f"{shortly(given)} came out as {shortly(found.answer)}")


@rule(
    "vetoes-with-a-reason", Tier.SILVER, "what is held back says why, without the buyer's data", REWRITES, [EXTENSION]
)
async def vetoes_with_a_reason(scene: RehearsalScene) -> None:
    """A person reads the reason in the list of parked items and in alerts, where buyers' names do not belong.

    ## Example

        raise Refused(f"the total of {order.total} is not below {limit}, so a person must look")

    ## Exceptions

    None. What never holds anything back passes.
    """
    for given in scene.samples():
        found = await scene.rewritten(given)
        if isinstance(found.error, Refused):
            text = f"{found.error} {found.error.hint or ''}"
            require(len(str(found.error).split()) > 1, f"{shortly(given)} is held back without a reason")
            require(not any(one in text for one in PERSONAL), f"the reason for {shortly(given)} tells of its buyer")


@rule("wrappers-let-go", Tier.GOLD, "what stands around a verb lets answers, errors and the end pass", (), [EXTENSION])
async def wrappers_let_go(scene: RehearsalScene) -> None:
    """A wrapper sees what is inside of it fail and be cancelled; swallowed, a service does not end, and a deed is lost.

    Each verb that the extension stands around is asked with the rehearsal's `acts`, while what is inside fails, and
    while it is cancelled.

    ## Example

        receipt = yield  # errors and cancellation are raised here, and pass by themselves
        return receipt

    ## Exceptions

    None. An extension without wrappers passes.
    """
    for verb in scene.wrapped():
        act = scene.rehearsal.acts.get(verb)
        if act is None:
            raise NotStaged(f"acts[{verb!r}]: what the verb that it stands around is called with")
        for raised in (TryLater("they are busy"), Refused("they said no"), asyncio.CancelledError()):
            seen = await _around(scene, verb, act, raised)
            words = "the end of the service" if isinstance(raised, asyncio.CancelledError) else repr(raised)
            require(seen is raised, f"around {verb}, {words} did not pass: {seen!r} came out")


async def _around(scene: RehearsalScene, verb: str, act: Act, raised: BaseException) -> object:
    async def fail(_self: object) -> None:
        raise raised

    ask = scene.beside(inner=type("Inner", (), {verb: hookimpl(fail)})())
    try:
        return await getattr(ask, verb)(*act.arguments, scene.route())
    except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - whatever comes out is what is asked for
        return error


def _alike(one: Ended, other: Ended) -> bool:
    return one.answer == other.answer and str(one.error) == str(other.error)


def _differing(wanted: Noun, found: Any) -> list[str]:
    """Names of the fields that differ; never what is in them."""
    if type(wanted) is not type(found):
        return ["kind"]
    return [name for name in type(wanted).model_fields if getattr(wanted, name) != getattr(found, name)]
