"""Rules about credentials."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping

from pydantic import BaseModel, SecretStr

from crossdock.contract import Page
from crossdock.errors import SignInAgain
from crossdock.sandbox import Fault, FaultKind
from crossdock.testing.listener import listening
from crossdock.testing.quality import Tier
from crossdock.testing.reading import ended, missing, read
from crossdock.testing.rule import Broken, require, rule
from crossdock.testing.scene import Scene
from crossdock.testing.vault import FileVault
from crossdock.testing.verbs import AT, PULLS

__all__ = ["no_secret_shown", "opens_quietly", "probes", "survives_expiry", "wrong_credentials"]


@rule("probes", Tier.BRONZE, "probe signs in and says in a line what it found", ["probe"])
async def probes(scene: Scene) -> None:
    """`crossdock check` is the first thing that an integrator runs, and `probe` is what it asks.

    ## Example

        return Probe(f"shop {shop.name}, authorised until {until:%d %b %Y}")

    ## Exceptions

    None.
    """
    async with scene.connection() as desk:
        found = await ended(desk.ask.probe())
    require(found.error is None, f"probe ended with {found}")
    summary = getattr(found.answer, "summary", "")
    require(bool(summary.strip()) and "\n" not in summary, f"its summary is {summary!r}, not one line")


@rule("wrong-credentials", Tier.BRONZE, "credentials that are refused raise SignInAgain", ["probe"])
async def wrong_credentials(scene: Scene) -> None:
    """`SignInAgain` pauses the connection and asks a person once; any other error is tried again for ever.

    ## Example

        if answer.status == 401:
            return SignInAgain("They refuse the key.", hint="look at connections.NAME.key")

    ## Exceptions

    None.
    """
    async with scene.connection(scene.stage.wrong_settings(scene.url)) as desk:
        found = await ended(desk.ask.probe())
    require(isinstance(found.error, SignInAgain), f"with credentials that the system refuses, probe ended with {found}")


@rule("opens-quietly", Tier.BRONZE, "opening and closing a connection sends nothing")
async def opens_quietly(scene: Scene) -> None:
    """A service with fifty connections opens those that it needs, when it needs them; one that is down stops no other.

    ## Example

        @asynccontextmanager
        async def connect(settings, toolbox):
            yield AcmeConnection(settings, toolbox)  # the token is fetched with the first call

    ## Exceptions

    None: what must be known first is fetched by the verb that needs it.
    """
    async with scene.disturbed() as watch, scene.connection():
        pass
    require(watch.calls == 0, f"{watch.calls} calls were made before any verb was asked")


@rule("token-expiry", Tier.GOLD, "a token that expires in the middle of a run is renewed, and nothing is lost", PULLS)
async def survives_expiry(scene: Scene) -> None:
    """Tokens expire when they like: between two pages of a backfill, too.

    ## Example

    The client renews the token under `toolbox.vault.locked(...)`, writes the new one before it uses it, and repeats
    the call that was refused.

    ## Exceptions

    Systems without tokens, such as those with basic authentication: exempt, and the reason says so.
    """
    keys = await scene.add(scene.stage.page_size(scene.verb) * 2 + 1)
    expired = False

    async def expire(_page: Page[object]) -> None:
        nonlocal expired
        if not expired:
            expired = True
            await scene.stage.expire_sign_in()

    async with scene.connection() as desk:
        found = await read(desk, scene.verb, scene.window(), expire)
    require(found.error is None, f"after the token expired, the run ended with {found.error!r}")
    lost = missing(keys, found)
    require(not lost, f"after the token expired, {len(lost)} of {len(keys)} things did not come, such as {lost[:1]}")


@rule("no-secret-shown", Tier.SILVER, "no key, token or buyer's name is in a log or an error")
async def no_secret_shown(scene: Scene) -> None:
    """Logs and errors are sent to people who may not see them: to a shared channel, to a vendor's support.

    Everything is logged from debug on, through crossdock's own masking, while each reading verb runs well and badly.

    ## Example

        register_secret(token)              # before it is first used: masked wherever it turns up
        log.info("token.renewed", until=until)

    ## Exceptions

    None. The number of an order, an item or a shop is no secret.
    """
    with listening() as stream:
        shown = [text async for text in _told(scene)]
    shown.append(stream.getvalue())
    for name, secret in _secrets(scene):
        if any(secret in text for text in shown):
            raise Broken(f"{name} stands in a log or an error")


async def _told(scene: Scene) -> AsyncIterator[str]:
    """Whatever errors say while things go well and badly."""
    kinds = (FaultKind.SERVER_ERROR, FaultKind.NOT_JSON, FaultKind.TRUNCATED, FaultKind.STATUS)
    faults: list[tuple[Fault, ...]] = [(), *((Fault(kind=kind),) for kind in kinds)]
    for verb in sorted(PULLS & scene.side_verbs() & AT[scene.end]):
        await scene.add(1, verb)
        for fault in faults:
            async with scene.disturbed(None, *fault), scene.connection() as desk:
                found = await read(desk, verb, scene.window())
            yield f"{found.error!r} {found.error} {found.error.hint if found.error else ''}"


def _secrets(scene: Scene) -> Iterator[tuple[str, str]]:
    settings = scene.plugin.settings.model_validate(scene.stage.settings(scene.url))
    yield from ((f"the setting {name}", value) for name, value in _secret_settings(settings))
    yield from (("something that the stage calls secret", secret) for secret in scene.stage.secrets())
    for kept in FileVault(scene.means.folder).values():
        yield from (("a token of the vault", token) for token in _tokens(kept))


def _secret_settings(settings: BaseModel) -> Iterator[tuple[str, str]]:
    for name, value in settings:
        if isinstance(value, SecretStr) and len(value.get_secret_value()) >= _SHORTEST:
            yield name, value.get_secret_value()


def _tokens(kept: str) -> Iterator[str]:
    """Texts in what a vault keeps that are long enough to be a token; numbers and dates are none."""
    try:
        decoded = json.loads(kept)
    except ValueError:
        decoded = kept
    values = decoded.values() if isinstance(decoded, Mapping) else [decoded]
    yield from (value for value in values if isinstance(value, str) and len(value) >= _SHORTEST * 2)


_SHORTEST = 6
