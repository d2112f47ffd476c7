"""`crossdock config`: what may stand in the file."""

from __future__ import annotations

import json
from collections.abc import Iterator

import typer

from crossdock import discovery
from crossdock.cli.exits import say
from crossdock.cli.state import state_of
from crossdock.config import schema
from crossdock.contract import Plugin
from crossdock.errors import PluginError

app = typer.Typer(help="What may stand in the configuration.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="config")


@app.command("schema")
def show_schema(ctx: typer.Context) -> None:
    """Print the JSON Schema of the file, with the settings of every installed plugin: editors complete from it."""
    typer.echo(json.dumps(schema(_loadable(ctx)), indent=2, default=str))


def _loadable(ctx: typer.Context) -> Iterator[Plugin]:
    """One broken plugin does not keep the others out of the schema."""
    for name in dict.fromkeys(plugin.name for plugin in discovery.installed()):
        try:
            yield discovery.find(name)
        except PluginError as error:
            say(f"left out: {error}", error.hint, state_of(ctx).errors)
