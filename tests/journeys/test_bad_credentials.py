"""Wrong settings: one line that says what, a hint that says what to do, an exit code, and nothing written."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.journeys.service import running, until
from tests.journeys.stage import Done, Stage

NOBODY = "http://127.0.0.1:9"


def change(stage: Stage, old: str, new: str) -> None:
    """Change the config file in one place."""
    file = stage.folder / "crossdock.toml"
    text = file.read_text()
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new))


async def refused(stage: Stage, code: int) -> str:
    """Pull, which must fail in one line with a hint; answer the line."""
    done = await stage.crossdock("pull", "sg", code=code)
    assert await stage.central.writes("create_order") == []
    return only_line(done)


def only_line(done: Done) -> str:
    """The one sentence that the command says, and no traceback."""
    lines = [line.strip() for line in done.err.splitlines() if line.strip()]
    assert [line.split()[0] for line in lines] == ["error", "hint"], done.err
    return lines[0]


async def test_a_wrong_partner_key(stage: Stage) -> None:
    await stage.place()
    change(stage, f'partner_key = "{stage.shopee.credentials["partner_key"]}"', 'partner_key = "wrong-but-long-enough"')
    assert "sign" in (await refused(stage, 3)).lower()


async def test_a_wrong_company(stage: Stage) -> None:
    await stage.place()
    change(stage, f'company = "{stage.central.credentials["company"]}"', 'company = "Nobody Ltd"')
    done = await stage.crossdock("check", code=1)
    assert "The company does not exist." in done.out
    assert "hint correct `company` of the connection" in done.out
    assert "The company does not exist." in await refused(stage, 1)


async def test_an_expired_token_whose_refresh_token_is_refused(stage: Stage) -> None:
    with (stage.folder / "crossdock.toml").open("a") as file:
        file.write('\n[runner]\nport = 0\nprobe_every = "1s"\n')
    order = await stage.place()
    given = stage.shopee.credentials
    await stage.shopee.act("POST", f"/tokens/shop/{given['shop_id']}/expire")
    change(stage, f'refresh_token = "{given["refresh_token"]}"', 'refresh_token = "used-before"')
    assert "token" in (await refused(stage, 3)).lower()
    await waits_for_someone_to_sign_in(stage, order)


async def waits_for_someone_to_sign_in(stage: Stage, order: str) -> None:
    """A service says once who has to sign in, and goes on by itself afterwards."""
    async with running(stage) as run:
        await until(lambda: asyncio.sleep(0, run.events("connection.paused")))
        link = (await stage.crossdock("auth", "link", "shop", "--redirect", "https://seller.example/back")).out.strip()
        async with stage.shopee.http.get(link, allow_redirects=False) as answer:
            back = answer.headers["Location"]
        await stage.crossdock("auth", "finish", "shop", back)

        async def arrived() -> bool:
            return [write["key"] for write in await stage.central.writes("create_order")] == [order]

        await until(arrived)
        assert await run.end(signal.SIGTERM) == 0
    assert [len(run.events(f"connection.{what}")) for what in ("paused", "resumed")] == [1, 1]


@pytest.mark.parametrize("name", ["shopee", "ls_central"])
async def test_a_host_that_cannot_be_reached(stage: Stage, name: str) -> None:
    await stage.place()
    file = stage.folder / "crossdock.toml"
    file.write_text(file.read_text().replace(stage.systems[name].url, NOBODY))
    assert "No connection could be made" in await refused(stage, 3)


async def test_a_misspelt_key_is_named_with_its_line_and_the_nearest_one(stage: Stage) -> None:
    await stage.place()
    change(stage, "partner_key =", "partner_kye =")
    done = await stage.crossdock("pull", "sg", code=2)
    assert "partner_kye" in done.err
    assert "crossdock.toml:" in done.err
    assert "did you mean 'partner_key'?" in done.err
    assert await stage.central.writes("create_order") == []
