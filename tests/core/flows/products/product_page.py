"""What is planned for listings, which listing a product is, and which prices are sent, as the page `products.txt`.

After a change that is meant, `python -m tests.core.flows.products.product_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import product as combined
from pathlib import Path
from typing import Any

from crossdock.flows.options import ProductsOptions
from crossdock.flows.products.match import Candidate, Index, candidate, skus_of
from crossdock.flows.products.plan import fingerprint, plan
from crossdock.flows.products.prices import accepted, due_prices, refused
from crossdock.ledger import Listing
from crossdock.model import Money, Product, Variant
from tests import pages

PAGE = Path(__file__).with_name("products.txt")
SGD = {amount: Money(Decimal(amount), "SGD") for amount in ("0", "-1", "0.01", "5", "6")}
WANTED = Product(id="T", sku="TEE", name="Tee", variants=(Variant(id="1", sku="TEE-S", price=SGD["5"]),))
GOODS = {
    "goods": WANTED,
    "blocked goods": WANTED.model_copy(update={"blocked": True}),
    "deleted goods": WANTED.model_copy(update={"blocked": True, "variants": ()}),
}
LISTINGS: dict[str, dict[str, Any]] = {
    "never listed": {},
    "linked": {"listed_id": "77"},
    "linked, and done": {"listed_id": "77", "done": "c"},
    "linked, done, and begun again": {"listed_id": "77", "done": "c", "kind": "update"},
    "linked, and begun": {"listed_id": "77", "kind": "update"},
    "linked, and done before it changed": {"listed_id": "77", "done": "b"},
    "taken off sale": {"listed_id": "77", "done": "c", "off_sale": True},
    "taken off sale before it changed": {"listed_id": "77", "done": "b", "off_sale": True},
}
ROUTES: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "with create, overwrite, zero and delete": {
        "create": True,
        "adopt": "overwrite",
        "blocked": "zero",
        "allow_delete": True,
    },
    "with zero": {"blocked": "zero"},
}


def _plans() -> dict[str, str]:
    found: dict[str, str] = {}
    cases = combined(GOODS.items(), LISTINGS.items(), ROUTES.items(), ("there", "not there"))
    for (goods, wanted), (state, facts), (way, options), where in cases:
        listed = Product(id="77", sku="TEE", name="Tee") if where == "there" else None
        made = plan(Listing("T", fingerprint="c:p", **facts), wanted, listed, ProductsOptions(**options))
        text = f"{made.act}{f' [{made.cause}]' if made.cause else ''}: {made.why}"
        found[text] = "; ".join(filter(None, (found.get(text, ""), f"{goods}, {state}, {where}, {way}")))
    return found


def _prints() -> Iterator[tuple[str, str]]:
    changed = {
        "as it is": {},
        "its name": {"name": "Shirt"},
        "its price": {"variants": (Variant(id="1", sku="TEE-S", price=SGD["6"]),)},
        "its stock": {"variants": (WANTED.variants[0].model_copy(update={"stock": Decimal(3)}),)},
        "no price": {"variants": (Variant(id="1", sku="TEE-S"),)},
        "a second variant": {"variants": (*WANTED.variants, Variant(id="2", sku="TEE-M", price=SGD["6"]))},
        "the backend's word": {"vendor_status": "Active"},
    }
    for name, update in changed.items():
        yield name, fingerprint(WANTED.model_copy(update=update))


def _goods(*skus: str, sku: str = "OWN", **barcodes: str) -> Product:
    variants = tuple(Variant(id=str(n), sku=each, barcode=barcodes.get(each, "")) for n, each in enumerate(skus))
    return Product(id="T", sku=sku, name="Tee", variants=variants)


def _taking_part() -> object:
    found = candidate(_goods("A", "B", A="885").model_copy(update={"id": "9", "blocked": True}))
    return [found.id, sorted(found.skus), sorted(found.barcodes), found.is_on_sale, candidate(WANTED).is_on_sale]


def _match(wanted: Product, *listed: Candidate) -> Callable[[], object]:
    return lambda: Index(listed).match(wanted)


def _carrying(number: str, *skus: str, barcodes: tuple[str, ...] = (), on_sale: bool = True) -> Candidate:
    return Candidate(number, frozenset(skus), frozenset(barcodes), on_sale)


def _prices(before: dict[str, str], *variants: Variant, listed: tuple[Variant, ...] = ()) -> Callable[[], object]:
    wanted = Product(id="T", sku="TEE", name="Tee", variants=variants)
    shown = Product(id="77", sku="TEE", name="Tee", variants=listed)

    def make() -> object:
        found = due_prices(wanted, shown, before)
        return {"send": [str(one) for one in found.send], "wrong": found.wrong}

    return make


def _priced(sku: str, price: str | None, **more: Any) -> Variant:
    return Variant(id=f"v-{sku}", sku=sku, price=None if price is None else SGD[price], **more)


SHOWN = (_priced("A", "5"), _priced("B", "6"), _priced("C", None), _priced("", "6"))
MANY = [f"S{number}" for number in range(7)]
EXAMPLES: dict[str, Callable[[], object]] = {
    "plans": _plans,
    "what changes the print": lambda: dict(_prints()),
    "SKUs": lambda: [sorted(skus_of(_goods(*skus, sku=own))) for skus in ((), ("A", "")) for own in ("OWN", "")],
    "a listing that takes part": _taking_part,
    "no listing": _match(_goods("A")),
    "no listing, and no SKU": _match(_goods(sku="")),
    "no listing of many": _match(_goods(*MANY)),
    "no listing of six": _match(_goods(*MANY[:6])),
    "no listing of five": _match(_goods(*MANY[:5])),
    "its own SKU": _match(_goods(), _carrying("1", "OWN")),
    "all of it": _match(_goods("A", "B"), _carrying("1", "A", "B", "X")),
    "a part of it": _match(_goods("A", "B", "C"), _carrying("1", "A")),
    "most of it wins": _match(_goods("A", "B"), _carrying("1", "A"), _carrying("2", "A", "B")),
    "what is on sale wins": _match(_goods("A"), _carrying("1", "A", on_sale=False), _carrying("2", "A")),
    "the oldest wins": _match(_goods("A"), _carrying("10", "A"), _carrying("9", "A"), _carrying("x", "A")),
    "spread": _match(_goods("A", "B"), _carrying("1", "A"), _carrying("2", "B")),
    "by barcode": _match(_goods("A", "B", A="885", B="886"), _carrying("1", "X", barcodes=("885",))),
    "by SKU before barcode": _match(_goods("A", A="885"), _carrying("1", "X", barcodes=("885",)), _carrying("2", "A")),
    "barcodes that are spread": _match(
        _goods("A", "B", A="885", B="886"), _carrying("1", barcodes=("885",)), _carrying("2", barcodes=("886",))
    ),
    "prices that differ": _prices({}, _priced("A", "6"), _priced("B", "6"), _priced("C", "6"), listed=SHOWN),
    "prices of what is not listed": _prices({}, _priced("D", "6"), _priced("", "5"), listed=SHOWN),
    "prices of what has none, or is blocked": _prices(
        {}, _priced("A", None), _priced("B", "5", blocked=True), _priced("C", "5"), listed=SHOWN
    ),
    "prices of nothing and less": _prices({}, _priced("A", "0"), _priced("B", "-1"), listed=SHOWN),
    "a price in another currency": _prices(
        {}, Variant(id="1", sku="A", price=Money.parse("5.00 MYR")), _priced("C", "5"), listed=SHOWN
    ),
    "a price that was refused": _prices({"A": refused(SGD["6"], "too high")}, _priced("A", "6"), listed=SHOWN),
    "another price than was refused": _prices({"A": refused(SGD["5"], "too high")}, _priced("A", "6"), listed=SHOWN),
    "how prices are remembered": lambda: [accepted(SGD["6"]), refused(SGD["6"], "too high")],
    "the smallest price": _prices({}, _priced("A", "0.01"), listed=SHOWN),
    "a price that was accepted": _prices({"A": accepted(SGD["6"])}, _priced("A", "6"), listed=SHOWN),
}


def page() -> str:
    """All examples."""
    return pages.page(EXAMPLES)


if __name__ == "__main__":
    PAGE.write_text(page())
