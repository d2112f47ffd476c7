"""Which price counts for an item or variant today. Pure.

A price without a source is None: a product without price is better than one with a price that may lack the tax.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crossdock.model import Money
from crossdock_ls_central.options import LsRouteOptions, Prices
from crossdock_ls_central.wire.values import boolean, moment, number

__all__ = ["Asked", "price_of", "turns"]

Fields = Mapping[str, str]

_ACTIVE = frozenset({"1", "active"})
_SALES = {"group": "#2", "currency": "#3", "from": "#4", "net": "#5", "flag": "#6", "least": "#14", "until": "#15"}
_SALES |= {"unit": "#5400", "variant": "#5700", "gross": "#99001450"}
_LIST = {"group": "#4", "variant": "#9", "currency": "#10", "from": "#12", "until": "#13", "least": "#14"}
_LIST |= {"unit": "#15", "net": "#17", "flag": "#23", "gross": "#41"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the price is wanted of.

    Attributes:
        variant: its code, or empty.
        unit: in which it is sold.
        base: base unit of the item.
        factor: how many base units are in one of `unit`.
        store, currency: of the connection.
        today: for prices that are valid for some time.
    """

    variant: str
    unit: str
    base: str
    factor: Decimal
    store: str
    currency: str
    today: date


def price_of(rows: Sequence[Fields], asked: Asked, options: LsRouteOptions) -> Money | None:
    """The price that counts, tax included; None when no row tells one.

    Args:
        rows: of the table that `options.prices` names, of one item.
        asked: of what.
        options: of the route.
    """
    if options.prices is Prices.WEB:
        found = _web_prices(rows, asked, options)
        best = max(found, default=None)  # the nearest match
        return None if best is None else Money.rounded(best[1], asked.currency)
    names = _SALES if options.prices is Prices.SALES_PRICE else _LIST
    lowest = min(_dated_prices(rows, names, asked, options), default=None)
    return None if lowest is None else Money.rounded(lowest, asked.currency)


def turns(rows: Sequence[Fields], prices: Prices, before: date, today: date) -> bool:
    """Whether a price of these rows began or ended after `before` and until `today`; no change of a row tells that."""
    if prices is Prices.WEB:
        return False
    names = _SALES if prices is Prices.SALES_PRICE else _LIST
    for row in rows:
        start, end = moment(row.get(names["from"], "")), moment(row.get(names["until"], ""))
        if (start and before < start.date() <= today) or (end and before <= end.date() < today):
            return True
    return False


def _web_prices(
    rows: Sequence[Fields], asked: Asked, options: LsRouteOptions
) -> Iterable[tuple[tuple[bool, bool], Decimal]]:
    """Prices with how near each is: of this very variant, of this very unit."""
    for row in rows:
        if (
            row.get("Store No.", "") == asked.store
            and row.get("Customer Disc. Group", "") == options.customer_discount_group
            and not row.get("Loyalty Scheme Code", "")
            and row.get("Currency Code", "") in ("", asked.currency)
            and row.get("Variant Code", "") in ("", asked.variant)
        ):
            price = _in_unit(
                number(row.get("Unit Price", ""), "Unit Price"), row.get("Unit of Measure Code", ""), asked
            )
            if price is not None:
                near = (bool(row.get("Variant Code")), row.get("Unit of Measure Code", "") == asked.unit)
                yield near, price


def _dated_prices(
    rows: Sequence[Fields], names: Mapping[str, str], asked: Asked, options: LsRouteOptions
) -> Iterable[Decimal]:
    """Prices of everybody, or of the price groups that the route names, that are valid today for one piece."""
    for row in rows:
        gross = number(row.get(names["gross"], ""), "Unit Price Including VAT")
        if not gross and boolean(row.get(names["flag"], "")):
            gross = number(row.get(names["net"], ""), "Unit Price")
        price = _in_unit(gross, row.get(names["unit"], ""), asked)
        if price and _applies(row, names, asked, options):
            yield price


def _applies(row: Fields, names: Mapping[str, str], asked: Asked, options: LsRouteOptions) -> bool:
    start, end = moment(row.get(names["from"], "")), moment(row.get(names["until"], ""))
    return (
        row.get(names["variant"], "") in ("", asked.variant)
        and row.get(names["group"], "") in ("", *options.price_groups)
        and row.get(names["currency"], "") in ("", asked.currency)
        and number(row.get(names["least"], ""), "Minimum Quantity") <= 1
        and (start is None or start.date() <= asked.today)
        and (end is None or asked.today <= end.date())
        and (names is not _LIST or row.get("#30", "").lower() in _ACTIVE)
    )


def _in_unit(price: Decimal, unit: str, asked: Asked) -> Decimal | None:
    """The price of one of the unit that is sold; None when the row is of a third unit."""
    if unit == asked.unit:
        return price
    return price * asked.factor if unit in ("", asked.base) else None
