"""`crossdock parked`: what waits for a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Annotated, NamedTuple

import typer
from rich.markup import escape

from crossdock.cli.api import whoever
from crossdock.cli.exits import Code
from crossdock.cli.output import Json, Output, table
from crossdock.cli.state import State, state_of
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
    """List what is parked, grouped by cause, with what can be done about it."""
    items = _items(state_of(ctx), route)
    output = Output(as_json)
    output.data([_row(item) for item in items])
    if not items:
        output.show("Nothing is parked.")
    by_cause = sorted(items, key=lambda item: item.cause)
    for cause, group in groupby(by_cause, key=lambda item: item.cause):
        of_cause = list(group)
        rows = [[item.id, item.route, item.key, item.parked_at, item.reason] for item in of_cause]
        output.show(table(["item", "route", "order", "since_utc", "reason"], rows, f"cause {cause}: {len(rows)}"))
        _advise(output, dict.fromkeys(choice for item in of_cause for choice in _choices(item)), f"--cause '{cause}'")
    raise typer.Exit(Code.FAILED if strict and items else Code.OK)


@app.command()
def show(
    ctx: typer.Context,
    item: Annotated[str, typer.Argument(help="Item or order number.")],
    as_json: Json = False,
) -> None:
    """Show one item with the facts of both sides, and what can be done."""
    (found, *_) = _chosen(_items(state_of(ctx), None), _Named([item]))
    output = Output(as_json)
    output.data({**_row(found), "facts": dict(found.facts), "received": found.raw.decode(errors="replace")})
    output.show(f"[bold]{escape(found.key)}[/bold] on route {escape(found.route)}, parked {found.parked_at:%F %T} UTC")
    output.show(f"{escape(found.reason)}  [dim]({escape(found.cause)})[/dim]", "")
    _tell(output, found.facts)
    _advise(output, _choices(found), str(found.id))


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

    async def act(engine: Engine, lane: str, keys: list[str]) -> dict[str, object]:
        await engine.ledger.access.note(whoever(), "parked.retry", f"{lane} {' '.join(keys)}")
        count = await engine.retry(lane, keys)
        report = await _run(engine, lane, keys) if now else None
        return {"route": lane, "released": count, "parked_again": report.parked if report else None}

    done = _each_lane(state_of(ctx), act, _Named(items or (), cause, everything, route))
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

    async def act(engine: Engine, lane: str, keys: list[str]) -> dict[str, object]:
        await engine.ledger.access.note(whoever(), "parked.drop", f"{lane} {' '.join(keys)}", reason)
        return {"route": lane, "dropped": await engine.drop(lane, keys, reason)}

    done = _each_lane(state_of(ctx), act, _Named(items or (), cause, everything, route))
    Output(as_json).rows(["route", "dropped"], done, "Nothing to drop.")


class _Named(NamedTuple):
    """What a person named: items by number or key, all of a cause, or everything; of one route or of all."""

    items: Sequence[str] = ()
    cause: str | None = None
    everything: bool = False
    route: str | None = None


Act = Callable[[Engine, str, list[str]], Awaitable[dict[str, object]]]
"""Does something to the items with these keys in a lane, and answers a row of what it came to."""


def _each_lane(state: State, act: Act, named: _Named) -> list[dict[str, object]]:
    configuration = state.load_what_works()

    async def work() -> list[dict[str, object]]:
        async with Engine.open(configuration) as engine:
            chosen = _chosen(await engine.parked(named.route), named)
            return [await act(engine, lane, keys) for lane, keys in _by_lane(chosen)]

    return state.run(work())


async def _run(engine: Engine, lane: str, keys: Sequence[str]) -> Report:
    """Run the lane that parked something."""
    route, _, flow = lane.partition("/")
    if flow == "stock":
        return await engine.goods.pull_stock(route)
    if flow == "products":
        return await engine.goods.pull_products(route)
    return await engine.pull(route, keys)


def _items(state: State, route: str | None) -> list[Parked]:
    configuration = state.load_what_works()

    async def work() -> list[Parked]:
        async with Engine.open(configuration) as engine:
            return await engine.parked(route)

    return state.run(work())


def _chosen(parked: Sequence[Parked], named: _Named) -> list[Parked]:
    """The items that a person named.

    Raises:
        ConfigError: nothing was named.
        CrossdockError: something named is not parked.
    """
    if named.everything:
        return list(parked)
    if not named.items and named.cause is None:
        raise ConfigError("which items?", hint="name items or orders, or give --cause CAUSE or --all")
    missing = [name for name in named.items if not any(name in (str(item.id), item.key) for item in parked)]
    if missing:
        raise CrossdockError(f"{', '.join(missing)} is not parked", hint="see what is: crossdock parked list")
    found = [item for item in parked if item.cause == named.cause or {str(item.id), item.key} & {*named.items}]
    if not found:
        causes = ", ".join(sorted({item.cause for item in parked})) or "none"
        raise CrossdockError(f"nothing is parked for {named.cause!r}", hint=f"causes: {causes}")
    return found


def _by_lane(items: Sequence[Parked]) -> list[tuple[str, list[str]]]:
    lanes = sorted({item.route for item in items})
    return [(lane, list(dict.fromkeys(item.key for item in items if item.route == lane))) for lane in lanes]


def _row(item: Parked) -> dict[str, object]:
    return {
        "item": item.id,
        "route": item.route,
        "order": item.key,
        "cause": item.cause,
        "reason": item.reason,
        "step": item.step,
        "since": item.parked_at,
        "choices": _choices(item),
    }


def _choices(item: Parked) -> list[str]:
    """What a person can do about it."""
    choices = item.facts.get("choices")
    return [str(choice) for choice in choices] if isinstance(choices, list) else []


def _advise(output: Output, choices: Iterable[str], which: str) -> None:
    """What can be done, and the commands for it."""
    output.lines(*(f"  you can  {choice}" for choice in choices))
    output.lines(f"  with     crossdock parked retry {which}", f"  or       crossdock parked drop {which}", "")


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
