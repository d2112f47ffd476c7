"""Which listing carries which SKU, as far as it was read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

import msgspec

from crossdock_shopee.translate.products import GONE, Listed

__all__ = ["Index", "Kept", "Place"]

T = TypeVar("T")

_CLOCKS_APART = 60
"""Seconds that a reading must be younger than a change, for their clock is not ours."""


class Place(NamedTuple):
    """Where an SKU is listed; `model_id` is 0 for an item without variations."""

    item_id: int
    model_id: int
    is_kit: bool


class Kept(msgspec.Struct, array_like=True, gc=False):
    """What is remembered of a listing.

    Attributes:
        sku: of the item as a whole.
        skus: of its variations, or its only one.
        models: their numbers, 0 for an item without variations.
        stocks: what buyers saw of each when it was read; empty where that is no longer known.
        changed_at: when it changed last, by their clock; Unix seconds.
        read_at: Unix seconds.
    """

    item_id: int
    sku: str
    is_kit: bool
    skus: tuple[str, ...]
    models: tuple[int, ...]
    stocks: tuple[int, ...]
    changed_at: int
    read_at: int


def kept(one: Listed, read_at: int) -> Kept:
    """What is remembered of a listing that was just read."""
    product = one.product
    variants = [variant for variant in product.variants if variant.sku]
    return Kept(
        int(product.id),
        product.sku,
        one.is_kit,
        tuple(variant.sku for variant in variants),
        tuple(int(variant.id or 0) for variant in variants),
        tuple(max(int(variant.stock or 0), 0) for variant in variants),
        int(product.updated_at.timestamp()) if product.updated_at else 0,
        read_at,
    )


class Index:
    """Listings by number and by SKU.

    Attributes:
        is_new: something changed since it was kept for the next process.
    """

    def __init__(self) -> None:
        self.is_new = False
        self._kept: dict[int, Kept] = {}
        self._by_sku: dict[str, tuple[Place, ...]] = {}
        self._parents: dict[str, tuple[int, ...]] = {}

    def __iter__(self) -> Iterator[Kept]:
        """All listings; the index may change meanwhile."""
        return iter(list(self._kept.values()))

    def places(self, sku: str) -> tuple[Place, ...]:
        """Where `sku` is listed."""
        return self._by_sku.get(sku, ())

    def is_as_read(self, number: str, changed_at: int) -> bool:
        """Whether a listing that changed last at `changed_at` (Unix seconds) was read surely after that."""
        one = self._kept.get(int(number))
        return one is not None and 0 < changed_at == one.changed_at < one.read_at - _CLOCKS_APART

    def items_with(self, sku: str) -> list[str]:
        """Numbers of the listings that carry `sku` at a variation or as a whole."""
        return sorted({str(place.item_id) for place in self.places(sku)} | set(map(str, self._parents.get(sku, ()))))

    def read(self, found: Listed, at: int) -> None:
        """Take in a listing as it was read at `at` (Unix seconds); one that is gone is forgotten."""
        if found.product.vendor_status in GONE:
            self.forget(int(found.product.id))
        else:
            self.put(kept(found, at))

    def put(self, one: Kept) -> None:
        """Remember a listing, instead of what was known of it."""
        self.forget(one.item_id)
        self.is_new = True
        self._kept[one.item_id] = one
        if one.sku:
            _keep(self._parents, one.sku, (*self._parents.get(one.sku, ()), one.item_id))
        for sku, model in zip(one.skus, one.models, strict=True):
            place = Place(one.item_id, model, one.is_kit)
            _keep(self._by_sku, sku, tuple(sorted({*self._by_sku.get(sku, ()), place})))

    def seen(self, number: str, at: int) -> None:
        """A listing is there that could not be read: what was known of it stays."""
        if number.isdigit() and (one := self._kept.get(int(number))) is not None:
            one.stocks, one.changed_at, one.read_at = (), 0, at

    def changed(self, number: int) -> None:
        """What buyers see of a listing is no longer what was read."""
        if (one := self._kept.get(number)) is not None:
            one.stocks, one.changed_at, self.is_new = (), 0, True

    def forget(self, number: int) -> None:
        """Take a listing out."""
        one = self._kept.pop(number, None)
        if one is None:
            return
        self.is_new = True
        for sku in {one.sku, *one.skus}:
            _keep(self._parents, sku, tuple(item for item in self._parents.get(sku, ()) if item != number))
            _keep(self._by_sku, sku, tuple(place for place in self.places(sku) if place.item_id != number))

    def forget_unread(self, numbers: Iterable[int], since: int) -> None:
        """Of these, take out what was not read since `since` (Unix seconds), though everything was."""
        for number in numbers:
            if (one := self._kept.get(number)) is not None and one.read_at < since:
                self.forget(number)

    def numbers(self) -> list[int]:
        """Of all listings."""
        return list(self._kept)


def _keep(index: dict[str, tuple[T, ...]], sku: str, found: tuple[T, ...]) -> None:
    """An SKU that nothing carries takes no room; the index of a large shop is mostly SKUs at one place."""
    if found:
        index[sku] = found
    else:
        index.pop(sku, None)
