"""`crossdock db`: the ledger's own needs."""

from __future__ import annotations

import typer
from cryptography.fernet import Fernet

app = typer.Typer(help="The ledger's own needs.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="db")


@app.command("new-key")
def new_key() -> None:
    """Print a new key for `ledger.key`, with which tokens are encrypted. Give it as `env:NAME` or `file:PATH`."""
    typer.echo(Fernet.generate_key().decode())
