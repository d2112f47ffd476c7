"""The orders of one shop, found by number, by time and by status without looking at all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from crossdock_shopee.sandbox.orders.record import Order, Package

TimeField = Literal["create_time", "update_time"]
_Entry = tuple[int, int, str]


@dataclass(frozen=True)
class Window:
    """A question to the list: which time, from when to when (both included, UTC seconds), which status."""

    field: TimeField
    time_from: int
    time_to: int
    status: str | None
    newest_first: bool


class OrderStore:
    """All orders of one shop, with sorted indexes that every change keeps up to date."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}
        self._numbers: dict[str, int] = {}
        self._packages: dict[str, tuple[Order, Package]] = {}
        self._indexes: dict[tuple[TimeField, str | None], list[_Entry]] = {}
        self._entered: dict[str, tuple[int, str]] = {}

    def __len__(self) -> int:
        return len(self._orders)

    def __iter__(self) -> Iterator[Order]:
        return iter(list(self._orders.values()))

    def add(self, order: Order) -> None:
        """Take in a new order."""
        self._numbers[order.order_sn] = len(self._numbers)
        self._orders[order.order_sn] = order
        self._insert(order)

    def get(self, order_sn: str) -> Order | None:
        """The order with this number."""
        return self._orders.get(order_sn)

    def package(self, number: str) -> tuple[Order, Package] | None:
        """The package with this number and its order."""
        return self._packages.get(number)

    def changed(self, order: Order, at: int) -> None:
        """Note that `order` changed at `at` (UTC seconds); its update time never goes back."""
        self._remove(order)
        order.update_time = max(order.update_time, at)
        order.rendered.clear()
        self._insert(order)

    def page(self, window: Window, offset: int, limit: int) -> tuple[list[Order], bool]:
        """`limit` orders from `offset`, and whether there are more."""
        entries = self._indexes.get((window.field, window.status), [])
        low = bisect_left(entries, (window.time_from, -1, ""))
        high = bisect_right(entries, (window.time_to, len(self._numbers), ""))
        if window.newest_first:
            end = high - offset
            found = entries[max(low, end - limit) : max(low, end)][::-1]
        else:
            found = entries[low + offset : min(high, low + offset + limit)]
        return [self._orders[entry[2]] for entry in found], offset + len(found) < high - low

    def _insert(self, order: Order) -> None:
        for package in order.packages:
            self._packages[package.number] = (order, package)
        self._entered[order.order_sn] = (order.update_time, _filter_word(order))
        for key, entry in self._entries(order):
            insort(self._indexes.setdefault(key, []), entry)

    def _remove(self, order: Order) -> None:
        for key, entry in self._entries(order):
            entries = self._indexes[key]
            del entries[bisect_left(entries, entry)]

    def _entries(self, order: Order) -> list[tuple[tuple[TimeField, str | None], _Entry]]:
        """Where the order stands in the indexes, by what it was when it was entered."""
        update_time, status = self._entered[order.order_sn]
        number = self._numbers[order.order_sn]
        created = (order.create_time, number, order.order_sn)
        updated = (update_time, number, order.order_sn)
        return [
            (("create_time", None), created),
            (("create_time", status), created),
            (("update_time", None), updated),
            (("update_time", status), updated),
        ]


def _filter_word(order: Order) -> str:
    """Under which status the list finds the order: one that waits for an invoice is found by that alone."""
    return "INVOICE_PENDING" if order.invoice_pending else order.status
