"""`crossdock sandbox proxy`: faults on purpose between any client and any system."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from crossdock.cli.output import Json
from crossdock.cli.sandbox.rules import rule_of, rules_in
from crossdock.cli.state import state_of
from crossdock.errors import ConfigError
from crossdock.sandbox import Fault, FaultProxy, FaultSchedule, proxying

__all__ = ["proxy"]


def proxy(
    ctx: typer.Context,
    target: Annotated[str, typer.Option(help="Root address of the system, such as https://host.")],
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", help="Such as lost_answer,path=/orders,times=1. Repeatable; the first match counts."),
    ] = None,
    faults: Annotated[Path | None, typer.Option(help="File of faults (TOML or JSON, a list `rules`).")] = None,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 0,
    seed: Annotated[int, typer.Option(help="Seed of all chance: the same seed, the same faults.")] = 0,
    as_json: Json = False,
) -> None:
    """Forward everything to a system, with faults by rule, until stopped: a sandbox or a test account."""
    if not target.startswith(("http://", "https://")):
        raise ConfigError(f"--target {target!r} is no address", hint="such as https://host or http://127.0.0.1:8123")
    rules = [*(rule_of(text) for text in fault or []), *rules_in(faults)]
    state_of(ctx).run(_serve(FaultProxy(target, FaultSchedule(rules, seed)), rules, port, as_json))


async def _serve(standing: FaultProxy, rules: list[Fault], port: int, as_json: bool) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    try:
        async with proxying(standing, port):
            if as_json:
                line = json.dumps({"name": "proxy", "url": standing.url, "target": standing.target})
            else:
                kinds = ", ".join(rule.kind for rule in rules) or "none"
                line = f"{standing.url} -> {standing.target}   faults: {kinds}"
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
            await stopped.wait()
    except OSError as error:
        raise ConfigError(
            f"the proxy cannot listen on port {port}: {error.strerror}", hint="take a free one with --port 0"
        ) from error
