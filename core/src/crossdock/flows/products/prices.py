"""Which prices are to be sent, and which can be sent nowhere. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crossdock.model import Money, PriceChange, Product, Variant


def accepted(price: Money) -> str:
    """How an accepted price is remembered."""
    return str(price)


def refused(price: Money, reason: str) -> str:
    """How a refused price is remembered: it is not sent again until it changes."""
    return f"!{price}!{reason}"


@dataclass(frozen=True, slots=True)
class Prices:
    """What is to be done about the prices of one product.

    Attributes:
        send: prices that differ from what was accepted last.
        wrong: SKU to what is wrong with its price.
    """

    send: tuple[PriceChange, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)


def due_prices(wanted: Product, listed: Product, before: Mapping[str, str]) -> Prices:
    """Compare the prices of `wanted` with the listing's own currency and with what was accepted or refused last."""
    shown = {variant.sku: variant for variant in listed.variants if variant.sku}
    send: list[PriceChange] = []
    wrong: dict[str, str] = {}
    for variant in wanted.variants:
        there = shown.get(variant.sku)
        if variant.price is None or variant.blocked or there is None:
            continue
        mark = refused(variant.price, "")
        known = before.get(variant.sku, "")
        problem = known.removeprefix(mark) if known.startswith(mark) else _problem(variant.sku, variant.price, there)
        if problem:
            wrong[variant.sku] = problem
        elif there.price != variant.price:
            send.append(_change(variant, variant.price, listed, there))
    return Prices(tuple(send), wrong)


def _problem(sku: str, price: Money, there: Variant) -> str:
    if price.amount <= 0:
        return f"The price of SKU {sku} is {price}; it must be above 0."
    if there.price is not None and there.price.currency != price.currency:
        return f"The price of SKU {sku} is {price}; the listing is in {there.price.currency}."
    return ""


def _change(variant: Variant, price: Money, listed: Product, there: Variant) -> PriceChange:
    return PriceChange(sku=variant.sku, price=price, product_id=listed.id, variant_id=there.id)
