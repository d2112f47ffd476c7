"""`crossdock pull` and `crossdock backfill`: one run of a route, now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from crossdock.cli.output import Json, Output
from crossdock.cli.route_arguments import Flow, Route, checked_flow
from crossdock.cli.runs import GOES_ON, Shown, finish, shown_progress
from crossdock.cli.state import state_of
from crossdock.contract import Window
from crossdock.errors import ConfigError
from crossdock.flows.options import Duration
from crossdock.flows.orders.report import Report
from crossdock.runner import Engine

_DURATION: TypeAdapter[timedelta] = TypeAdapter(Duration)


def add_to(root: typer.Typer) -> None:
    """Add the commands."""
    root.command("pull")(pull)
    root.command("backfill")(backfill)


def pull(
    ctx: typer.Context,
    route: Route,
    flow: Flow = "orders",
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", help="Only the order with this number of the channel, or only this SKU or product. Repeatable."
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Orders: read the channel from here on: a duration (6h, 2d) or a moment."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Stock and products: read everything anew.")] = False,
    as_json: Json = False,
) -> None:
    """Run one flow of a route now: read both sides, and do what is missing."""
    state = state_of(ctx)
    configuration = state.load_what_works()
    checked_flow(configuration, route, flow)
    start = _moment(since) if since else None
    if start and only:
        raise ConfigError("--only and --since exclude each other", hint="give one of the two")
    _check_options(flow, since, full)

    async def work(show: Shown) -> Report:
        async with Engine.open(configuration) as engine:
            if flow == "stock":
                return await engine.goods.pull_stock(route, only or [], full=full, progress=show)
            if flow == "products":
                return await engine.goods.pull_products(route, only or [], full=full, progress=show)
            if start is not None:
                report = await engine.backfill(route, start, datetime.now(UTC), show)
            else:
                report = await engine.pull(route, only or [], progress=show)
            return await _with_what_is_open(engine, report)

    with shown_progress(f"{route}/{flow}", as_json) as show:
        report = state.run(work(show), if_stopped=GOES_ON)
    finish(report, Output(as_json))


def backfill(
    ctx: typer.Context,
    route: Route,
    days: Annotated[int, typer.Option(help="How many days of history.", min=1, max=3650)] = 90,
    as_json: Json = False,
) -> None:
    """Take orders of the past over as history; one that was interrupted goes on where it was.

    What is new is recorded in the backend as it stands, without moving stock where the backend knows history.
    Nothing is done about it on the channel. The live run goes on where it was.
    """
    state = state_of(ctx)
    configuration = state.load_what_works()
    checked_flow(configuration, route, "orders")

    async def work(show: Shown) -> Report:
        async with Engine.open(configuration) as engine:
            window = await engine.history_window(route, days)
            return await _with_what_is_open(engine, await engine.history(route, days, _with_share(show, window)))

    with shown_progress(f"{route}: {days} days", as_json) as show:
        report = state.run(work(show), if_stopped=GOES_ON)
    finish(report, Output(as_json))


async def _with_what_is_open(engine: Engine, report: Report) -> Report:
    stands = await engine.ledger.status(report.route)
    report.in_doubt, report.waiting, report.retry_at = stands.doubtful, stands.waiting, stands.retry_at
    return report


def _check_options(flow: str, since: str | None, full: bool) -> None:
    if since and flow != "orders":
        raise ConfigError("--since is for orders", hint=f"crossdock pull ROUTE {flow} --full reads everything anew")
    if full and flow == "orders":
        raise ConfigError("--full is for stock and products", hint="for orders give --since, or use crossdock backfill")


def _moment(text: str) -> datetime:
    """A moment; without an offset it is UTC.

    Raises:
        ConfigError: it is neither a duration nor a moment.
    """
    try:
        return datetime.now(UTC) - _DURATION.validate_python(text)
    except ValidationError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        hint = "such as 90m, 6h, 2d, 2026-11-21 or 2026-11-21T08:00+08:00"
        raise ConfigError(f"--since {text!r} is neither a duration nor a moment", hint=hint) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _with_share(show: Shown, window: Window) -> Shown:
    """Have it known how much of the stretch has been read; reading goes from the oldest change to the newest."""
    length = ((window.end or window.start) - window.start).total_seconds()

    def shown(report: Report) -> None:
        if report.reached is not None and length > 0:
            report.share = min(max((report.reached - window.start).total_seconds() / length, 0.0), 1.0)
        show(report)

    return shown
