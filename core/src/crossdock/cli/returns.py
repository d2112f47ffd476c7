"""`crossdock returns`: goods that come back."""

from __future__ import annotations

from typing import Annotated

import typer

from crossdock.cli.output import Json, Output
from crossdock.cli.route_arguments import checked_route
from crossdock.cli.state import state_of
from crossdock.model import Return
from crossdock.runner import Engine

app = typer.Typer(help="Goods that come back, and money that goes back.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="returns")


@app.command("list")
def show_list(
    ctx: typer.Context,
    route: Annotated[str | None, typer.Argument(help="Only of this route.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Those that are over, too.")] = False,
    as_json: Json = False,
) -> None:
    """List returns as the channel last showed them; those that want an answer soonest first."""
    state = state_of(ctx)
    configuration = state.load_what_works()
    routes = [checked_route(configuration, route).name] if route else list(configuration.routes)

    async def work() -> list[tuple[str, Return]]:
        async with Engine.open(configuration) as engine:
            return [(name, found) for name in routes for found in await engine.returns(name, closed=closed)]

    found = sorted(state.run(work()), key=_urgency)
    columns = ["return", "route", "order", "status", "their_status", "reason", "lines", "refund", "answer_by"]
    Output(as_json).rows(columns, [_row(name, each) for name, each in found], "There are no returns.")


def _urgency(each: tuple[str, Return]) -> tuple[float, str]:
    due = each[1].due_at
    return (due.timestamp() if due else float("inf"), each[1].id)


def _row(route: str, found: Return) -> dict[str, object]:
    return {
        "return": found.id,
        "route": route,
        "order": found.order_id,
        "status": found.status.value,
        "their_status": found.vendor_status,
        "reason": found.reason,
        "lines": [f"{line.quantity:f} x {line.sku}" for line in found.lines],
        "refund": str(found.refund) if found.refund else None,
        "answer_by": found.due_at,
    }
