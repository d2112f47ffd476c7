"""`crossdock sandbox clock`: time passes in all simulated systems that run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from crossdock import discovery
from crossdock.cli.output import Json, Output
from crossdock.cli.sandbox.desk import Desk
from crossdock.clock import AHEAD
from crossdock.errors import TryLater


def clock(
    seconds: Annotated[int, typer.Argument(help="By how much; 0 only brings them to one time.", min=0)] = 0,
    urls: Annotated[
        list[str] | None, typer.Option("--url", help="Address of a sandbox, repeatable; without, all that run.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Move the clock of every running sandbox forward, and say how crossdock follows.

    What it prints is for the shell, so this does both: eval "$(crossdock sandbox clock 3600)"
    """
    ahead = _ahead([Desk("given", url) for url in urls] if urls else _usual_desks())
    if not ahead:
        raise TryLater("no sandbox runs where they usually do", hint="start them, or say where they are with --url")
    target = max(ahead.values()) + seconds
    for desk, already in ahead.items():
        if target > already:
            desk.do("/clock", {"advance_seconds": target - already})
    output = Output(as_json)
    output.data({"ahead_seconds": target, "sandboxes": [desk.url for desk in ahead]})
    output.lines(f"export {AHEAD}={target}", *(f"# {desk.url} is ahead by {target} s" for desk in ahead))


def _usual_desks() -> list[Desk]:
    return [Desk(plugin.name) for plugin in discovery.installed() if discovery.find(plugin.name).sandbox]


def _ahead(desks: list[Desk]) -> dict[Desk, int]:
    """Those that run, and by how many seconds each is ahead of this machine; at usual addresses some need not run."""
    found: dict[Desk, int] = {}
    for desk in desks:
        try:
            now = datetime.fromisoformat(desk.look("/clock")["now"])
        except TryLater:
            if desk.name == "given":
                raise
            continue
        found[desk] = max(0, round((now - datetime.now(UTC)).total_seconds()))
    return found
