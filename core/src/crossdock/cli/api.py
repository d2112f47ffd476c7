"""`crossdock api`: who may use the API of the service, and what was done by whom."""

from __future__ import annotations

import getpass
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.markup import escape

from crossdock.cli.output import Json, Output
from crossdock.cli.state import State, state_of
from crossdock.errors import CrossdockError
from crossdock.ledger import Access, Act, ApiToken, Role
from crossdock.runner import Engine

T = TypeVar("T")

app = typer.Typer(help="Who may use the API of the service, and what was done by whom.", no_args_is_help=True)
token = typer.Typer(help="Tokens of the API: each has a name and a role.", no_args_is_help=True)
app.add_typer(token, name="token")

Name = Annotated[str, typer.Argument(help="Whose token it is, such as grafana or anna.")]


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="api")


def whoever() -> str:
    """Who runs the command, for the audit."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may have a user without a name
        return "cli"


@token.command("new")
def new(
    ctx: typer.Context,
    name: Name,
    role: Annotated[
        Role, typer.Option(help="viewer sees, operator retries, drops and pulls, admin sees the audit.")
    ] = Role.VIEWER,
    as_json: Json = False,
) -> None:
    """Make a token. It is shown this once and is kept nowhere."""

    async def work(access: Access) -> str:
        secret = await access.make(name, role)
        await access.note(whoever(), "token.new", name, role.value)
        return secret

    secret = _with_access(state_of(ctx), work)
    output = Output(as_json)
    output.data({"name": name, "role": role.value, "token": secret})
    output.lines(secret)
    if not as_json:
        hint = f"send it as Authorization: Bearer …; it ends with: crossdock api token revoke {escape(name)}"
        state_of(ctx).errors.print(f"  [cyan]then[/cyan] {hint}", highlight=False)


@token.command("list")
def show_list(ctx: typer.Context, as_json: Json = False) -> None:
    """List the tokens, without their secrets."""

    async def work(access: Access) -> list[ApiToken]:
        return await access.tokens()

    rows = [
        {"name": one.name, "role": one.role.value, "made_utc": one.made_at, "used_utc": one.used_at}
        for one in _with_access(state_of(ctx), work)
    ]
    Output(as_json).rows(["name", "role", "made_utc", "used_utc"], rows, "There are no tokens.")


@token.command("revoke")
def revoke(ctx: typer.Context, name: Name, as_json: Json = False) -> None:
    """End a token at once."""

    async def work(access: Access) -> bool:
        ended = await access.revoke(name)
        if ended:
            await access.note(whoever(), "token.revoke", name)
        return ended

    if not _with_access(state_of(ctx), work):
        raise CrossdockError(f"there is no token {name!r}", hint="see which there are: crossdock api token list")
    output = Output(as_json)
    output.data({"name": name, "revoked": True})
    output.show(f"[green]✓[/green] {escape(name)} ended")


@app.command("audit")
def audit(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=10_000)] = 50,
    as_json: Json = False,
) -> None:
    """Show who did what, the latest first."""

    async def work(access: Access) -> list[Act]:
        return await access.acts(limit)

    rows = [
        {"at_utc": act.at, "who": act.who, "what": act.what, "target": act.target, "detail": act.detail}
        for act in _with_access(state_of(ctx), work)
    ]
    Output(as_json).rows(["at_utc", "who", "what", "target", "detail"], rows, "Nobody has done anything yet.")


@app.command("openapi")
def openapi() -> None:
    """Print the OpenAPI document of the API."""
    from crossdock.runner.api import document  # with the web server, which the other commands never load

    typer.echo(json.dumps(document(), indent=2))


def _with_access(state: State, work: Callable[[Access], Awaitable[T]]) -> T:
    configuration = state.load()

    async def opened() -> T:
        async with Engine.open(configuration) as engine:
            return await work(engine.ledger.access)

    return state.run(opened())
