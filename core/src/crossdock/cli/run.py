"""`crossdock run`: the headless service; `crossdock worker`: one more process that runs its lanes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from random import SystemRandom
from typing import Annotated

import typer

from crossdock import process, spans
from crossdock.cli.output import Json
from crossdock.cli.state import State, state_of
from crossdock.clock import SystemClock
from crossdock.config import Configuration
from crossdock.dispatch import find
from crossdock.errors import ConfigError
from crossdock.log import configure
from crossdock.runner.service import Service


def add_to(root: typer.Typer) -> None:
    """Add the commands."""
    root.command("run")(run)
    root.command("worker")(worker)


_TextLogs = Annotated[bool, typer.Option("--text-logs", help="Logs in columns for people, not as JSON.")]


def run(
    ctx: typer.Context,
    text_logs: _TextLogs = False,
    as_json: Json = False,
) -> None:
    """Keep everything in step until stopped: schedules, push messages, health and metrics.

    SIGTERM lets what runs end; SIGHUP reads the configuration again.
    """

    def listening(url: str) -> None:
        sys.stdout.write((json.dumps({"url": url}) if as_json else f"crossdock listens on {url}") + "\n")
        sys.stdout.flush()

    _work(state_of(ctx), text_logs, listening)


def worker(ctx: typer.Context, text_logs: _TextLogs = False) -> None:
    """Run lanes beside others on the same ledger, on this machine or elsewhere; needs a dispatcher of many machines.

    It listens on no port: push messages, health and metrics belong to `crossdock run`. SIGTERM lets what runs end;
    SIGHUP reads the configuration again.
    """
    _work(state_of(ctx), text_logs, None)


def _work(state: State, text_logs: bool, listening: Callable[[str], None] | None) -> None:
    configure(json=not text_logs, level="debug" if state.debug else "info")

    def load() -> Configuration:
        configuration = state.load(must_remain=1)
        if listening is None:
            _check_shared(configuration)
        return configuration

    spans.switch_on(os.environ)
    try:
        process.run(_serve(load, listening))
    finally:
        spans.switch_off()


def _check_shared(configuration: Configuration) -> None:
    name = configuration.runner.dispatcher
    if not find(name).shared:
        raise ConfigError(
            f"the dispatcher {name} runs all lanes in one process, so there is nothing for a worker to do",
            file=str(configuration.path),
            key="runner.dispatcher",
            hint='set runner.dispatcher = "procrastinate" and a ledger in PostgreSQL, or use: crossdock run',
        )


async def _serve(load: Callable[[], Configuration], listening: Callable[[str], None] | None) -> None:
    service = Service(load, SystemClock.from_environment(os.environ), SystemRandom(), listening)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stop)
    loop.add_signal_handler(signal.SIGHUP, service.reload)
    await service.run()
