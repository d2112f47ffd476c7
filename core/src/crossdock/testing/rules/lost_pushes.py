"""Rules about push messages that came by another way: fetched because they got lost, or handed on by a neighbour."""

from __future__ import annotations

from collections.abc import Iterable

from crossdock.contract import LostPush, LostPushes, PushAnswer
from crossdock.errors import TryLater
from crossdock.sandbox import Fault, FaultKind
from crossdock.testing.quality import Tier
from crossdock.testing.reading import ended
from crossdock.testing.rule import Broken, require, rule
from crossdock.testing.scene import Scene
from crossdock.testing.stage import Desk

__all__ = ["confirmed_pushes", "lost_pushes", "relayed_pushes"]

_LOST = 3


@rule(
    "lost-pushes",
    Tier.GOLD,
    "messages that did not arrive are fetched, and asking changes nothing",
    ["pull_lost_pushes"],
)
async def lost_pushes(scene: Scene) -> None:
    """A service that was down for an hour asks what it missed. Whoever asks and dies has to be told again.

    ## Example

        return LostPushes([LostPush(row.data, row.shop)], up_to=answer.last_id, more=answer.more)

    ## Exceptions

    None.
    """
    keys = await scene.stage.lose_push_messages(_LOST, scene.desk)
    async with scene.connection() as desk:
        for time in ("first", "second"):
            found = await _pulled(desk)
            require(bool(found.up_to), f"asked for the {time} time, it named nothing that could be confirmed")
            _all_told(keys, await _heard(desk, found.messages), f"asked for the {time} time")
            times = [one.body for one in found.messages]
            require(len(set(times)) == len(times), f"asked for the {time} time, a message came twice")


@rule(
    "confirmed-pushes",
    Tier.GOLD,
    "what is confirmed does not come again, and nothing else is lost",
    ["confirm_lost_pushes"],
)
async def confirmed_pushes(scene: Scene) -> None:
    """Confirming follows the commit of what the messages lead to, and may be repeated: the answer gets lost as well.

    ## Example

        await http.post("/pushes/confirm", {"up_to": up_to})  # no `effect`: doing it twice is harmless

    ## Exceptions

    None.
    """
    first = await scene.stage.lose_push_messages(_LOST, scene.desk)
    async with scene.connection() as desk:
        found = await _pulled(desk)
        later = await scene.stage.lose_push_messages(1, scene.desk)
        async with scene.disturbed(None, Fault(kind=FaultKind.LOST_ANSWER, times=None)):
            broken = await ended(desk.ask.confirm_lost_pushes(found.up_to))
        fits = broken.error is None or isinstance(broken.error, TryLater)
        require(fits, f"when the answer was lost, confirm_lost_pushes ended with {broken}")
        for time in ("first", "second"):
            done = await ended(desk.ask.confirm_lost_pushes(found.up_to))
            require(done.error is None, f"confirmed for the {time} time, it ended with {done}")
        heard = await _heard(desk, (await _pulled(desk)).messages)
    again = sorted(set(first) & heard - set(later))
    require(not again, f"messages that were confirmed came again, such as the one about {' '.join(again[:1])}")
    _all_told(later, heard, "after earlier ones were confirmed")


@rule(
    "relayed-pushes",
    Tier.GOLD,
    "a message that a neighbour received is understood, if it is about us",
    ["read_relayed_push"],
)
async def relayed_pushes(scene: Scene) -> None:
    """One address serves all shops of an app: each is asked about what came, and says whether it is meant.

    ## Example

        push = decoded(body)
        return answer_to(push) if push is not None and push.shop_id == settings.shop_id else None

    ## Exceptions

    None.
    """
    messages = await scene.stage.push_messages(scene.desk)
    foreign = await scene.stage.foreign_push(scene.desk)
    async with scene.disturbed() as watch, scene.connection() as desk:
        for message in messages:
            told = _read(desk, message.body)
            require(told is not None, "a message about this connection, received by another, led to nothing")
            direct = desk.ask.read_push(message) if scene.can("read_push") else told
            same = direct is not None and told is not None and _keys([direct]) == _keys([told])
            require(same, "a message that another received leads to other nudges than one received directly")
        require(_read(desk, foreign) is None, "a message about somebody else was taken for one about this connection")
        for what, body in (("no message at all", b"\xff{"), ("an empty one", b""), ("a list", b"[]")):
            told = _read(desk, body)
            require(told is None or not told.nudges, f"{what} led to nudges")
    require(watch.calls == 0, f"{watch.calls} calls were made while messages were read")


async def _pulled(desk: Desk) -> LostPushes:
    found = await ended(desk.ask.pull_lost_pushes())
    if not isinstance(found.answer, LostPushes):
        raise Broken(f"pull_lost_pushes ended with {found}")
    return found.answer


async def _heard(desk: Desk, messages: Iterable[LostPush]) -> set[str]:
    answers = [_read(desk, message.body) for message in messages]
    return _keys(answer for answer in answers if answer is not None)


def _read(desk: Desk, body: bytes) -> PushAnswer | None:
    try:
        return desk.ask.read_relayed_push(body)
    except Exception as error:
        raise Broken(f"read_relayed_push raised {type(error).__name__}: {error}") from error


def _keys(answers: Iterable[PushAnswer]) -> set[str]:
    return {nudge.key for answer in answers for nudge in answer.nudges}


def _all_told(wanted: Iterable[str], heard: set[str], when: str) -> None:
    silent = [key for key in wanted if key not in heard]
    require(not silent, f"{when}, {len(silent)} things whose messages got lost were not told of, such as {silent[:1]}")
