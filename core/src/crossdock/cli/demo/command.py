"""The command itself: sandboxes, a configuration in a temporary folder, the story, and the verdict."""

from __future__ import annotations

import time
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from crossdock import discovery
from crossdock.cli.demo import krsc, setting
from crossdock.cli.demo.checks import Checks
from crossdock.cli.demo.krsc import KrscStory, MovedClock
from crossdock.cli.demo.story import Story
from crossdock.cli.demo.systems import started
from crossdock.cli.exits import Code
from crossdock.cli.output import Json, Output
from crossdock.cli.state import state_of
from crossdock.config import load
from crossdock.runner import Engine


def add_to(root: typer.Typer) -> None:
    """Add the command."""
    root.command("demo")(demo)


class WhichStory(StrEnum):
    """What is shown."""

    LS_CENTRAL = "ls-central"
    ANCHANTO = "anchanto"


def demo(
    ctx: typer.Context,
    story: Annotated[WhichStory, typer.Option(help="The backend that the story is about.")] = WhichStory.LS_CENTRAL,
    as_json: Json = False,
) -> None:
    """Play a whole story over real HTTP against simulated systems, and check every claim."""
    output = Output(as_json)
    checks = Checks(output)
    begin = time.monotonic()
    with TemporaryDirectory(prefix="crossdock-demo-") as folder:
        state_of(ctx).run(_PLAYS[story](Path(folder), checks))
    seconds = time.monotonic() - begin
    output.data({"ok": checks.all_held, "seconds": round(seconds, 1), "checks": [asdict(c) for c in checks.made]})
    held = sum(check.held for check in checks.made)
    colour = "green" if checks.all_held else "red"
    output.show("", f"[bold {colour}]{held} of {len(checks.made)} checks held[/bold {colour}] in {seconds:.0f} s")
    raise typer.Exit(Code.OK if checks.all_held else Code.FAILED)


async def _play_anchanto(folder: Path, checks: Checks) -> None:
    checks.output.show("Starting Shopee and Anchanto OMS, each a process of its own …")
    async with started(*krsc.SYSTEMS) as (shop, oms):
        krsc.write(folder, shop.url, oms.url)
        clock = MovedClock()
        async with Engine.open(load(folder, discovery.find), clock) as engine:
            await KrscStory(engine, clock, shop, oms, checks).play()


async def _play_ls_central(folder: Path, checks: Checks) -> None:
    checks.output.show("Starting two Shopee shops and two LS Centrals, each a process of its own …")
    indonesia = ("shopee", "--option", "region=ID"), ("ls_central", "--option", "currency=IDR")
    async with started(("shopee",), ("ls_central",), *indonesia) as systems:
        shops, centrals = {"sg": systems[0], "id": systems[2]}, {"sg": systems[1], "id": systems[3]}
        setting.write(folder, {market.upper(): (shops[market].url, centrals[market].url) for market in shops})
        async with Engine.open(load(folder, discovery.find)) as engine:
            await Story(engine, shops, centrals, checks).play()


_PLAYS = {WhichStory.LS_CENTRAL: _play_ls_central, WhichStory.ANCHANTO: _play_anchanto}
