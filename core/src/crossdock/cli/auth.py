"""`crossdock auth`: a person authorises a connection in a browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

import typer
from rich.markup import escape

from crossdock.cli.output import Json, Output
from crossdock.cli.state import state_of
from crossdock.config import Configuration, ConnectionConfig, nearest
from crossdock.contract import Probe, verbs_of
from crossdock.errors import ConfigError
from crossdock.runner import Engine

app = typer.Typer(help="Authorise a connection in a browser.", no_args_is_help=True)

Connection = Annotated[str, typer.Argument(help="A connection of the configuration.")]


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="auth")


@app.command()
def link(
    ctx: typer.Context,
    connection: Connection,
    redirect: Annotated[str, typer.Option(help="Where the browser comes back to, as it is registered.")],
    as_json: Json = False,
) -> None:
    """Print the address that the shop's owner opens to authorise us."""
    state = state_of(ctx)
    configuration = state.load_what_works()
    _checked(configuration, connection, "sign_in_link")

    async def work() -> str | None:
        async with Engine.open(configuration) as engine:
            return await (await engine.connections.ask(connection)).sign_in_link(redirect)

    address = state.run(work())
    output = Output(as_json)
    output.data({"connection": connection, "link": address})
    if not as_json:
        typer.echo(address)
        state.errors.print(
            f"  [cyan]then[/cyan] crossdock auth finish {escape(connection)} 'ADDRESS'  "
            "with the address that the browser ended at",
            highlight=False,
        )


@app.command()
def finish(
    ctx: typer.Context,
    connection: Connection,
    answer: Annotated[
        list[str], typer.Argument(metavar="ADDRESS", help="Where the browser ended, or its parameters as KEY=VALUE.")
    ],
    as_json: Json = False,
) -> None:
    """Exchange what the browser came back with for tokens, and keep them."""
    state = state_of(ctx)
    configuration = state.load_what_works()
    _checked(configuration, connection, "sign_in")
    parameters = _parameters(answer)

    async def work() -> Probe | None:
        async with Engine.open(configuration) as engine:
            return await (await engine.connections.ask(connection)).sign_in(parameters)

    found = state.run(work()) or Probe("signed in")
    output = Output(as_json)
    output.data({"connection": connection, "summary": found.summary, "facts": dict(found.facts)})
    output.show(f"[green]✓[/green] {escape(connection)}: {escape(found.summary)}")


def _checked(configuration: Configuration, name: str, verb: str) -> ConnectionConfig:
    if ("connections", name) in configuration.unusable:
        raise configuration.unusable["connections", name]
    found = configuration.connections.get(name)
    if found is None:
        hint = nearest(name, configuration.connections)
        raise ConfigError(f"there is no connection {name!r}", file=str(configuration.path), hint=hint)
    if found.plugin.connection is None or verb not in verbs_of(found.plugin.connection):
        raise ConfigError(
            f"{found.plugin.title} is not authorised in a browser",
            key=f"connections.{name}",
            hint="its credentials stand in the configuration; try them with crossdock check",
        )
    return found


def _parameters(answer: Sequence[str]) -> dict[str, str]:
    pairs = [pair for part in answer for pair in parse_qsl(urlsplit(part).query if "://" in part else part)]
    if not pairs:
        raise ConfigError("the address has no parameters", hint="give it in quotes: the shell cuts it at &")
    return dict(pairs)
