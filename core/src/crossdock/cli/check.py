"""`crossdock check`: is the configuration right, does every system answer, and what can be done."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import typer
from pydantic import BaseModel
from rich.markup import escape
from rich.table import Table

from crossdock.cli.exits import Code, code_of, hint_of
from crossdock.cli.output import Json, Output, table
from crossdock.cli.state import state_of
from crossdock.config import Configuration, ConnectionConfig, RouteConfig
from crossdock.contract import Probe, verbs_of
from crossdock.errors import ConfigError, CrossdockError
from crossdock.runner import Engine


def add_to(root: typer.Typer) -> None:
    """Add the command."""
    root.command("check")(check)


@dataclass(frozen=True)
class Checked:
    """What came of probing one connection: an answer or an error."""

    config: ConnectionConfig
    probe: Probe = field(default_factory=lambda: Probe("cannot be probed"))
    error: CrossdockError | None = None

    @property
    def hint(self) -> str | None:
        """What to do about the error."""
        return hint_of(self.error) if self.error else None

    def row(self) -> dict[str, object]:
        """For machines."""
        plugin = self.config.plugin
        return {
            "connection": self.config.name,
            "plugin": plugin.name,
            "ok": self.error is None,
            "summary": self.probe.summary if self.error is None else str(self.error),
            "hint": self.hint,
            "facts": dict(self.probe.facts),
            "warnings": list(self.probe.warnings),
            "can": sorted(verbs_of(plugin.connection)) if plugin.connection else [],
            "cannot": dict(plugin.cannot),
        }


def check(ctx: typer.Context, as_json: Json = False) -> None:
    """Validate the configuration, probe every connection, and show what each can and cannot do.

    A plugin that cannot be used is named, and the other connections are probed all the same.
    """
    state = state_of(ctx)
    configuration = state.load(must_remain=0)
    found = state.run(_probe_all(configuration))
    output = Output(as_json)
    routes = [_route(route) for route in configuration.routes.values()]
    problems = [*configuration.unusable.values(), *unlike_markets(configuration, found)]
    output.data(
        {
            "connections": [checked.row() for checked in found],
            "routes": routes,
            "left_out": list(configuration.left_out),
            "problems": list(map(str, problems)),
        }
    )
    output.show(*[_connection(checked) for checked in found])
    output.show(*[_options(route) for route in configuration.routes.values()])
    output.show(
        *map(_problem, problems), *(f"[red]✗[/red] route {escape(name)} is left out" for name in configuration.left_out)
    )
    codes = [code_of(error) for error in (*(checked.error for checked in found), *problems) if error]
    if not codes:
        output.show(f"[green]All is well[/green]: connections that answered: {len(found)}, routes: {len(routes)}.")
    raise typer.Exit(max(codes, default=Code.OK))


def unlike_markets(configuration: Configuration, found: Sequence[Checked]) -> Iterator[ConfigError]:
    """Routes of which one end is in another market than the other, as far as both say where they are."""
    countries = {checked.config.name: checked.probe.facts.get("country") for checked in found}
    for route in configuration.routes.values():
        channel, backend = countries.get(route.channel), countries.get(route.backend)
        if channel and backend and channel != backend:
            text = f"route {route.name}: {route.channel} is in {channel}, but {route.backend} is set up for {backend}"
            yield ConfigError(text, hint=f"join {route.channel} with a connection for {channel}")


async def _probe_all(configuration: Configuration) -> Sequence[Checked]:
    async with Engine.open(configuration) as engine:
        return await asyncio.gather(*(_probe(engine, config) for config in configuration.connections.values()))


async def _probe(engine: Engine, config: ConnectionConfig) -> Checked:
    try:
        verbs = await engine.connections.ask(config.name)
        if config.plugin.connection is None or "probe" not in verbs_of(config.plugin.connection):
            return Checked(config)
        return Checked(config, await verbs.probe() or Probe("answered nothing"))
    except CrossdockError as error:
        return Checked(config, error=error)


def _connection(checked: Checked) -> Table:
    """One connection, for people: the answer first, then what it can do."""
    row = checked.row()
    mark = "[green]✓[/green]" if checked.error is None else "[red]✗[/red]"
    found = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    found.add_column()
    found.add_column(overflow="fold")
    title = f"[bold]{escape(checked.config.name)}[/bold] ({escape(checked.config.plugin.title)})"
    found.add_row(mark, f"{title}: {escape(str(row['summary']))}")
    if row["hint"]:
        found.add_row("", f"[cyan]hint[/cyan] {escape(str(row['hint']))}")
    for name, fact in checked.probe.facts.items():
        found.add_row("", escape(f"{name.replace('_', ' ')}: {fact}"))
    for warning in checked.probe.warnings:
        found.add_row("", f"[yellow]warning[/yellow] {escape(warning)}")
    found.add_row("", escape(f"can: {', '.join(_spoken(verb) for verb in sorted(_can(checked)))}"))
    for verb, why in checked.config.plugin.cannot.items():
        found.add_row("", f"[dim]cannot {escape(_spoken(verb))}: {escape(why)}[/dim]")
    found.add_row("", "")
    return found


def _problem(error: ConfigError) -> str:
    hint = f"\n  [cyan]hint[/cyan] {escape(error.hint)}" if error.hint else ""
    return f"[red]✗[/red] {escape(str(error))}{hint}"


def _can(checked: Checked) -> frozenset[str]:
    connection = checked.config.plugin.connection
    return verbs_of(connection) - {"probe"} if connection else frozenset()


def _spoken(verb: str) -> str:
    return verb.replace("_", " ")


def _route(route: RouteConfig) -> dict[str, object]:
    return {
        "route": route.name,
        "channel": route.channel,
        "backend": route.backend,
        "extensions": list(route.extensions),
        "flows": {flow: _dump(options) for flow, options in route.flows.items()},
        "channel_options": _dump(route.channel_options),
        "backend_options": _dump(route.backend_options),
    }


def _dump(options: BaseModel | None) -> dict[str, object]:
    return options.model_dump(mode="json") if options is not None else {}


def _options(route: RouteConfig) -> Table:
    """The options of a route that are in force, and whether the file or a default says so."""
    parts: dict[str, BaseModel | None] = dict(route.flows)
    parts |= {"channel_options": route.channel_options, "backend_options": route.backend_options}
    rows = [
        (
            f"{part}.{key}",
            "not set" if value in ("", [], {}, None) else json.dumps(value, ensure_ascii=False),
            "file" if key in options.model_fields_set else "default",
        )
        for part, options in parts.items()
        if options is not None
        for key, value in _dump(options).items()
    ]
    title = f"route {route.name}: {route.channel} → {route.backend}"
    return table(["option", "in_force", "said_by"], rows, title)
