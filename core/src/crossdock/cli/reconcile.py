"""`crossdock reconcile`: what neither push messages nor cursors brought."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from crossdock.cli.exits import Code
from crossdock.cli.output import Json, Output, table
from crossdock.cli.route_arguments import Route, checked_flow
from crossdock.cli.state import state_of
from crossdock.errors import TryLater
from crossdock.flows.orders.reconcile import Reconciliation
from crossdock.runner import Engine


def add_to(root: typer.Typer) -> None:
    """Add the command."""
    root.command("reconcile")(reconcile)


def reconcile(
    ctx: typer.Context,
    route: Route,
    days: Annotated[int, typer.Option(help="How many days of changes to compare.", min=1, max=90)] = 7,
    repair: Annotated[bool, typer.Option("--repair", help="Take care of what is wrong, not only report it.")] = False,
    as_json: Json = False,
) -> None:
    """Compare the orders of both sides with the ledger; end with 1 when something is wrong and was not repaired."""
    state = state_of(ctx)
    configuration = state.load_what_works()
    checked_flow(configuration, route, "orders")

    async def work() -> tuple[Reconciliation, bool]:
        async with Engine.open(configuration) as engine:
            found = await engine.reconcile(route, days, repair=repair)
            return found, not found.repaired or await _followed(engine, route)

    found, followed = state.run(work())
    _show(Output(as_json), found, followed)
    raise typer.Exit(Code.FAILED if len(found.findings) > found.repaired else Code.OK)


async def _followed(engine: Engine, route: str) -> bool:
    """Run the lane on what is to be repaired; False when a service is at it, which does so itself."""
    try:
        await engine.follow_nudges(route)
    except TryLater:
        return False
    return True


def _show(output: Output, found: Reconciliation, followed: bool) -> None:
    output.data(
        {
            "route": found.route,
            "since": found.since,
            "orders": found.orders,
            "documents": found.documents,
            "findings": found.findings,
            "repaired": found.repaired,
        }
    )
    compared = f"{found.orders} orders and {found.documents} documents since {found.since:%F %T} UTC compared"
    if not found.findings:
        output.show(f"[green]✓[/green] {escape(found.route)}: {compared}, nothing is wrong.")
        return
    output.show(f"{escape(found.route)}: {compared}.")
    output.show(table(["order", "wrong", "facts"], [[one.key, one.kind.value, one.text] for one in found.findings]))
    if found.repaired and followed:
        output.show(f"{found.repaired} taken care of; see each with crossdock explain ORDER")
    elif found.repaired:
        output.show(f"{found.repaired} will be taken care of by the lane's next run, which another process holds")
    else:
        output.show(f"  [cyan]then[/cyan] crossdock reconcile {escape(found.route)} --repair")
