"""What the simulated market knows, and its rules: no HTTP here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crossdock.sandbox import World

Body = dict[str, Any]

ARTICLES = {"40020-000": ("Linen T-shirt", 2400), "10003": ("Coffee mug", 1250)}
"""SKU to title and price in the smallest unit."""


class Refusal(Exception):
    """The market says no; `code` is its word for why."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Market:
    """Orders of one seller, and what buyers are shown.

    Args:
        world: its clock, and the oracle that remembers what was accepted.
        currency: of all money.
        told: is called with every order that changed.
    """

    def __init__(self, world: World, currency: str, told: Callable[[str, Body], None]) -> None:
        self.world = world
        self.currency = currency
        self.orders: dict[str, Body] = {}
        self.on_hand = dict.fromkeys(ARTICLES, 0)
        self._told = told

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return int(self.world.clock.seconds() * 1000)

    def place(self, pieces: Sequence[str], parcels: int, delivery: int) -> Body:
        """A buyer orders these pieces, which the market spreads over so many parcels."""
        number = f"AC-{1000 + len(self.orders)}"
        goods = [
            {
                "id": f"{number}-{index + 1}",
                "sku": sku,
                "title": ARTICLES.get(sku, (sku, 0))[0],
                "price_minor": ARTICLES.get(sku, (sku, 1000))[1],
                "parcel": f"{number}-P{index % parcels + 1}",
            }
            for index, sku in enumerate(pieces)
        ]
        self.orders[number] = {
            "id": number,
            "state": "NEW",
            "currency": self.currency,
            "pieces": goods,
            "parcels": [{"id": f"{number}-P{index + 1}", "state": "OPEN"} for index in range(parcels)],
            "delivery_minor": delivery,
            "paid_minor": sum(int(str(piece["price_minor"])) for piece in goods) + delivery,
            "recipient": "Ada Tan",
            "street": "1 Cross Street, Singapore",
            "created_ms": self.now(),
            "updated_ms": self.now(),
        }
        return self._changed(number, "order.created")

    def find(self, number: str) -> Body:
        """The order of this number.

        Raises:
            Refusal: there is none.
        """
        if number not in self.orders:
            raise Refusal(404, "unknown_order", f"there is no order {number}")
        return self.orders[number]

    def between(self, first: int, last: int | None) -> list[Body]:
        """Orders by the moment of their last change, both ends included."""
        found = [o for o in self.orders.values() if first <= o["updated_ms"] and (not last or o["updated_ms"] <= last)]
        return sorted(found, key=lambda order: (order["updated_ms"], order["id"]))

    def pack(self, parcel: str) -> Body:
        """The seller packs a parcel, and the carrier is told.

        Raises:
            Refusal: it is packed already, or its order is not new.
        """
        order = self.find(parcel.rpartition("-P")[0])
        found = next((one for one in order["parcels"] if one["id"] == parcel), None)
        if found is None:
            raise Refusal(404, "unknown_parcel", f"there is no parcel {parcel}")
        if found["state"] != "OPEN":
            raise Refusal(409, "already_packed", f"parcel {parcel} is {found['state']}")
        if order["state"] != "NEW":
            raise Refusal(409, "wrong_state", f"order {order['id']} is {order['state']}, not NEW")
        found.update(state="PACKED", carrier="Acme Express", tracking=f"AX{self.world.random.randrange(10**8):08}")
        self.world.oracle.record("pack", order["id"], parcel=parcel)
        if all(one["state"] == "PACKED" for one in order["parcels"]):
            order["state"] = "PACKED"
        return self._changed(order["id"], "order.updated")

    def cancel(self, number: str, reason: str, pieces: Sequence[Body] = ()) -> Body:
        """Cancel an order, or some pieces of it.

        Raises:
            Refusal: it is cancelled, or has left.
        """
        order = self.find(number)
        if order["state"] == "CANCELLED":
            raise Refusal(409, "already_cancelled", f"order {number} is cancelled")
        if order["state"] != "NEW":
            raise Refusal(409, "wrong_state", f"order {number} is {order['state']}, not NEW")
        for wish in pieces:
            self._cancel_pieces(order, str(wish["line"]), int(wish["count"]))
        if not pieces or all(piece.get("cancelled") for piece in order["pieces"]):
            order["state"] = "CANCELLED"
            for parcel in order["parcels"]:
                parcel["state"] = "CANCELLED"
        self.world.oracle.record("cancel", number, reason=reason)
        return self._changed(number, "order.updated")

    def move(self, number: str, state: str) -> Body:
        """The carrier moves what is packed."""
        order = self.find(number)
        order["state"] = state
        for parcel in order["parcels"]:
            parcel["state"] = state
        return self._changed(number, "order.updated")

    def set_on_hand(self, sku: str, count: int) -> str | None:
        """Show buyers a level; returns why not, or None."""
        if sku not in self.on_hand:
            return "unknown_sku"
        if count < 0:
            return "negative"
        if self.on_hand[sku] != count:
            self.on_hand[sku] = count
            self.world.oracle.record("inventory", sku, on_hand=count)
        return None

    def _cancel_pieces(self, order: Body, line: str, count: int) -> None:
        first = next((piece for piece in order["pieces"] if piece["id"] == line), None)
        alike = [
            piece for piece in order["pieces"] if first and piece["sku"] == first["sku"] and not piece.get("cancelled")
        ]
        if len(alike) < count:
            raise Refusal(409, "too_many", f"{len(alike)} pieces of {line} can be cancelled, not {count}")
        for piece in alike[:count]:
            piece["cancelled"] = True

    def _changed(self, number: str, topic: str) -> Body:
        self.orders[number]["updated_ms"] = self.now()
        self._told(topic, self.orders[number])
        return self.orders[number]
