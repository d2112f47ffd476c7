"""`crossdock alerts`: whom the service tells when something is wrong."""

from __future__ import annotations

import typer

from crossdock.cli.output import Json, Output
from crossdock.cli.state import state_of
from crossdock.errors import ConfigError
from crossdock.runner.messenger import messenger

app = typer.Typer(help="Whom the service tells when something is wrong.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="alerts")


@app.command("test")
def send_test(ctx: typer.Context, as_json: Json = False) -> None:
    """Send a test message to everybody who is named in `[alerts] to`."""
    state = state_of(ctx)
    to = state.load_what_works().alerts.to
    if not to:
        raise ConfigError("nobody is to be told", key="alerts.to", hint='add [alerts] to = ["env:NAME"]')

    async def work() -> None:
        await messenger(to)("crossdock: a test", "Whoever reads this is told when something is wrong.")

    state.run(work())
    output = Output(as_json)
    output.data({"told": len(to)})
    output.show(f"[green]✓[/green] {len(to)} told")
