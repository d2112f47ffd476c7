"""`crossdock plan`: what a run would do, and why; nothing is sent."""

from __future__ import annotations

from typing import Annotated

import typer

from crossdock.cli.output import Json, Output, table
from crossdock.cli.route_arguments import Flow, checked_flow
from crossdock.cli.state import State, state_of
from crossdock.errors import ConfigError
from crossdock.flows.orders.plan import Plan
from crossdock.flows.orders.table import rows
from crossdock.flows.stock.send import Shown
from crossdock.ledger import Listing, Pair
from crossdock.runner import Engine

_COLUMNS = ["order", "channel", "document", "backend", "plan", "why"]


def add_to(root: typer.Typer) -> None:
    """Add the command."""
    root.command("plan")(plan)


def plan(
    ctx: typer.Context,
    route: Annotated[str | None, typer.Argument(help="A route of the configuration.")] = None,
    flow: Flow = "orders",
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Only the order with this number of the channel. Repeatable.")
    ] = None,
    show_table: Annotated[
        bool, typer.Option("--table", help="Show the planner's decision table instead: what is done in which state.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what would happen, and why: a row an order. Changes nothing on either side."""
    output = Output(as_json)
    if show_table:
        keys = ("channel", "document", "what")
        output.rows(keys, [dict(zip(keys, row, strict=True)) for row in rows()], "The table is empty.")
        return
    if route is None:
        raise ConfigError("ROUTE is missing", hint="crossdock plan ROUTE, or crossdock plan --table")
    if flow == "stock":
        _plan_stock(state_of(ctx), route, output)
        return
    if flow == "products":
        _plan_products(state_of(ctx), route, output)
        return
    planned = _plan(state_of(ctx), route, flow, only or [])
    found = [_row(pair, each) for pair, each in planned]
    if as_json:
        output.data(found)
        return
    output.show(table(_COLUMNS, [[row[key] for key in _COLUMNS] for row in found]) if found else "Nothing is due.")
    busy = sum(row["plan"] != "nothing" for row in found)
    output.show(
        "",
        f"{len(found)} order{'' if len(found) == 1 else 's'} looked at, {busy} with something to do. Nothing was sent.",
    )


def _plan_stock(state: State, route: str, output: Output) -> None:
    configuration = state.load_what_works()
    checked_flow(configuration, route, "stock")

    async def work() -> list[Shown]:
        async with Engine.open(configuration) as engine:
            return await engine.goods.plan_stock(route)

    columns = ["sku", "location", "available", "sold", "shows", "will_show"]
    rows = [_level_row(one) for one in state.run(work())]
    output.rows(columns, rows, "Nothing is due.")
    output.show("", f"{len(rows)} levels would be sent. Nothing was sent.")


def _level_row(one: Shown) -> dict[str, object]:
    level = one.level
    return {
        "sku": level.sku,
        "location": level.location,
        "available": f"{level.available:f}",
        "sold": one.held,
        "shows": None if level.shown is None else level.shown - level.held,
        "will_show": one.stock,
    }


def _plan_products(state: State, route: str, output: Output) -> None:
    configuration = state.load_what_works()
    checked_flow(configuration, route, "products")

    async def work() -> list[tuple[Listing, str, str]]:
        async with Engine.open(configuration) as engine:
            return await engine.goods.plan_products(route)

    found = state.run(work())
    rows = [{"product": one.key, "listing": one.listed_id, "plan": act, "why": why} for one, act, why in found]
    output.rows(["product", "listing", "plan", "why"], rows, "Nothing is due.")
    output.show("", f"{len(rows)} products looked at. Nothing was sent.")


def _plan(state: State, route: str, flow: str, only: list[str]) -> list[tuple[Pair, Plan]]:
    configuration = state.load_what_works()
    checked_flow(configuration, route, flow)

    async def work() -> list[tuple[Pair, Plan]]:
        async with Engine.open(configuration) as engine:
            return await engine.plan(route, only)

    return state.run(work())


def _row(pair: Pair, planned: Plan) -> dict[str, object]:
    steps = ", ".join(step.kind.value for step in planned.steps)
    return {
        "order": pair.key,
        "channel": pair.channel.vendor_status if pair.channel else "",
        "document": pair.document_id,
        "backend": pair.document.vendor_status if pair.document else "",
        "plan": "conflict" if planned.conflict else steps or "nothing",
        "why": planned.conflict.reason if planned.conflict else "; ".join(s.why for s in planned.steps) or planned.why,
    }
