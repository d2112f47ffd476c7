"""`crossdock run`: the headless service."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from random import SystemRandom
from typing import Annotated

import typer

from crossdock.cli.output import Json
from crossdock.cli.state import State, state_of
from crossdock.clock import SystemClock
from crossdock.config import Configuration
from crossdock.log import configure
from crossdock.runner.service import Service


def add_to(root: typer.Typer) -> None:
    """Add the command."""
    root.command("run")(run)


def run(
    ctx: typer.Context,
    text_logs: Annotated[bool, typer.Option("--text-logs", help="Logs in columns for people, not as JSON.")] = False,
    as_json: Json = False,
) -> None:
    """Keep everything in step until stopped: schedules, push messages, health and metrics.

    SIGTERM lets what runs end; SIGHUP reads the configuration again.
    """
    state = state_of(ctx)
    configure(json=not text_logs, level="debug" if state.debug else "info")
    asyncio.run(_serve(state, as_json))


async def _serve(state: State, as_json: bool) -> None:
    def listening(url: str) -> None:
        sys.stdout.write((json.dumps({"url": url}) if as_json else f"crossdock listens on {url}") + "\n")
        sys.stdout.flush()

    def load() -> Configuration:
        return state.load(leave_out=True)

    service = Service(load, SystemClock.from_environment(os.environ), SystemRandom(), listening)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stop)
    loop.add_signal_handler(signal.SIGHUP, service.reload)
    await service.run()
