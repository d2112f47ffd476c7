"""`crossdock db`: the ledger's own needs."""

from __future__ import annotations

import typer
from cryptography.fernet import Fernet

from crossdock.cli.state import state_of
from crossdock.ledger import migrate

app = typer.Typer(help="The ledger's own needs.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="db")


@app.command("new-key")
def new_key() -> None:
    """Print a new key for `ledger.key`, with which tokens are encrypted. Give it as `env:NAME` or `file:PATH`."""
    typer.echo(Fernet.generate_key().decode())


@app.command("upgrade")
def upgrade(ctx: typer.Context) -> None:
    """Bring the ledger to the version that this crossdock needs; make a backup first. A current one stays as it is."""
    migrate.upgrade(state_of(ctx).load().ledger.url)
    typer.echo("The ledger is up to date.")
