"""`crossdock parked`: what waits for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Annotated

import typer
from rich.markup import escape

from crossdock.cli.api import whoever
from crossdock.cli.exits import Code
from crossdock.cli.output import Json, Output, table
from crossdock.cli.state import State, state_of
from crossdock.config import Configuration
from crossdock.errors import ConfigError, CrossdockError
from crossdock.flows.orders.report import Report
from crossdock.ledger import Parked
from crossdock.runner import Engine

app = typer.Typer(help="What waits for a person: look, try again, or leave it as it is.", no_args_is_help=True)

Items = Annotated[list[str] | None, typer.Argument(metavar="[ITEM]...", help="Item or order numbers.")]
Cause = Annotated[str | None, typer.Option("--cause", help="All items of this cause.")]
All = Annotated[bool, typer.Option("--all", help="Everything that is parked.")]
OfRoute = Annotated[str | None, typer.Option("--route", help="Only of this route.")]


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="parked")


@app.command("list")
def show_list(
    ctx: typer.Context,
    route: Annotated[str | None, typer.Argument(help="Only of this route.")] = None,
    strict: Annotated[bool, typer.Option("--check", help="End with 1 when there are any, for monitoring.")] = False,
    as_json: Json = False,
) -> None:
    """List what is parked, grouped by cause."""
    items = _items(state_of(ctx), route)
    output = Output(as_json)
    output.data([_row(item) for item in items])
    if not items:
        output.show("Nothing is parked.")
    by_cause = sorted(items, key=lambda item: item.cause)
    for cause, group in groupby(by_cause, key=lambda item: item.cause):
        rows = [[item.id, item.route, item.key, item.parked_at, item.reason] for item in group]
        output.show(table(["item", "route", "order", "since_utc", "reason"], rows, f"cause {cause}: {len(rows)}"), "")
    raise typer.Exit(Code.FAILED if strict and items else Code.OK)


@app.command()
def show(
    ctx: typer.Context,
    item: Annotated[str, typer.Argument(help="Item or order number.")],
    as_json: Json = False,
) -> None:
    """Show one item with the facts of both sides, and what can be done."""
    (found, *_) = _chosen(_items(state_of(ctx), None), [item], None, everything=False)
    output = Output(as_json)
    output.data({**_row(found), "facts": dict(found.facts), "received": found.raw.decode(errors="replace")})
    output.show(f"[bold]{escape(found.key)}[/bold] on route {escape(found.route)}, parked {found.parked_at:%F %T} UTC")
    output.show(f"{escape(found.reason)}  [dim]({escape(found.cause)})[/dim]", "")
    _tell(output, found.facts)
    choices = found.facts.get("choices")
    for choice in choices if isinstance(choices, list) else []:
        output.show(f"  [cyan]you can[/cyan] {escape(str(choice))}")
    output.show("", f"[cyan]then[/cyan] crossdock parked retry {found.id}  or  crossdock parked drop {found.id}")


@app.command()
def retry(
    ctx: typer.Context,
    items: Items = None,
    cause: Cause = None,
    everything: All = False,
    route: OfRoute = None,
    now: Annotated[bool, typer.Option("--now", help="Do not wait for the next run: look at them at once.")] = False,
    as_json: Json = False,
) -> None:
    """Release items, so that the next run tries them again."""
    state = state_of(ctx)
    configuration = state.load_what_works()

    async def work() -> list[dict[str, object]]:
        async with Engine.open(configuration) as engine:
            chosen = _chosen(await engine.parked(route), items or [], cause, everything=everything)
            done: list[dict[str, object]] = []
            for name, keys in _by_route(chosen):
                await engine.ledger.access.note(whoever(), "parked.retry", f"{name} {' '.join(keys)}")
                count = await engine.retry(name, keys)
                report = await _run(engine, name, keys) if now else None
                done.append({"route": name, "released": count, "parked_again": report.parked if report else None})
            return done

    done = state.run(work())
    Output(as_json).rows(["route", "released", "parked_again"], done, "Nothing to release.")
    raise typer.Exit(Code.FAILED if any(row["parked_again"] for row in done) else Code.OK)


@app.command()
def drop(
    ctx: typer.Context,
    items: Items = None,
    cause: Cause = None,
    everything: All = False,
    route: OfRoute = None,
    reason: Annotated[str, typer.Option(help="For the timeline.")] = "left as it is by a person",
    as_json: Json = False,
) -> None:
    """Leave items as they are: what was refused is not tried again."""
    state = state_of(ctx)
    configuration = state.load_what_works()

    async def work() -> list[dict[str, object]]:
        async with Engine.open(configuration) as engine:
            chosen = _chosen(await engine.parked(route), items or [], cause, everything=everything)
            done: list[dict[str, object]] = []
            for name, keys in _by_route(chosen):
                await engine.ledger.access.note(whoever(), "parked.drop", f"{name} {' '.join(keys)}", reason)
                done.append({"route": name, "dropped": await engine.drop(name, keys, reason)})
            return done

    Output(as_json).rows(["route", "dropped"], state.run(work()), "Nothing to drop.")


async def _run(engine: Engine, lane: str, keys: Sequence[str]) -> Report:
    """Run the lane that parked something."""
    route, _, flow = lane.partition("/")
    if flow == "stock":
        return await engine.goods.pull_stock(route)
    if flow == "products":
        return await engine.goods.pull_products(route)
    return await engine.pull(route, keys)


def _items(state: State, route: str | None) -> list[Parked]:
    configuration: Configuration = state.load_what_works()

    async def work() -> list[Parked]:
        async with Engine.open(configuration) as engine:
            return await engine.parked(route)

    return state.run(work())


def _chosen(parked: Sequence[Parked], numbers: Sequence[str], cause: str | None, *, everything: bool) -> list[Parked]:
    """The items that a person named.

    Raises:
        ConfigError: nothing was named.
        CrossdockError: something named is not parked.
    """
    if everything:
        return list(parked)
    if not numbers and cause is None:
        raise ConfigError("which items?", hint="name items or orders, or give --cause CAUSE or --all")
    missing = [number for number in numbers if not any(number in (str(item.id), item.key) for item in parked)]
    if missing:
        raise CrossdockError(f"{', '.join(missing)} is not parked", hint="see what is: crossdock parked list")
    found = [item for item in parked if item.cause == cause or str(item.id) in numbers or item.key in numbers]
    if not found:
        causes = ", ".join(sorted({item.cause for item in parked})) or "none"
        raise CrossdockError(f"nothing is parked for {cause!r}", hint=f"causes: {causes}")
    return found


def _by_route(items: Sequence[Parked]) -> list[tuple[str, list[str]]]:
    routes = sorted({item.route for item in items})
    return [(route, list(dict.fromkeys(item.key for item in items if item.route == route))) for route in routes]


def _row(item: Parked) -> dict[str, object]:
    return {
        "item": item.id,
        "route": item.route,
        "order": item.key,
        "cause": item.cause,
        "reason": item.reason,
        "step": item.step,
        "since": item.parked_at,
    }


def _tell(output: Output, facts: Mapping[str, object]) -> None:
    """Both sides' facts beside each other, then whatever else there is."""
    sides = {name: side for name in ("channel", "backend") if isinstance(side := facts.get(name), dict)}
    if sides:
        rows = [[name, *(_words(side.get(name)) for side in sides.values())] for name in _names(sides.values())]
        output.show(table(["", *sides], rows), "")
    others = [[name, _words(value)] for name, value in facts.items() if name != "choices" and name not in sides]
    if others:
        output.show(table(["fact", "value"], others))


def _names(sides: Iterable[Mapping[str, object]]) -> list[str]:
    """What any side says something about, in its order."""
    return list(dict.fromkeys(name for side in sides for name in side))


def _words(value: object) -> object:
    """A list as lines."""
    return "\n".join(map(str, value)) if isinstance(value, list) else value
