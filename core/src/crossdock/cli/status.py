"""`crossdock status` and `crossdock explain`: how the routes stand, and the whole story of one order."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from crossdock.cli.exits import Code
from crossdock.cli.output import Json, Output, table
from crossdock.cli.state import state_of
from crossdock.clock import SystemClock
from crossdock.config import Configuration
from crossdock.errors import CrossdockError
from crossdock.ledger import Event, LaneStatus, Pair, Parked, Pause
from crossdock.model import Order
from crossdock.runner import Engine

_GOODS = ("levels", "levels_due", "products", "listed", "products_due")

Explained = tuple[str, Pair, list[Event], list[Parked], str]


def add_to(root: typer.Typer) -> None:
    """Add the commands."""
    root.command("status")(status)
    root.command("explain")(explain)


def status(
    ctx: typer.Context,
    strict: Annotated[
        bool, typer.Option("--check", help="End with 1 when something is parked or in doubt, for monitoring.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show how each route stands: orders, stock and products, what waits, what is parked, and when it last read."""
    state = state_of(ctx)
    configuration = state.load_what_works()

    async def work() -> tuple[list[LaneStatus], dict[str, Pause]]:
        async with Engine.open(configuration) as engine:
            return await engine.status(), await engine.ledger.paused()

    found, paused = state.run(work())
    now, output = SystemClock.from_environment(os.environ).now(), Output(as_json)
    rows = [_lane(lane, now) | {"paused": _resting(configuration, lane.route, paused)} for lane in found]
    output.rows(_columns(rows), rows, "There is no route in the configuration.")
    for one in paused.values():
        _tell_of(one, output)
    raise typer.Exit(Code.FAILED if strict and any(lane.parked or lane.doubtful for lane in found) else Code.OK)


def _columns(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """What people see: goods only where a route moves goods, so that orders alone fit into 80 characters."""
    goods = [column for column in _GOODS if any(row[column] for row in rows)]
    return ["route", "orders", "linked", "waiting", "in_doubt", *goods, "parked", "last_read", "age_seconds"]


def _resting(configuration: Configuration, route: str, paused: Collection[str]) -> list[str]:
    """The connections of `route` that have to sign in."""
    config = configuration.routes[route]
    return [name for name in (config.channel, config.backend) if name in paused]


def _tell_of(pause: Pause, output: Output) -> None:
    name, since = escape(pause.connection), f"{pause.since:%F %H:%M} UTC"
    output.show(f"[yellow]{name} has to sign in[/yellow] since {since}, and its lanes rest: {escape(pause.reason)}")
    output.show(f"  [cyan]hint[/cyan] crossdock auth link {name}")


def _lane(lane: LaneStatus, now: datetime) -> dict[str, object]:
    read = max((moved for _, moved in lane.cursors.values()), default=None)
    return {
        "route": lane.route,
        "orders": lane.pairs,
        "linked": lane.linked,
        "waiting": lane.waiting,
        "in_doubt": lane.doubtful,
        "levels": lane.levels,
        "levels_due": lane.levels_due,
        "products": lane.products,
        "listed": lane.listed,
        "products_due": lane.products_due,
        "parked": lane.parked,
        "last_read": read,
        "age_seconds": None if read is None else round((now - read).total_seconds()),
    }


def explain(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help="The order's number on either side.")],
    as_json: Json = False,
) -> None:
    """Show where an order is on both sides, all that happened to it, and why."""
    state = state_of(ctx)
    configuration = state.load_what_works()

    async def work() -> list[Explained]:
        async with Engine.open(configuration) as engine:
            return [(*each, engine.verdict(each[0], each[1]).why) for each in await engine.explain(order)]

    found = state.run(work())
    if not found:
        routes = ", ".join(configuration.routes)
        hint = f"ask the channel for it: crossdock pull ROUTE --only {order} (routes: {routes})"
        raise CrossdockError(f"no order {order!r} was seen on any route", hint=hint)
    output = Output(as_json)
    output.data([_story(*each) for each in found])
    for each in found:
        _tell(output, *each)


def _story(route: str, pair: Pair, timeline: Sequence[Event], parked: Sequence[Parked], verdict: str) -> dict[str, Any]:
    return {
        "route": route,
        "order": pair.key,
        "document": pair.document_id,
        "channel": _side(pair.channel),
        "backend": _side(pair.document),
        "verdict": verdict,
        "steps": list(pair.steps.values()),
        "parked": [{"id": item.id, "cause": item.cause, "reason": item.reason} for item in parked],
        "timeline": list(timeline),
    }


def _side(order: Order | None) -> dict[str, object] | None:
    """What may be shown of an order: never who bought it."""
    if order is None:
        return None
    return {
        "number": order.id,
        "status": order.status.value,
        "their_status": order.vendor_status,
        "total": str(order.total) if order.total else None,
        "shipping": str(order.shipping_fee),
        "lines": [
            {"sku": line.sku, "quantity": f"{line.quantity:f}", "amount": str(line.amount)} for line in order.lines
        ],
        "parcels": _parcels(order),
        "updated_at": order.updated_at,
    }


def _tell(
    output: Output, route: str, pair: Pair, timeline: Sequence[Event], parked: Sequence[Parked], verdict: str
) -> None:
    output.show(f"[bold]{escape(pair.key)}[/bold] on route {escape(route)}", "")
    facts = ["number", "status", "their_status", "total", "shipping", "lines", "parcels", "updated_at"]
    sides = [_facts(pair.channel, pair.key), _facts(pair.document, pair.document_id)]
    rows = [[fact.replace("_", " "), *(side.get(fact) for side in sides)] for fact in facts]
    output.show(table(["", "channel", "backend"], rows), "")
    events = [[event.at, event.what, event.text] for event in timeline]
    output.show(table(["when_utc", "what", "text"], events) if events else "Nothing has happened to it yet.")
    output.show("", f"[bold]now[/bold] {escape(verdict)}")
    for item in parked:
        output.show("", f"[yellow]parked[/yellow] ({escape(item.cause)}): {escape(item.reason)}")
        output.show(f"  [cyan]hint[/cyan] crossdock parked show {item.id}")


def _facts(order: Order | None, number: str) -> dict[str, object]:
    """One side for people."""
    side = _side(order)
    if order is None or side is None:
        return {"number": number or "none", "status": "not read yet" if number else ""}
    lines = "\n".join(f"{line.quantity:f} x {line.sku or line.name}" for line in order.lines)
    return side | {"lines": lines, "parcels": "\n".join(_parcels(order))}


def _parcels(order: Order) -> list[str]:
    return [f"{parcel.id} {parcel.vendor_status} {parcel.tracking_number}".strip() for parcel in order.shipments]
