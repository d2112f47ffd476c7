"""`crossdock db`: the ledger's own needs."""

from __future__ import annotations

import asyncio

import typer
from cryptography.fernet import Fernet

from crossdock.cli.state import state_of
from crossdock.config import Configuration
from crossdock.dispatch import find
from crossdock.ledger import migrate
from crossdock.ledger.schema import VERSION
from crossdock.runner.alone import alone

app = typer.Typer(help="The ledger's own needs.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="db")


@app.command("new-key")
def new_key() -> None:
    """Print a new key for `ledger.key`, with which tokens are encrypted. Give it as `env:NAME` or `file:PATH`."""
    typer.echo(Fernet.generate_key().decode())


@app.command("rotate-key")
def rotate_key(ctx: typer.Context) -> None:
    """Encrypt all tokens with a new key, or with the first one that `ledger.key` names. The service has to rest."""
    from crossdock.runner.housekeeping import renew_key  # with the engine, which the other commands never load

    state = state_of(ctx)
    configuration = state.load_what_works()
    count, made = state.run(renew_key(configuration.ledger))
    typer.echo(f"{count} values are encrypted with the {'new' if made else 'first'} key.")
    if not made:
        typer.echo("The keys behind it may be taken out of ledger.key now.")


@app.command("upgrade")
def upgrade(ctx: typer.Context) -> None:
    """Bring the ledger to the version that this crossdock needs; make a backup first. A current one stays as it is.

    Refused while a service or a worker uses the ledger.
    """
    configuration = state_of(ctx).load_what_works()
    before = asyncio.run(_upgrade(configuration))
    if before == VERSION:
        typer.echo("The ledger is up to date.")
    elif before:
        typer.echo(f"The ledger was brought from version {before} to {VERSION}.")
    else:
        typer.echo(f"A new ledger of version {VERSION} was made.")


async def _upgrade(configuration: Configuration) -> str:
    async with alone(configuration.ledger):
        before = migrate.upgrade(configuration.ledger.url)
        find(configuration.runner.dispatcher).renew(configuration.ledger.url)
    return before
