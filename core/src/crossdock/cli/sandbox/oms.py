"""`crossdock sandbox oms`: what people do in the simulated Anchanto OMS, and in the warehouse behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from crossdock.cli.output import Json, Output
from crossdock.cli.sandbox.desk import Desk, Url

app = typer.Typer(help="Orders, stock and listings of the simulated Anchanto OMS.", no_args_is_help=True)

_NAME = "anchanto_oms"
Number = Annotated[str, typer.Argument(metavar="ORDER", help="Number in the OMS, or the marketplace's.")]
Store = Annotated[str, typer.Option(help="Code of the store.")]


@app.command()
def pick(order: Number, url: Url = None, as_json: Json = False) -> None:
    """Pick everything. Where the seller runs the WMS too, the order becomes Ready to Ship by it."""
    _act(f"/orders/{order}/pick", {}, url, as_json)


@app.command()
def ready(order: Number, url: Url = None, as_json: Json = False) -> None:
    """Set Ready to Ship by hand, once everything is picked."""
    _act(f"/orders/{order}/ready-to-ship", {}, url, as_json)


@app.command()
def cancel(order: Number, url: Url = None, as_json: Json = False) -> None:
    """Cancel as the seller."""
    _act(f"/orders/{order}/moves", {"to": "CANCEL_BY_SELLER_IN_PROCESS"}, url, as_json)


@app.command("put-away")
def put_away(order: Number, url: Url = None, as_json: Json = False) -> None:
    """Put the goods of a cancelled or undeliverable order back on the shelf."""
    _act(f"/orders/{order}/put-away", {}, url, as_json)


@app.command()
def show(order: Number, url: Url = None, as_json: Json = False) -> None:
    """One order, with its problems and its parcel."""
    _show(Desk(_NAME, url).look(f"/orders/{order}"), as_json)


@app.command("list")
def show_list(url: Url = None, as_json: Json = False) -> None:
    """All orders."""
    columns = ["order_id", "channel_reference", "state", "total", "currency"]
    Output(as_json).rows(columns, Desk(_NAME, url).look("/orders")["orders"], "There are no orders.")


@app.command()
def stock(
    isku: Annotated[str, typer.Argument(help="Code of stock.")],
    sellable: Annotated[int, typer.Argument(help="How many there are now.", min=0)],
    warehouse: Annotated[str, typer.Option(help="Code of the warehouse.")] = "WH-1",
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Count the stock of an ISKU."""
    level = {"isku": isku, "warehouse_code": warehouse, "sellable": sellable}
    levels = Desk(_NAME, url).change("/stock", {"levels": [level]})["levels"]
    found = next(one for one in levels if (one["isku"], one["warehouse_code"]) == (isku, warehouse))
    output = Output(as_json)
    output.data(found)
    output.lines(f"{isku} in {warehouse}: {found['sellable']} sellable, {found['available']} available")


@app.command("list-product")
def list_product(
    cskus: Annotated[list[str], typer.Argument(metavar="CSKU...", help="Products to list on the store.")],
    store: Store = "KR-STORE-1",
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Ask for products to be listed on the marketplace."""
    asked = Desk(_NAME, url).do(f"/stores/{store}/listings", {"cskus": cskus})
    output = Output(as_json)
    output.data(asked)
    output.lines(*(f"{csku}: REQUESTED" for csku in cskus))


def _act(path: str, body: Mapping[str, object], url: str | None, as_json: bool) -> None:
    _show(Desk(_NAME, url).do(path, body), as_json)


def _show(order: Mapping[str, Any], as_json: bool) -> None:
    output = Output(as_json)
    output.data(order)
    state = "/".join(word for word in (order["state"], order["sub_state"]) if word)
    history = ", historical" if order["historical"] else ""
    total = f"{order['total']} {order['currency']}"
    output.lines(f"{order['order_id']}: {state}{history}, {order['channel_reference']} on the marketplace, {total}")
    output.lines(*(f"  {line['quantity']} x {line['sku']}, {line['picked']} picked" for line in order["lines"]))
    output.lines(*(f"  problem {problem['code']}: {problem['message']}" for problem in order["problems"]))
    if order["hold"]:
        output.lines(f"  on hold: {order['hold']}")
    if order["shipment"]:
        parcel = order["shipment"]
        label = "with label" if parcel["label_ready"] else "no label yet"
        output.lines(f"  parcel {parcel['tracking_number']} by {parcel['carrier']}, {label}")
