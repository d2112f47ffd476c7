"""`crossdock trace-hooks`: every verb that plugins are asked for one order."""

from __future__ import annotations

from typing import Annotated

import typer

from crossdock.cli.exits import Code
from crossdock.cli.output import Json, Output, table
from crossdock.cli.route_arguments import Flow, Route, checked_flow
from crossdock.cli.state import state_of
from crossdock.clock import SystemClock
from crossdock.config import Configuration
from crossdock.errors import CrossdockError
from crossdock.runner import Engine
from crossdock.runner.trace import Call, Trace

_COLUMNS = ["at_ms", "verb", "asked", "plugin", "about", "ms", "outcome"]


def add_to(root: typer.Typer) -> None:
    """Add the command."""
    root.command("trace-hooks")(trace_hooks)


def trace_hooks(
    ctx: typer.Context,
    route: Route,
    only: Annotated[
        list[str],
        typer.Option("--only", help="The order with this number of the channel, or this SKU or product. Repeatable."),
    ],
    flow: Flow = "orders",
    plan: Annotated[bool, typer.Option("--plan", help="Orders: stop after planning, so that nothing is sent.")] = False,
    as_json: Json = False,
) -> None:
    """Do for one order what `crossdock pull ROUTE --only ORDER` does, and show every call of a plugin."""
    state = state_of(ctx)
    configuration = state.load_what_works()
    checked_flow(configuration, route, flow)
    trace = Trace(SystemClock())
    failure: CrossdockError | None = None
    try:
        state.run(_work(configuration, trace, route, flow, only, plan))
    except CrossdockError as error:
        failure = error  # told after the calls that led to it
    rows = [_row(call, configuration) for call in trace.calls]
    output = Output(as_json)
    output.data({"route": route, "flow": flow, "calls": rows, "error": str(failure) if failure else None})
    shown = [[row[column] for column in _COLUMNS] for row in rows]
    output.show(table(_COLUMNS, shown) if rows else "No plugin was asked anything: is it the number of the channel?")
    if failure:
        raise failure
    raise typer.Exit(Code.OK if all(call.ok for call in trace.calls) else Code.FAILED)


async def _work(configuration: Configuration, trace: Trace, route: str, flow: str, only: list[str], plan: bool) -> None:
    async with Engine.open(configuration, observe=trace.observe) as engine:
        if flow == "stock":
            await engine.goods.pull_stock(route, only)
        elif flow == "products":
            await engine.goods.pull_products(route, only)
        elif plan:
            await engine.plan(route, only)
        else:
            await engine.pull(route, only)


def _row(call: Call, configuration: Configuration) -> dict[str, object]:
    config = configuration.extensions.get(call.asked) or configuration.connections[call.asked]
    return {
        "at_ms": round(call.at * 1000, 1),
        "verb": call.verb,
        "asked": call.asked,
        "plugin": config.plugin.name,
        "about": call.about,
        "ms": round(call.seconds * 1000, 1),
        "outcome": call.outcome,
        "ok": call.ok,
    }
