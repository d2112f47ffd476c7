"""`crossdock sandbox order`: what buyers, sellers and carriers do in the simulated Shopee."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from crossdock.cli.output import Json, Output
from crossdock.cli.sandbox.desk import Desk, Url
from crossdock.errors import ConfigError

app = typer.Typer(help="Orders of the simulated Shopee: buyers, Seller Center, carriers.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(metavar="ORDER", help="The order's number.")]
Amount = Annotated[str, typer.Option(metavar="AMOUNT", help="Taken off the whole order.")]

_EVENTS = {
    "pay": ("pay", "The buyer pays."),
    "arrange": ("arrange", "Seller Center: arrange the shipment."),
    "pickup": ("pickup", "The carrier takes the parcel."),
    "miss-pickup": ("miss-pickup", "The carrier came in vain."),
    "deliver": ("deliver", "The buyer has the parcel."),
    "complete": ("complete", "The order ends."),
    "split": ("split", "Seller Center: one parcel for each line."),
    "unsplit": ("unsplit", "Seller Center: one parcel again."),
}
_NUMBER = r"\d+(?:\.\d+)?"
_ITEM = re.compile(
    rf"(?P<sku>[^:]+)(?::(?P<quantity>\d+)(?::(?P<original_price>{_NUMBER})(?::(?P<discounted_price>{_NUMBER}))?)?)?"
)


@app.command()
def create(
    items: Annotated[
        list[str] | None,
        typer.Option(
            "--item",
            metavar="SKU[:QUANTITY[:PRICE[:PAID]]]",
            help="What is bought: list price of one, and what is paid for it after its discount. Repeatable.",
        ),
    ] = None,
    seller_voucher: Amount = "0",
    shopee_voucher: Amount = "0",
    coins: Amount = "0",
    shipping_fee: Annotated[str | None, typer.Option(metavar="AMOUNT", help="What the buyer pays for it.")] = None,
    carrier: Annotated[str, typer.Option(help="The courier that the buyer chose.")] = "",
    shop: Annotated[int | None, typer.Option(help="Number of the shop, where there are several.")] = None,
    unpaid: Annotated[bool, typer.Option("--unpaid", help="The buyer has not paid yet.")] = False,
    draft: Annotated[
        Path | None, typer.Option(help="JSON file with whatever else the order is to have.", dir_okay=False)
    ] = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Place a test order and print its number, so that ORDER=$(crossdock sandbox order create) keeps it."""
    body = _drafted(draft) | {
        "seller_voucher": seller_voucher,
        "shopee_voucher": shopee_voucher,
        "coins": coins,
        "carrier": carrier,
        "paid": not unpaid,
    }
    if shop is not None:
        body["shop_id"] = shop
    if items:
        body["items"] = [_item(text) for text in items]
    if shipping_fee is not None:
        body["shipping_fee"] = shipping_fee
    placed = Desk("shopee", url).do("/orders", body)
    output = Output(as_json)
    output.data(placed)
    output.lines(str(placed["order_sn"]))


@app.command()
def cancel(
    order: Number,
    by: Annotated[str, typer.Option(help="buyer, seller, system or Ops.")] = "seller",
    reason: Annotated[str, typer.Option(help="Shopee's words for it, such as Out of Stock.")] = "",
    part: Annotated[
        str | None, typer.Option(metavar="SKU[:QUANTITY]", help="Only so many units of this; the rest goes on.")
    ] = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Cancel at once: Seller Center's Cancel Order, unless another cancels."""
    if part is not None:
        sku, _, quantity = part.partition(":")
        _act(f"/orders/{order}/cancel-part", {"sku": sku, "quantity": quantity or "1"}, url, as_json)
        return
    _act(f"/orders/{order}/cancel", {"by": by, "reason": reason}, url, as_json)


@app.command()
def wish(
    order: Number,
    reason: Annotated[str, typer.Option(help="The buyer's reason.")] = "Need to change delivery address",
    url: Url = None,
    as_json: Json = False,
) -> None:
    """The buyer asks to cancel."""
    _act(f"/orders/{order}/buyer-cancel-request", {"reason": reason}, url, as_json)


@app.command("shipping-fee")
def shipping_fee(
    order: Number,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="What the buyer is charged from now on.")],
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Shopee charges the buyer another shipping fee than at checkout."""
    _act(f"/orders/{order}/shipping-fee", {"amount": amount}, url, as_json)


@app.command("return")
def send_back(
    order: Number,
    reason: Annotated[str, typer.Option(help="Shopee's code of the reason.")] = "PHYSICAL_DMG",
    text: Annotated[str, typer.Option(help="What the buyer writes.")] = "",
    refund: Annotated[str | None, typer.Option(metavar="AMOUNT", help="All that was paid, without.")] = None,
    refund_only: Annotated[bool, typer.Option("--refund-only", help="The goods stay with the buyer.")] = False,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """The buyer asks to return."""
    body = {"reason": reason, "text_reason": text, "refund_amount": refund, "refund_only": refund_only}
    opened = Desk("shopee", url).do(f"/orders/{order}/return", body)
    output = Output(as_json)
    output.data(opened)
    shown = opened | {"items": ", ".join(f"{item['quantity']} x {item['sku']}" for item in opened["items"])}
    output.lines("\n".join(f"{name}: {value}" for name, value in shown.items()))


@app.command()
def show(order: Number, url: Url = None, as_json: Json = False) -> None:
    """One order, its lines and its parcels."""
    _show(Desk("shopee", url).look(f"/orders/{order}"), as_json)


@app.command("list")
def show_list(url: Url = None, as_json: Json = False) -> None:
    """All orders, as Seller Center's My Orders."""
    rows = [_row(found) for found in Desk("shopee", url).look("/orders")["orders"]]
    Output(as_json).rows(["order", "status", "items", "tracking_number"], rows, "There are no orders.")


def _event(path: str, summary: str) -> Callable[..., None]:
    """The command for an action that needs no more than the order's number."""

    def event(order: Number, url: Url = None, as_json: Json = False) -> None:
        _act(f"/orders/{order}/{path}", {}, url, as_json)

    event.__doc__ = summary
    return event


for _name, (_path, _summary) in _EVENTS.items():
    app.command(_name)(_event(_path, _summary))


def _act(path: str, body: Mapping[str, object], url: str | None, as_json: bool) -> None:
    _show(Desk("shopee", url).do(path, body), as_json)


def _show(order: Mapping[str, Any], as_json: bool) -> None:
    output = Output(as_json)
    output.data(order)
    row = _row(order)
    cancelled = f", cancelled by {order['cancel_by']}: {order['cancel_reason']}" if order["cancel_by"] else ""
    output.lines(f"{row['order']}: {row['status']}{cancelled}", f"  items: {', '.join(row['items'])}")
    for parcel in order["packages"]:
        tracking = parcel["tracking_number"] or "none yet"
        output.lines(f"  parcel {parcel['package_number']}: {parcel['logistics_status']}, tracking number {tracking}")


def _row(order: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "order": order["order_sn"],
        "status": order["order_status"],
        "items": [f"{item['active']} x {item['model_sku'] or item['item_sku']}" for item in order["items"]],
        "tracking_number": [parcel["tracking_number"] for parcel in order["packages"] if parcel["tracking_number"]],
    }


def _item(text: str) -> dict[str, str]:
    """``40020-001:2:25.00:19.90``: SKU, quantity, list price of one, what is paid for one."""
    found = _ITEM.fullmatch(text)
    if found is None:
        hint = "such as --item 40020-001:2:25.00:19.90"
        raise ConfigError(f"--item {text!r} is not SKU[:QUANTITY[:PRICE[:PAID]]]", hint=hint)
    return {name: part for name, part in found.groupdict().items() if part is not None}


def _drafted(file: Path | None) -> dict[str, object]:
    if file is None:
        return {}
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot be read as JSON: {error}", file=str(file)) from error
    if not isinstance(found, dict):
        raise ConfigError("is no JSON object", file=str(file))
    return found
