"""A bearer token is asked for once, renewed early, and asked for anew where it was refused."""

from __future__ import annotations

import asyncio

import pytest

from crossdock.clock import FakeClock
from crossdock.errors import TryLater
from crossdock.http import BearerToken


class Issuer:
    """Issues tokens that are good for so many seconds."""

    def __init__(self, lifetime: float) -> None:
        self.lifetime = lifetime
        self.issued = 0
        self.down = False

    async def ask(self) -> tuple[str, float]:
        await asyncio.sleep(0)
        if self.down:
            raise TryLater("down")
        self.issued += 1
        return f"token-{self.issued}", self.lifetime


@pytest.mark.parametrize(("lifetime", "good_for"), [(3_600, 3_300), (400, 200)])
async def test_it_is_asked_for_once_by_many_tasks_and_renewed_before_it_ends(lifetime: float, good_for: float) -> None:
    clock, issuer = FakeClock(), Issuer(lifetime)
    token = BearerToken(clock, issuer.ask)
    assert set(await asyncio.gather(*(token.header() for _ in range(5)))) == {"Bearer token-1"}
    await clock.advance(good_for - 1)
    assert await token.header() == "Bearer token-1"
    await clock.advance(1)
    assert await token.header() == "Bearer token-2"


async def test_what_was_refused_is_forgotten_but_not_a_newer_one() -> None:
    issuer = Issuer(3_600)
    token = BearerToken(FakeClock(), issuer.ask)
    first = await token.header()
    token.forget(first)
    assert await token.header() == "Bearer token-2"
    token.forget(first)
    assert (await token.header(), issuer.issued) == ("Bearer token-2", 2)


async def test_a_token_that_could_not_be_had_is_asked_for_again() -> None:
    issuer = Issuer(3_600)
    token = BearerToken(FakeClock(), issuer.ask)
    issuer.down = True
    with pytest.raises(TryLater):
        await token.header()
    issuer.down = False
    assert await token.header() == "Bearer token-1"
