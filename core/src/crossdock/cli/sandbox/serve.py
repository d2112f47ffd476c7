"""`crossdock sandbox [NAME...]`: the simulated systems as servers."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from crossdock import discovery
from crossdock.cli.output import Json
from crossdock.cli.sandbox.desk import default_port
from crossdock.cli.sandbox.rules import rules_in
from crossdock.cli.state import state_of
from crossdock.contract import Plugin
from crossdock.errors import ConfigError, PluginError
from crossdock.sandbox import RunningSandbox, Sandbox, World, running


def serve(
    ctx: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Plugins; all without.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port of the first, the others follow; 0 takes free ones.", min=0, max=65535)
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of all chance: the same seed, the same run.")] = 0,
    faults: Annotated[
        Path | None, typer.Option(help="File of faults to inject (TOML or JSON, a list `rules`).", dir_okay=False)
    ] = None,
    options: Annotated[
        list[str] | None, typer.Option("--option", help="An option of the system, such as region=ID. Repeatable.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Serve simulated systems until stopped; print a line for each as soon as it accepts connections."""
    plugins = [discovery.find(name) for name in names or _all()]
    rules, chosen = rules_in(faults), _options(options or [])
    worlds = [_create(plugin, World(seed, rules), chosen) for plugin in plugins]
    ports = [_port(plugin.name, port, index) for index, plugin in enumerate(plugins)]
    state_of(ctx).run(_serve(list(zip(worlds, ports, strict=True)), as_json))


async def _serve(sandboxes: Sequence[tuple[Sandbox, int]], as_json: bool) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with AsyncExitStack() as stack:
        for sandbox, port in sandboxes:
            try:
                server = await stack.enter_async_context(running(sandbox, port))
            except OSError as error:
                raise ConfigError(
                    f"the sandbox {sandbox.name} cannot listen on port {port}: {error.strerror}",
                    hint="another one may be running; take free ports with --port 0",
                ) from error
            _announce(server, as_json)
        await stopped.wait()


def _announce(server: RunningSandbox, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(server.announcement()) + "\n")
    else:
        sys.stdout.write(f"{server.sandbox.name:14} {server.url}   operator: {server.url}/_sandbox/\n")
        for key, value in server.sandbox.credentials().items():
            sys.stdout.write(f"    {key} = {value}\n")
    sys.stdout.flush()


def _all() -> list[str]:
    """Every installed plugin that has a sandbox."""
    found = [plugin.name for plugin in discovery.installed()]
    if not found:
        raise PluginError("no plugin is installed", hint="install one, such as crossdock-shopee")
    return [name for name in found if discovery.find(name).sandbox]


def _port(name: str, first: int | None, index: int) -> int:
    if first is None:
        return default_port(name)
    return first and first + index


def _create(plugin: Plugin, world: World, options: Mapping[str, Mapping[str, Any]]) -> Sandbox:
    if plugin.sandbox is None:
        raise PluginError("it has no sandbox", plugin=plugin.name)
    module, _, function = plugin.sandbox.partition(":")
    try:
        found: Sandbox = getattr(import_module(module), function)(
            world, **options.get("", {}), **options.get(plugin.name, {})
        )
    except (TypeError, ValueError) as error:
        first = str(error).split("\n", maxsplit=1)[0]
        if isinstance(error, ValidationError):
            detail = error.errors(include_url=False)[0]
            first = f"--option {'.'.join(map(str, detail['loc']))}: {detail['msg']}"
        raise ConfigError(f"the sandbox {plugin.name} takes no such option: {first}") from error
    return found


def _options(given: Sequence[str]) -> dict[str, dict[str, Any]]:
    """``shopee.region=ID`` is for one system, ``region=ID`` for all that are started."""
    found: dict[str, dict[str, Any]] = {}
    for option in given:
        key, equals, value = option.partition("=")
        if not equals:
            raise ConfigError(f"--option {option!r} is not KEY=VALUE", hint="such as --option region=ID")
        system, _, name = key.rpartition(".")
        found.setdefault(system, {})[name] = _value(value)
    return found


def _value(text: str) -> Any:
    """A TOML value, or the text itself where it is none."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
