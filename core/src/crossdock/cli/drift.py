"""`crossdock drift`: what the channel shows and should not."""

from __future__ import annotations

from typing import Annotated

import typer

from crossdock.cli.exits import Code
from crossdock.cli.output import Json, Output
from crossdock.cli.route_arguments import Route, checked_flow
from crossdock.cli.state import state_of
from crossdock.flows.orders.report import Report
from crossdock.runner import Engine


def add_to(root: typer.Typer) -> None:
    """Add the command."""
    root.command("drift")(drift)


def drift(
    ctx: typer.Context,
    route: Route,
    heal: Annotated[
        bool | None, typer.Option("--heal/--report", help="Send the right levels, or only report; else as configured.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare the stock that the channel shows with what it should show; end with 1 when something differs."""
    state = state_of(ctx)
    configuration = state.load_what_works()
    checked_flow(configuration, route, "stock")

    async def work() -> Report:
        async with Engine.open(configuration) as engine:
            return await engine.goods.drift(route, heal=heal)

    report = state.run(work())
    rows = [{"sku": one.key, "state": one.state, "text": one.text} for one in report.results if one.kind == "drift"]
    Output(as_json).rows(["sku", "state", "text"], rows, "The channel shows what it should show.")
    left = report.count("drift", "found") + report.count("drift", "watched")
    raise typer.Exit(Code.FAILED if left else Code.OK)
