"""The sheet in which a person maps products and changes their fields, prices and buffers: rows out, changes in. Pure.

A cell that says what the backend says, or nothing, leaves the field to the backend; anything else overrides it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crossdock.flows.products.overlay import FIELDS, overlaid, price_field
from crossdock.ledger import Listing, Override
from crossdock.model import Money, Product, Variant

COLUMNS = ("product", "sku", "listing", *FIELDS, "price", "buffer")
"""The head of the sheet; their order does not matter, and further columns are passed over."""
NEEDED = ("product", "sku")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that cannot be taken."""

    row: int
    column: str
    value: str
    allowed: str


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that changes something."""

    row: int
    product: str
    sku: str
    column: str
    before: str
    after: str


@dataclass(slots=True)
class Reading:
    """What a sheet says.

    Attributes:
        rows: how many rows were read.
        changes: what it changes.
        wrong: what cannot be taken; its rows are left out.
        overrides: product to all that a person wants of it, for those that change.
        links: product to listing, where that changes.
        buffers: SKU to its new buffer; None takes it away.
    """

    rows: int = 0
    changes: list[Change] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    overrides: dict[str, dict[str, str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    buffers: dict[str, int | None] = field(default_factory=dict)

    def wishes(self) -> list[Override]:
        """As the ledger keeps them."""
        keys = sorted(self.overrides.keys() | self.links.keys())
        return [Override(key, self.overrides[key], self.links.get(key, "")) for key in keys]


def rows_of(listing: Listing, buffers: Mapping[str, int]) -> Iterator[list[str]]:
    """The rows of one product, a variant each, as they are in force."""
    if listing.product is None:
        return
    product = overlaid(listing.product, listing.overrides)
    for variant in product.variants:
        fields = [_own(product, name) for name in FIELDS]
        price = str(variant.price) if variant.price else ""
        buffer = str(buffers.get(variant.sku, ""))
        yield [listing.key, variant.sku, listing.listed_id, *fields, price, buffer]


class Reader:
    """Compares rows with what is in force.

    Args:
        buffers: SKU to its buffer.
    """

    def __init__(self, buffers: Mapping[str, int]) -> None:
        self.reading = Reading()
        self._buffers = buffers
        self._rows: dict[str, int] = {}
        self._said: dict[tuple[str, str], str] = {}

    def take(self, number: int, cells: Mapping[str, str], listing: Listing | None) -> None:
        """Take one row; either all of it counts, or nothing."""
        self.reading.rows += 1
        sku = cells.get("sku", "")
        variant = _variant_of(listing, sku)
        if listing is None or listing.product is None or variant is None:
            self._wrong_key(number, cells, listing)
            return
        if sku in self._rows:
            self._refuse(number, "sku", sku, f"each SKU once; it stands in row {self._rows[sku]} as well")
            return
        self._rows[sku] = number
        problems = {one.column: one for one in self._contradictions(number, cells)}
        problems |= {one.column: one for one in _problems(number, cells, variant)}
        if problems:
            self.reading.wrong += problems.values()
            return
        self._compare(number, cells, listing, listing.product, variant)

    def _wrong_key(self, number: int, cells: Mapping[str, str], listing: Listing | None) -> None:
        if listing is None or listing.product is None:
            allowed = "a product that was read from the backend: crossdock pull ROUTE products"
            self._refuse(number, "product", cells.get("product", ""), allowed)
            return
        known = ", ".join(variant.sku for variant in listing.product.variants[:10])
        self._refuse(number, "sku", cells.get("sku", ""), f"one of {known}")

    def _refuse(self, number: int, column: str, value: str, allowed: str) -> None:
        self.reading.wrong.append(Wrong(number, column, value, allowed))

    def _contradictions(self, number: int, cells: Mapping[str, str]) -> Iterator[Wrong]:
        """What concerns the whole product is the same in all its rows."""
        for column in ("listing", *FIELDS):
            if column in cells:
                said = self._said.setdefault((cells["product"], column), cells[column])
                if said != cells[column]:
                    yield Wrong(number, column, cells[column], f"the same in all rows of a product, such as {said!r}")

    def _compare(
        self, number: int, cells: Mapping[str, str], listing: Listing, product: Product, variant: Variant
    ) -> None:
        now = overlaid(product, listing.overrides)
        price = next((str(one.price) for one in now.variants if one.sku == variant.sku and one.price), "")
        for name in FIELDS:
            self._field(number, cells, listing, (name, name), (_own(product, name), _own(now, name)))
        backend = str(variant.price) if variant.price else ""
        self._field(number, cells, listing, ("price", price_field(variant.sku)), (backend, price))
        link = cells.get("listing", "")
        if link and link != listing.listed_id:
            self._note(number, listing, variant.sku, "listing", (listing.listed_id, link))
            self.reading.links[listing.key] = link
            self.reading.overrides.setdefault(listing.key, dict(listing.overrides))
        self._buffer(number, cells, listing, variant.sku)

    def _field(
        self, number: int, cells: Mapping[str, str], listing: Listing, names: tuple[str, str], values: tuple[str, str]
    ) -> None:
        column, name = names
        backend, now = values
        if column not in cells:
            return
        said = _normal(column, cells[column])
        wanted = None if said in ("", _plain(backend)) else said
        if wanted == listing.overrides.get(name):
            return
        overrides = self.reading.overrides.setdefault(listing.key, dict(listing.overrides))
        if overrides.get(name) == wanted:
            return  # another row of the product said so already
        self._note(number, listing, cells["sku"], column, (now, wanted or backend))
        if wanted is None:
            overrides.pop(name, None)
        else:
            overrides[name] = wanted

    def _buffer(self, number: int, cells: Mapping[str, str], listing: Listing, sku: str) -> None:
        before = self._buffers.get(sku)
        if "buffer" in cells:
            after = int(cells["buffer"]) if cells["buffer"] else None
            if after != before:
                words = ("" if before is None else str(before), cells["buffer"])
                self._note(number, listing, sku, "buffer", words)
                self.reading.buffers[sku] = after

    def _note(self, number: int, listing: Listing, sku: str, column: str, values: tuple[str, str]) -> None:
        self.reading.changes.append(Change(number, listing.key, sku, column, *values))


def _variant_of(listing: Listing | None, sku: str) -> Variant | None:
    variants: Sequence[Variant] = listing.product.variants if listing and listing.product else ()
    return next((one for one in variants if one.sku == sku), None)


def _own(product: Product, name: str) -> str:
    value = getattr(product, name)
    return "" if value is None else str(value)


def _normal(column: str, text: str) -> str:
    return str(Money.parse(text)) if text and column == "price" else _plain(text)


def _plain(text: str) -> str:
    """Excel keeps other line ends, and blanks around a text are read by nobody."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _problems(number: int, cells: Mapping[str, str], variant: Variant) -> Iterator[Wrong]:
    for column, check in _CHECKS.items():
        text = cells.get(column, "")
        allowed = check(text, variant) if text else ""
        if allowed:
            yield Wrong(number, column, text, allowed)


def _check_price(text: str, variant: Variant) -> str:
    currency = variant.price.currency if variant.price else ""
    allowed = f"an amount above 0 with its currency, such as 12.50 {currency or 'SGD'}"
    try:
        price = Money.parse(text)
    except ValueError:
        return allowed
    return allowed if price.amount <= 0 or currency not in ("", price.currency) else ""


def _whole(low: int, high: int) -> Callable[[str, Variant], str]:
    def check(text: str, _variant: Variant) -> str:
        return "" if text.isdecimal() and low <= int(text) <= high else f"a whole number from {low} to {high}"

    return check


def _at_most(length: int) -> Callable[[str, Variant], str]:
    def check(text: str, _variant: Variant) -> str:
        return "" if len(text) <= length else f"at most {length} characters, not {len(text)}"

    return check


_CHECKS: Mapping[str, Callable[[str, Variant], str]] = {
    "listing": _at_most(100),
    "name": _at_most(255),
    "description": _at_most(30_000),
    "brand": _at_most(255),
    "category": _at_most(255),
    "days_to_ship": _whole(0, 60),
    "price": _check_price,
    "buffer": _whole(0, 1_000_000),
}
