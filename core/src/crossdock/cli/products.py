"""`crossdock products`: which product is which listing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from crossdock.cli.exits import Code
from crossdock.cli.output import Json, Output, table
from crossdock.cli.route_arguments import Route, checked_flow, checked_route
from crossdock.cli.runs import GOES_ON, Shown, finish, shown_progress
from crossdock.cli.state import state_of
from crossdock.flows.orders.report import Report
from crossdock.flows.products.match import Found, Match
from crossdock.flows.products.sheet import Reading
from crossdock.runner import Engine
from crossdock.runner.sheets import SheetWriter

app = typer.Typer(help="Products and their listings.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="products")


@app.command("match")
def show_match(ctx: typer.Context, route: Route, as_json: Json = False) -> None:
    """Show which listing each product is, by SKU, then by barcode. Sends nothing; ends with 1 on conflicts."""
    state = state_of(ctx)
    configuration = state.load_what_works()
    checked_flow(configuration, route, "products")

    async def work() -> list[Match]:
        async with Engine.open(configuration) as engine:
            return await engine.goods.match_products(route)

    found = sorted(state.run(work()), key=lambda match: (match.found != Found.AMBIGUOUS, match.found, match.key))
    output = Output(as_json)
    rows = [
        {
            "product": one.key,
            "found": one.found.value,
            "by": one.by,
            "listing": one.listed_id,
            "losers": list(one.losers),
            "text": one.text,
        }
        for one in found
    ]
    output.rows(["found", "product", "by", "listing", "losers", "text"], rows, "There is no product on either side.")
    counts = Counter(one.found.value for one in found)
    output.show("", ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
    bad = counts[Found.AMBIGUOUS] + counts[Found.DUPLICATE]
    raise typer.Exit(Code.FAILED if bad else Code.OK)


@app.command("take-over")
def take_over(ctx: typer.Context, route: Route, as_json: Json = False) -> None:
    """Tell the backend which products the channel sells: names, SKUs, prices, stock, pictures.

    Of several listings with one SKU the oldest is taken over, and the others are named. Ends with 1 if any was refused.
    """
    state = state_of(ctx)
    configuration = state.load_what_works()
    checked_route(configuration, route)

    async def work(show: Shown) -> Report:
        async with Engine.open(configuration) as engine:
            return await engine.goods.take_over(route, show)

    with shown_progress(f"{route}: products of the channel", as_json) as show:
        report = state.run(work(show), if_stopped=GOES_ON)
    finish(report, Output(as_json))


File = Annotated[Path, typer.Argument(help="An Excel file (.xlsx).", dir_okay=False)]
_SHOWN = 50
_PARTLY = "Changes may be kept in part: import the file again with --yes, and it keeps the rest."


@app.command("export")
def export_sheet(ctx: typer.Context, route: Route, file: File, as_json: Json = False) -> None:
    """Write products, links, listing fields, prices and buffers to an Excel file, a row a SKU."""
    state = state_of(ctx)
    configuration = state.load_what_works()
    checked_flow(configuration, route, "products")

    async def work() -> int:
        async with Engine.open(configuration) as engine:
            return await engine.goods.export_products(route, file)

    count = state.run(work())
    output = Output(as_json)
    output.data({"file": str(file), "rows": count})
    output.show(f"{count} rows in {file}")


@app.command("import")
def import_sheet(
    ctx: typer.Context,
    route: Route,
    file: File,
    yes: Annotated[bool, typer.Option("--yes", help="Keep the changes; without it they are only shown.")] = False,
    as_json: Json = False,
) -> None:
    """Check an Excel file as a whole, show what it changes, and keep that with --yes.

    Rows that cannot be taken are left out and written to FILE-errors.xlsx; the command then ends with 1.
    """
    state = state_of(ctx)
    configuration = state.load_what_works()
    checked_flow(configuration, route, "products")

    async def work() -> Reading:
        async with Engine.open(configuration) as engine:
            reading = await engine.goods.read_sheet(route, file)
            if yes:
                await engine.goods.apply_sheet(route, reading)
            return reading

    reading = state.run(work(), if_stopped=_PARTLY if yes else "Nothing is changed.")
    errors = file.with_name(f"{file.stem}-errors.xlsx") if reading.wrong else None
    if errors is not None:
        with SheetWriter(errors, ["row", "column", "value", "allowed"]) as writer:
            for one in reading.wrong:
                writer.write([str(one.row), one.column, one.value, one.allowed])
    _show_reading(Output(as_json), reading, errors, kept=yes)
    raise typer.Exit(Code.FAILED if reading.wrong else Code.OK)


def _show_reading(output: Output, reading: Reading, errors: Path | None, *, kept: bool) -> None:
    output.data(
        {
            "rows": reading.rows,
            "changes": reading.changes,
            "wrong": reading.wrong,
            "errors": str(errors) if errors else None,
            "kept": kept,
        }
    )
    if reading.changes:
        rows = [[o.row, o.product, o.sku, o.column, o.before, o.after] for o in reading.changes[:_SHOWN]]
        output.show(table(["row", "product", "sku", "column", "before", "after"], rows), "")
    if reading.wrong:
        wrong = [[one.row, one.column, one.value, one.allowed] for one in reading.wrong[:_SHOWN]]
        output.show(
            table(["row", "column", "value", "allowed"], wrong, "Cannot be taken"), f"All of them: {errors}", ""
        )
    done = "kept; the next run brings the channel in line" if kept else "shown only; keep them with --yes"
    what = f"{len(reading.changes)} changes, {done}" if reading.changes else "nothing changes"
    output.show(f"{reading.rows} rows read, {len(reading.wrong)} cells cannot be taken: {what}")
