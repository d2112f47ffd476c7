"""`crossdock products`: which product is which listing."""

from __future__ import annotations

from collections import Counter

import typer

from crossdock.cli.exits import Code
from crossdock.cli.output import Json, Output
from crossdock.cli.route_arguments import Route, checked_flow
from crossdock.cli.state import state_of
from crossdock.flows.products.match import Found, Match
from crossdock.runner import Engine

app = typer.Typer(help="Products and their listings.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="products")


@app.command("match")
def show_match(ctx: typer.Context, route: Route, as_json: Json = False) -> None:
    """Show which listing each product is, by SKU, then by barcode. Sends nothing; ends with 1 on conflicts."""
    state = state_of(ctx)
    configuration = state.load()
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
