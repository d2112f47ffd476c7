"""Which listing of the channel a product of the backend is: by SKU, then by barcode. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crossdock.model import Product


class Found(StrEnum):
    """What became of the search."""

    LINKED = "linked"
    DUPLICATE = "duplicate SKU"
    AMBIGUOUS = "ambiguous"
    MISSING = "missing"
    STRANGER = "only on the channel"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listing that may be meant."""

    id: str
    skus: frozenset[str]
    barcodes: frozenset[str] = frozenset()
    is_on_sale: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """Which listing a product is.

    Attributes:
        key: the backend's number of the product.
        found: what became of the search.
        by: ``SKU`` or ``barcode``; empty when nothing was found.
        listed_id: the winner; empty when there is none.
        losers: other listings that carry the same.
        text: one sentence.
    """

    key: str
    found: Found
    text: str
    by: str = ""
    listed_id: str = ""
    losers: tuple[str, ...] = ()


def candidate(listed: Product) -> Candidate:
    """A listing as it takes part in the search."""
    return Candidate(
        listed.id,
        skus_of(listed),
        frozenset(variant.barcode for variant in listed.variants if variant.barcode),
        not listed.blocked,
    )


def skus_of(product: Product) -> frozenset[str]:
    """All SKUs of a product: its own only where no variant has one, since that is what buyers order."""
    own = frozenset(variant.sku for variant in product.variants if variant.sku)
    return own or frozenset([product.sku] if product.sku else [])


class Index:
    """The listings of a channel by SKU and barcode.

    Args:
        listed: all that the channel lists.
    """

    def __init__(self, listed: Iterable[Candidate] = ()) -> None:
        self._by_sku: defaultdict[str, list[Candidate]] = defaultdict(list)
        self._by_barcode: defaultdict[str, list[Candidate]] = defaultdict(list)
        self.add(listed)

    def add(self, listed: Iterable[Candidate]) -> None:
        """Take further listings in."""
        for one in listed:
            for sku in one.skus:
                self._by_sku[sku].append(one)
            for barcode in one.barcodes:
                self._by_barcode[barcode].append(one)

    def match(self, product: Product) -> Match:
        """The listing that `product` is."""
        skus = skus_of(product)
        barcodes = frozenset(variant.barcode for variant in product.variants if variant.barcode)
        by_sku = {one.id: one for sku in skus for one in self._by_sku.get(sku, ())}
        if by_sku:
            return _decide(product.id, "SKU", skus, {one: one.skus & skus for one in by_sku.values()})
        by_barcode = {one.id: one for code in barcodes for one in self._by_barcode.get(code, ())}
        if by_barcode:
            return _decide(
                product.id, "barcode", barcodes, {one: one.barcodes & barcodes for one in by_barcode.values()}
            )
        return Match(product.id, Found.MISSING, f"no listing carries {_named(skus)}")


def _decide(key: str, by: str, wanted: frozenset[str], carried: dict[Candidate, frozenset[str]]) -> Match:
    """The winner carries most of what is wanted; then what is on sale, then the oldest, which has the lowest number."""
    ranked = sorted(carried, key=lambda one: (-len(carried[one]), not one.is_on_sale, age(one.id)))
    winner, *losers = ranked
    others = tuple(one.id for one in losers)
    spread = frozenset().union(*carried.values())
    if spread - carried[winner]:
        text = f"its {by}s are spread over listings {', '.join([winner.id, *others])}"
        return Match(key, Found.AMBIGUOUS, text, by, losers=(winner.id, *others))
    if losers:
        text = f"{by} {_named(carried[losers[0]])} is listed at {', '.join([winner.id, *others])}: {winner.id} is taken"
        return Match(key, Found.DUPLICATE, text, by, winner.id, others)
    left = wanted - carried[winner]
    text = f"listing {winner.id} by {by}" + (f"; it lacks {_named(left)}" if left else "")
    return Match(key, Found.LINKED, text, by, winner.id)


def age(number: str) -> tuple[int, str]:
    """Orders listings by when they were made, for numbers are given in order."""
    return (int(number), "") if number.isdigit() else (0, number)


def _named(words: Iterable[str]) -> str:
    some: Sequence[str] = sorted(words)
    return ", ".join(some[:5]) + (f" and {len(some) - 5} more" if len(some) > 5 else "") or "nothing"
