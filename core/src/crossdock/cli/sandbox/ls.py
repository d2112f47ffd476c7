"""`crossdock sandbox ls`: what people do in the simulated LS Central."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from crossdock.cli.output import Json, Output, table
from crossdock.cli.sandbox.desk import Desk, Url
from crossdock.errors import ConfigError

app = typer.Typer(help="Customer Orders and items of the simulated LS Central.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(metavar="ORDER", help="External ID or document id.")]
Item = Annotated[str, typer.Argument(metavar="ITEM", help="The item's number.")]
Variant = Annotated[str, typer.Option(help="Code of the item's variant.")]
Lines = Annotated[
    list[str] | None,
    typer.Option("--line", metavar="NO=QUANTITY", help="Only so much of this line, such as 10000=1. Repeatable."),
]

_LINE_COLUMNS = ("line", "item", "variant", "quantity", "price", "discount", "amount", "cancelled", "shipped")


@app.command()
def post(order: Number, lines: Lines = None, url: Url = None, as_json: Json = False) -> None:
    """Sales Orders, Posting: Ship and Invoice."""
    _act(f"/orders/{order}/post", {"lines": _lines(lines)}, url, as_json)


@app.command()
def pick(
    order: Number,
    short: Annotated[
        list[str] | None,
        typer.Option("--short", metavar="NO=QUANTITY", help="So much of this line is not found, such as 10000=1."),
    ] = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Pick all lines, in full or short of what the store does not find."""
    if short:
        _act(f"/orders/{order}/short-pick", {"lines": _lines(short, "--short")}, url, as_json)
        return
    _act(f"/orders/{order}/pick", {}, url, as_json)


@app.command()
def hold(
    order: Number,
    release: Annotated[bool, typer.Option("--release", help="It is on hold no longer.")] = False,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Put the Customer Order on hold, or release it."""
    _act(f"/orders/{order}/hold", {"on_hold": not release}, url, as_json)


@app.command()
def cancel(order: Number, lines: Lines = None, url: Url = None, as_json: Json = False) -> None:
    """Cancel the Customer Order, all or some of it."""
    _act(f"/orders/{order}/cancel", {"lines": _lines(lines)}, url, as_json)


@app.command()
def delete(order: Number, url: Url = None, as_json: Json = False) -> None:
    """Delete the order without a trace."""
    deleted = Desk("ls_central", url).do(f"/orders/{order}/delete")
    output = Output(as_json)
    output.data(deleted)
    output.lines(f"{deleted['deleted']}: deleted")


@app.command()
def show(order: Number, url: Url = None, as_json: Json = False) -> None:
    """The Customer Order, open or posted, with its lines, posted shipments and invoices."""
    _show(Desk("ls_central", url).look(f"/orders/{order}"), as_json)


@app.command("list")
def show_list(url: Url = None, as_json: Json = False) -> None:
    """All Customer Orders, open and posted."""
    rows = [_row(found) for found in Desk("ls_central", url).look("/orders")["orders"]]
    Output(as_json).rows(["order", "External_ID", "state", "amount"], rows, "There are no Customer Orders.")


@app.command()
def item(
    number: Item,
    price: Annotated[str, typer.Option(metavar="AMOUNT", help="Unit price including VAT.")] = "10",
    stock: Annotated[str, typer.Option(metavar="QUANTITY", help="How much there is.")] = "0",
    description: Annotated[str, typer.Option(help="What it is.")] = "",
    variants: Annotated[list[str] | None, typer.Option("--variant", help="Code of a variant. Repeatable.")] = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Create an item."""
    body = {
        "number": number,
        "description": description,
        "unit_price": price,
        "stock": stock,
        "variants": variants or [],
    }
    _show_item(Desk("ls_central", url).do("/items", body), as_json)


@app.command()
def stock(
    number: Item,
    quantity: Annotated[str, typer.Argument(help="How much there is now.")],
    variant: Variant = "",
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Set the stock of an item at the web store's location."""
    body = {"quantity": quantity, "variant": variant}
    _show_item(Desk("ls_central", url).do(f"/items/{number}/stock", body), as_json)


@app.command()
def price(
    number: Item,
    amount: Annotated[str, typer.Argument(help="Unit price including VAT.")],
    variant: Variant = "",
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Set the price of an item."""
    body = {"unit_price": amount, "variant": variant}
    _show_item(Desk("ls_central", url).do(f"/items/{number}/price", body), as_json)


def _act(path: str, body: Mapping[str, object], url: str | None, as_json: bool) -> None:
    _show(Desk("ls_central", url).do(path, body), as_json)


def _lines(given: Sequence[str] | None, option: str = "--line") -> list[dict[str, str]]:
    found = []
    for text in given or ():
        number, equals, quantity = text.partition("=")
        if not equals or not number.isdecimal():
            raise ConfigError(f"{option} {text!r} is not NO=QUANTITY", hint=f"such as {option} 10000=1")
        found.append({"line_no": number, "quantity": quantity})
    return found


def _show(order: Mapping[str, Any], as_json: bool) -> None:
    output = Output(as_json)
    output.data(order)
    row = _row(order)
    state = f"{row['state']}, on hold" if order.get("on_hold") else row["state"]
    output.lines(f"{row['order']}: {state}, External ID {row['External_ID']}, amount {row['amount']}")
    output.show(table(_LINE_COLUMNS, [_line(line) for line in order["lines"]]))
    for shipment in order["shipments"]:
        output.lines(
            f"posted shipment {shipment['number']}: Package Tracking No. {shipment['tracking_no'] or '(blank)'}"
        )
    for invoice in order["invoices"]:
        output.lines(f"posted invoice {invoice['number']}")


def _row(order: Mapping[str, Any]) -> dict[str, object]:
    return {
        "order": order["document_id"],
        "External_ID": order["external_id"],
        "state": order["state"],
        "amount": order["totals"]["amount"],
    }


def _line(line: Mapping[str, Any]) -> list[object]:
    sent = ("LineNo", "Number", "VariantCode", "Quantity", "Price", "DiscountAmount", "Amount", "cancelled", "shipped")
    return [line[name] for name in sent]


def _show_item(found: Mapping[str, Any], as_json: bool) -> None:
    output = Output(as_json)
    output.data(found)
    levels = [f"{row['quantity']} of {row['variant'] or 'it'} at {row['location']}" for row in found["stock"]]
    output.lines(f"{found['number']} {found['description']}: price {found['unit_price']}; {', '.join(levels)}")
