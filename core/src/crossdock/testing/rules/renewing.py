"""Rules about authorisations: a person signs in, tokens are renewed once, and one that is taken back is told."""

from __future__ import annotations

import asyncio

from crossdock.errors import SignInAgain, TryLater
from crossdock.sandbox import Fault, FaultKind
from crossdock.testing.acting import call, killed_at
from crossdock.testing.quality import Tier
from crossdock.testing.reading import Ended, ended, read
from crossdock.testing.rule import require, rule
from crossdock.testing.scene import Scene
from crossdock.testing.stage import Act, Desk, NotStaged
from crossdock.testing.verbs import PULLS

__all__ = ["renewal_interrupted", "renewed_once", "revoked", "sign_in_link", "signs_in"]

_RETURN = "https://crossdock.example/back?connection=tested"
_AT_ONCE = 4


@rule("revoked", Tier.SILVER, "an authorisation that is taken back raises SignInAgain", PULLS | {"probe"})
async def revoked(scene: Scene) -> None:
    """A shop's owner takes the app's rights back, or they end after a year: only a person can mend that.

    ## Example

        if answer.code in ("invalid_grant", "refresh_token_expired"):
            return SignInAgain("The authorisation has ended.", hint="crossdock auth link CONNECTION")

    ## Exceptions

    Systems whose credentials stand in the configuration and are never given out, such as basic authentication.
    """
    async with scene.connection() as desk:
        await _asked(scene, desk)
        await scene.stage.revoke_sign_in()
        found = await _asked(scene, desk)
        _needs_a_person(scene.verb, found)
    async with scene.connection() as desk:
        _needs_a_person(f"{scene.verb}, after a new start", await _asked(scene, desk))


@rule("sign-in-link", Tier.SILVER, "a sign-in link leads to the owner's consent and changes nothing", ["sign_in_link"])
async def sign_in_link(scene: Scene) -> None:
    """A person may ask for a link twice, or never open it; what worked until then goes on working.

    ## Example

        query = urlencode({"client_id": settings.client_id, "redirect_uri": redirect_url, "response_type": "code"})
        return f"{settings.base_url}/oauth/authorize?{query}"

    ## Exceptions

    None.
    """
    async with scene.connection() as desk:
        links = [await _link(desk) for _ in range(2)]
        require(all(link.startswith(("http://", "https://")) for link in links), "its answer is no address")
        found = await ended(desk.ask.probe())
        require(found.error is None, f"after a link was asked for, probe ended with {found}")
        answer = await scene.stage.agree(links[0])
        require(bool(answer), "the browser came back without parameters")


@rule(
    "signs-in", Tier.GOLD, "what the browser brings back becomes tokens, once, and is refused after that", ["sign_in"]
)
async def signs_in(scene: Scene) -> None:
    """The story of each new shop: the authorisation ended, the owner opens a link, says yes, and all goes on.

    ## Example

        await self._vault.write("tokens", tokens)  # before they are used: a restart finds them

    ## Exceptions

    None.
    """
    await _revoke(scene)
    async with scene.connection() as desk:
        for what, wrong in (("nothing", {}), ("a refusal", {"error": "access_denied"})):
            _needs_a_person(f"sign_in with {what}", await ended(desk.ask.sign_in(wrong)))
        answer = await scene.stage.agree(await _link(desk))
        found = await ended(desk.ask.sign_in(answer))
        require(found.error is None, f"sign_in with what the browser brought back ended with {found}")
        await _works(desk, "after signing in, in the same connection")
        _needs_a_person("sign_in with a code that is used", await ended(desk.ask.sign_in(answer)))
        await _works(desk, "after a used code was refused")
    async with scene.connection() as desk:
        await _works(desk, "after signing in and a new start")


@rule("renewed-once", Tier.GOLD, "calls that find a token expired at once lead to one renewal", ["probe"])
async def renewed_once(scene: Scene) -> None:
    """A refresh token works once. Two tasks, or two processes, that both use it lose the shop.

    Two connections that share a vault, as two processes do, make four calls each while the token expires; twice.

    ## Example

        async with toolbox.vault.locked("tokens"):
            kept = await toolbox.vault.read("tokens")  # again: somebody may have been first

    ## Exceptions

    Systems without tokens, such as those with basic authentication.
    """
    async with scene.connection() as one, scene.connection() as other:
        for turn in ("first", "second"):
            await scene.stage.expire_sign_in()
            found = await asyncio.gather(*(ended(desk.ask.probe()) for desk in (one, other) * _AT_ONCE))
            failed = [each for each in found if each.error is not None]
            count = f"{len(failed)} of {len(found)} calls"
            require(not failed, f"when the token expired for the {turn} time, {count} failed: {(failed or found)[0]}")


@rule("renewal-interrupted", Tier.PLATINUM, "a renewal that is broken off loses no more than it must", ["probe"])
async def renewal_interrupted(scene: Scene) -> None:
    """A process dies, or an answer is lost, while a token is renewed: the new one may be known to nobody.

    The answer of each call of a renewal is lost in turn, and a process is killed after each. Whatever was used is kept:
    only where the answer that carried the token got lost may a person be needed, and then SignInAgain says so.

    ## Example

        await vault.write("tokens", new)  # first kept
        self._access = new.access         # then used

    ## Exceptions

    Systems without tokens, such as those with basic authentication.
    """
    calls = await _calls_of_a_renewal(scene)
    for at in range(1, calls + 1):
        for what, interrupt in (("its answer was lost", _lose), ("the process was killed", _kill)):
            async with scene.afresh() as again:
                await _prepared(again)
                await interrupt(again, at)
                async with again.connection() as desk:
                    found = await ended(desk.ask.probe())
                told = isinstance(found.error, SignInAgain) and at < calls
                where = f"{what} at call {at} of {calls} of a renewal, and after a new start probe ended with {found}"
                require(found.error is None or told, where)


async def _calls_of_a_renewal(scene: Scene) -> int:
    await _prepared(scene)
    async with scene.disturbed() as watch, scene.connection() as desk:
        await _works(desk, "after the token expired")
    return watch.calls


async def _prepared(scene: Scene) -> None:
    """Signed in, with a token that is not good any more."""
    await scene.desk.ask.probe()
    await scene.stage.expire_sign_in()


async def _lose(scene: Scene, at: int) -> None:
    lost = Fault(kind=FaultKind.LOST_ANSWER, skip=at - 1, times=1)
    async with scene.disturbed(None, lost), scene.connection() as desk:
        found = await ended(desk.ask.probe())
    fits = found.error is None or isinstance(found.error, TryLater | SignInAgain)
    require(fits, f"an answer was lost at call {at} of a renewal, and probe ended with {found}")


async def _kill(scene: Scene, at: int) -> None:
    await killed_at(scene, Act((), ""), at)


async def _asked(scene: Scene, desk: Desk) -> Ended:
    if scene.verb == "probe":
        return await call(desk, "probe", Act((), ""))
    found = await read(desk, scene.verb, scene.window())
    return Ended(found, found.error)


async def _link(desk: Desk) -> str:
    found = await ended(desk.ask.sign_in_link(_RETURN))
    require(isinstance(found.answer, str), f"sign_in_link ended with {type(found.answer or found.error).__name__}")
    return str(found.answer)


async def _revoke(scene: Scene) -> None:
    try:
        await scene.stage.revoke_sign_in()
    except NotStaged:
        return  # signing in is tried on top of what there is


async def _works(desk: Desk, when: str) -> None:
    found = await ended(desk.ask.probe())
    require(found.error is None, f"{when}, probe ended with {found}")


def _needs_a_person(what: str, found: Ended) -> None:
    require(isinstance(found.error, SignInAgain), f"{what} ended with {found}, not SignInAgain")
