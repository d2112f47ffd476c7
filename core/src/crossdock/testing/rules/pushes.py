"""Rules about push messages: believed only when rightly signed, and then they only say where to look."""

from __future__ import annotations

from crossdock.contract import PushAnswer, PushMessage
from crossdock.errors import Refused
from crossdock.testing.quality import Tier
from crossdock.testing.reading import ended
from crossdock.testing.rule import Broken, require, rule
from crossdock.testing.scene import Scene
from crossdock.testing.stage import Desk

__all__ = ["forged_messages", "push_messages"]


@rule(
    "push-messages",
    Tier.GOLD,
    "push messages say where to look, in any order, without a call",
    ["read_push"],
)
async def push_messages(scene: Scene) -> None:
    """Systems send messages twice, late and in the wrong order. One that only says "look" does no harm.

    ## Example

        return PushAnswer([Nudge("orders", body["order_id"], "webhook order.updated")], message_id=body["id"])

    ## Exceptions

    None.
    """
    messages = await scene.stage.push_messages(scene.desk)
    require(len(messages) >= 2, "the stage sends fewer than two messages")
    async with scene.disturbed() as watch, scene.connection() as desk:
        once = [await _read(desk, message) for message in messages]
        for message, first in zip(messages, once, strict=True):
            again = await _read(desk, scene.stage.redelivered(message))
            require(_told(again) == _told(first), "the same message, sent twice, leads to different nudges")
            require(again.message_id == first.message_id, "the same message, sent twice, has two different ids")
        backwards = [await _read(desk, scene.stage.redelivered(message)) for message in reversed(messages)]
    require(any(answer.nudges for answer in once), "none of the messages leads to a nudge")
    require(
        sorted(map(_told, backwards)) == sorted(map(_told, once)), "in another order, the messages lead to other nudges"
    )
    require(watch.calls == 0, f"{watch.calls} calls were made while messages were read")


@rule(
    "forged-messages",
    Tier.SILVER,
    "a message that the system did not sign is Refused, and nothing of it is read",
    ["read_push"],
)
async def forged_messages(scene: Scene) -> None:
    """The address for push messages is open to everybody, and what comes there may be anybody's.

    Each rightly signed message is changed: another body, another signature, no signature at all.

    ## Example

        if not hmac.compare_digest(expected, given):
            raise Refused("The signature is wrong.")

    ## Exceptions

    Systems that send a shared secret instead of a signature cannot notice a changed body: their stage's `forgeries`
    change the secret instead.
    """
    messages = await scene.stage.push_messages(scene.desk)
    async with scene.connection() as desk:
        for message in messages:
            await _read(desk, message)
            for what, forged in scene.stage.forgeries(message):
                await _refuses(desk, what, forged)


async def _refuses(desk: Desk, what: str, forged: PushMessage) -> None:
    async def read() -> PushAnswer | None:
        return desk.ask.read_push(forged)

    found = await ended(read())
    require(isinstance(found.error, Refused), f"a message with {what} ended with {found}, not Refused")


async def _read(desk: Desk, message: PushMessage) -> PushAnswer:
    async def read() -> PushAnswer | None:
        return desk.ask.read_push(message)

    found = await ended(read())
    if not isinstance(found.answer, PushAnswer):
        raise Broken(f"a rightly signed message ended with {found}")
    return found.answer


def _told(answer: PushAnswer) -> list[tuple[str, str]]:
    return sorted((nudge.flow, nudge.key) for nudge in answer.nudges)
