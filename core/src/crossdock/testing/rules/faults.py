"""Rules about what goes wrong on the wire. Each is tried for reading and for acting verbs alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crossdock.errors import CrossdockError, Refused, SignInAgain, TryLater, Unclear
from crossdock.sandbox import Fault, FaultKind
from crossdock.testing.acting import call, effects, prepared, settle
from crossdock.testing.quality import Tier
from crossdock.testing.reading import Ended, Reading, missing, read
from crossdock.testing.rule import require, rule
from crossdock.testing.rules.calls import calls_of, signed_in
from crossdock.testing.scene import Scene
from crossdock.testing.verbs import ACTS, NUMBERED, PULLS
from crossdock.testing.watch import Watch

__all__ = ["broken_answers", "lost_answer", "server_errors", "slow_answers", "throttled"]

_ALL = PULLS | NUMBERED | ACTS
_NOT_LOOKED_UP = ("push_order", "post_order")
"""Acts that the engine repeats after `TryLater` without looking first."""


@dataclass(frozen=True)
class _Trouble:
    """What happens from one call on.

    Attributes:
        words: for messages.
        kind: the fault; None holds the answer until every time limit is over.
        seconds: of Retry-After.
        lasting: it happens to every call from then on, so that no second try helps.
        may: errors that are right, beside TryLater and, for acts, Unclear.
    """

    words: str
    kind: FaultKind | None
    seconds: float | None = None
    lasting: bool = False
    may: tuple[type[CrossdockError], ...] = ()

    @property
    def loses_answers(self) -> bool:
        """Whether the system may have acted, and nobody knows what it answered."""
        return self.kind in (None, FaultKind.TRUNCATED)

    def fault(self, at: int) -> list[Fault]:
        if self.kind is None:
            return []
        return [Fault(kind=self.kind, skip=at - 1, times=None if self.lasting else 1, seconds=self.seconds)]

    def watch(self, scene: Scene, at: int) -> Watch:
        return Watch(scene.means.held, hold_at=0 if self.kind else at, hold_on=self.lasting and not self.kind)


def _both(words: str, kind: FaultKind | None, seconds: float | None = None) -> tuple[_Trouble, _Trouble]:
    return _Trouble(words, kind, seconds), _Trouble(f"{words}, again and again", kind, seconds, lasting=True)


@rule("throttled", Tier.SILVER, "too many requests are answered by waiting as long as they ask, or with TryLater", _ALL)
async def throttled(scene: Scene) -> None:
    """Systems say "too many requests" with a time to wait and without, and mean it: who goes on is locked out.

    ## Example

        http = toolbox.http(classify=judge)  # a table of the vendor's own words, ending with `classify_status`

    ## Exceptions

    None. `TryLater` raised by a plugin's own table says `throttled=True`, so that the connection slows down.
    """
    waits = _both("too many requests, wait 7 s", FaultKind.RATE_LIMITED, 7)
    await _try(scene, [*waits, *_both("too many requests", FaultKind.RATE_LIMITED)])


@rule("server-errors", Tier.SILVER, "a server's failure is TryLater, or Unclear where it may have acted", _ALL)
async def server_errors(scene: Scene) -> None:
    """HTTP 500 says nothing about the order. Parked as refused, it waits for a person who can do nothing about it.

    ## Example

        classify_status(request, response)  # 503 is TryLater; 500 is Unclear where `request.effect`

    ## Exceptions

    None.
    """
    down = _both("HTTP 503", FaultKind.UNAVAILABLE)
    await _try(scene, [*_both("HTTP 500", FaultKind.SERVER_ERROR), *down])


@rule("broken-answers", Tier.SILVER, "an answer that is cut, is no data or never comes is no verdict either", _ALL)
async def broken_answers(scene: Scene) -> None:
    """A proxy's page of HTML with status 200 is no order list, and half a list is not an empty one.

    ## Example

        try:
            return json.loads(response.body)
        except ValueError:
            raise TryLater("no answer of the API", status=response.status)  # Unclear for an act

    ## Exceptions

    A status that nobody documented may be `Refused`; it is none of the system's own, and shown to a person. Where the
    answer that was cut carried a token that is given only once, `SignInAgain` is right: see `renewal-interrupted`.
    """
    odd = _Trouble("HTTP 418", FaultKind.STATUS, lasting=True, may=(Refused, SignInAgain, Unclear))
    page = _both("a page of HTML", FaultKind.NOT_JSON)
    cut = _both("an answer cut in the middle", FaultKind.TRUNCATED)
    await _try(scene, [*page, *cut, *_both("no answer at all", FaultKind.LOST_REQUEST), odd])


@rule(
    "slow-answers",
    Tier.SILVER,
    "what is not answered in time is TryLater, or Unclear for an act",
    _ALL,
)
async def slow_answers(scene: Scene) -> None:
    """A call without a limit waits for ever, and with it the lane of a hundred orders.

    The kit ends the time limit of a call while its answer is held back, so that no real time passes.

    ## Example

        Request("POST", url, timeout=30.0, effect=True)

    ## Exceptions

    None. A plugin that does not call through `toolbox.http` needs limits of its own below a minute.
    """
    await _try(scene, list(_both("an answer that does not come", None)))


@rule("lost-answer", Tier.GOLD, "an answer that is lost after the deed never leads to a second deed", ACTS)
async def lost_answer(scene: Scene) -> None:
    """The order was made, and the answer got lost. Whoever sends it again sends the goods twice.

    The answer of each call that the verb makes is lost in turn, after the system carried it out. Then the kit does what
    the engine does: it looks (`find_order`, `read_orders`), and acts again only if nothing was done.

    ## Example

        Request("POST", url, effect=True)  # a lost answer raises Unclear instead of being tried again

    ## Exceptions

    None.
    """
    troubles = _both("an answer lost after the deed", FaultKind.LOST_ANSWER)
    for at in scene.means.effort.turns(await calls_of(scene)):
        for trouble in troubles if scene.means.effort.thorough else troubles[:1]:
            await _act(scene, trouble, at)


async def _try(scene: Scene, troubles: Sequence[_Trouble]) -> None:
    calls, thorough = await calls_of(scene), scene.means.effort.thorough
    for trouble, at in _pairs(_share(scene.verb, troubles, thorough=thorough), calls, thorough=thorough):
        if scene.verb in ACTS:
            await _act(scene, trouble, at)
        elif scene.verb in PULLS:
            await _pull(scene, trouble, at)
        elif scene.verb == "probe" and trouble.loses_answers:  # which may take the sign-in with it
            async with scene.afresh() as again:
                await _look(again, trouble, at)
        else:
            await _look(scene, trouble, at)


def _share(verb: str, troubles: Sequence[_Trouble], *, thorough: bool) -> Sequence[_Trouble]:
    """All of them, or one for each verb, so that the verbs of a plugin meet all of them together."""
    if thorough or len(troubles) <= _SHARE:
        return troubles
    first = sorted(_ALL).index(verb) * _SHARE
    return [troubles[(first + number) % len(troubles)] for number in range(_SHARE)]


_SHARE = 1


def _pairs(troubles: Sequence[_Trouble], calls: int, *, thorough: bool) -> Iterator[tuple[_Trouble, int]]:
    """All with all, or each trouble once and the calls in turn, the last one first: it is most often the deed."""
    for number, trouble in enumerate(troubles):
        turns = range(1, calls + 1) if thorough else [calls - number % calls]
        yield from ((trouble, at) for at in turns)


async def _pull(scene: Scene, trouble: _Trouble, at: int) -> None:
    keys = await scene.add(2)
    await signed_in(scene)
    before = scene.stage.clock.monotonic()
    async with scene.disturbed(trouble.watch(scene, at), *trouble.fault(at)) as watch, scene.connection() as desk:
        first = await read(desk, scene.verb, scene.window())
    _right(trouble, at, Ended(first, first.error), scene)
    if watch.calls >= at:
        _patient(scene, trouble, at, Ended(first, first.error), before)
    async with scene.connection() as desk:
        rest = await read(desk, scene.verb, scene.window(first.cursor)) if first.error else Reading()
    require(rest.error is None, f"after {trouble.words} at call {at} was over, the run ended with {rest.error!r}")
    lost = missing(keys, first, rest)
    require(not lost, f"after {trouble.words} at call {at}, {', '.join(lost)} did not come any more")


async def _look(scene: Scene, trouble: _Trouble, at: int) -> None:
    act = await prepared(scene)
    await signed_in(scene)
    before = scene.stage.clock.monotonic()
    async with scene.disturbed(trouble.watch(scene, at), *trouble.fault(at)) as watch, scene.connection() as desk:
        found = await call(desk, scene.verb, act)
    _right(trouble, at, found, scene)
    if watch.calls >= at:
        _patient(scene, trouble, at, found, before)
    empty = found.error is None and not found.answer
    require(not empty, f"after {trouble.words} at call {at}, the answer was {found.answer!r}, as if there were nothing")


async def _act(scene: Scene, trouble: _Trouble, at: int) -> None:
    act = await prepared(scene)
    await signed_in(scene)
    before = scene.stage.clock.monotonic()
    async with scene.disturbed(trouble.watch(scene, at), *trouble.fault(at)) as watch, scene.connection() as desk:
        found = await call(desk, scene.verb, act)
    where = f"after {trouble.words} at call {at}"
    _right(trouble, at, found, scene)
    if watch.calls >= at:
        _patient(scene, trouble, at, found, before)
    if isinstance(found.error, TryLater) and scene.verb in _NOT_LOOKED_UP:
        done = await scene.stage.effects(scene.verb, act.key)
        require(not done, f"{where}, TryLater was raised, which is tried again at once, though it had been carried out")
    if found.error is not None:
        async with scene.connection() as desk:
            await settle(scene, desk, act)
    await effects(scene, act, f"{where} and a second look")


def _right(trouble: _Trouble, at: int, found: Ended, scene: Scene) -> None:
    """Only errors by which the engine does the right thing."""
    allowed: tuple[type[CrossdockError], ...] = (TryLater, *trouble.may)
    if scene.verb in ACTS:
        allowed = (*allowed, Unclear)
    if scene.verb == "probe" and trouble.loses_answers:  # the answer may have carried a token that is given once
        allowed = (*allowed, SignInAgain)
    seen = f"after {trouble.words} at call {at}, {scene.verb} ended with {found}"
    require(found.error is None or isinstance(found.error, allowed), seen)
    if trouble.kind is FaultKind.RATE_LIMITED and trouble.lasting and isinstance(found.error, TryLater):
        require(found.error.throttled, f"{seen}; it does not say throttled=True, so nothing slows down")


def _patient(scene: Scene, trouble: _Trouble, at: int, found: Ended, before: float) -> None:
    """Whoever was told to wait waits, or tells the engine how long."""
    if trouble.kind is not FaultKind.RATE_LIMITED or trouble.seconds is None:
        return
    named = {name.lower() for name in scene.stage.throttled(round(trouble.seconds))[1]}
    if "retry-after" not in named:
        return
    waited = scene.stage.clock.monotonic() - before
    told = found.error.after if isinstance(found.error, TryLater) else None
    enough = waited >= trouble.seconds or (told or 0) >= trouble.seconds
    require(enough, f"told at call {at} to wait {trouble.seconds:g} s, it waited {waited:.1f} s and ended with {found}")
