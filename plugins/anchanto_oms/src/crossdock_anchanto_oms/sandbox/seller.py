"""Everything that one seller's account holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import count

from crossdock.sandbox import VirtualClock, World
from crossdock_anchanto_oms.sandbox.changes import ChangeLog
from crossdock_anchanto_oms.sandbox.outbox import Outbox
from crossdock_anchanto_oms.sandbox.pace import Pace
from crossdock_anchanto_oms.sandbox.records import (
    Carrier,
    Feed,
    Listing,
    Order,
    Price,
    Product,
    Return,
    StockLevel,
    Store,
    Warehouse,
)
from crossdock_anchanto_oms.sandbox.refusal import Refusal, unknown
from crossdock_anchanto_oms.sandbox.settings import FOREIGN_STORE_CODE, Settings

SKUS_IN_15_MINUTES = 1000


@dataclass
class Oddities:
    """How this deployment differs from a well-behaved one.

    Attributes:
        refusals_as_200: refusals are answered with HTTP 200 and an ``error`` in the body.
        failing_writes: so many of the next writes are not done and answered 200 with ``temporarily_unavailable``.
        label_link_seconds: labels are answered as a link that ends after so long; 0 for their bytes.
        lists_end_in_404: every page that has rows names a next one, and the one after the last is answered 404.
    """

    refusals_as_200: bool = False
    failing_writes: int = 0
    label_link_seconds: int = 0
    lists_end_in_404: bool = False


class Shop:
    """What belongs to one store: its orders, returns, offers, prices, listings and listing feeds."""

    def __init__(self, store: Store, clock: VirtualClock) -> None:
        self.store = store
        self.orders: ChangeLog[Order] = ChangeLog(clock)
        self.order_by_reference: dict[str, Order] = {}
        self.returns: ChangeLog[Return] = ChangeLog(clock)
        self.return_by_reference: dict[str, Return] = {}
        self.offers: ChangeLog[str] = ChangeLog(clock)
        self.prices: ChangeLog[Price] = ChangeLog(clock)
        self.listings: ChangeLog[Listing] = ChangeLog(clock)
        self.pace = Pace(SKUS_IN_15_MINUTES, 15 * 60)
        self.feeds: dict[str, Feed] = {}
        self.feed_by_reference: dict[str, Feed] = {}


class Seller:
    """One account: its stores, goods, orders, and what it tells the outside."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.world = world
        self.settings = settings
        self.outbox = Outbox(world)
        self.oddities = Oddities()
        self.warehouses: dict[str, Warehouse] = {}
        self.carriers: dict[str, Carrier] = {}
        self.shops: dict[str, Shop] = {}
        self.products: ChangeLog[Product] = ChangeLog(world.clock)
        self.stock: ChangeLog[StockLevel] = ChangeLog(world.clock)
        self.counted: Counter[tuple[str, str]] = Counter()
        """Pieces of an ISKU in a warehouse that were counted in and out; orders and returns move the others."""
        self.stock_references: set[str] = set()
        self.kits_with: dict[str, list[str]] = {}
        self.waiting: dict[str, Order] = {}
        self.bookings: list[tuple[float, Order]] = []
        self.feeds: list[Feed] = []
        self.affected: dict[str, dict[str, None]] = {}
        self.numbers = count(1)
        self.label_links: dict[str, tuple[bytes, int]] = {}
        """Name of a link to a label and when it ends (Unix seconds)."""

    def now(self) -> int:
        """The time in this account, whole seconds."""
        return self.world.clock.timestamp()

    def add_store(self, store: Store) -> None:
        """Connect a store; it offers everything that its warehouses hold."""
        shop = self.shops[store.store_code] = Shop(store, self.world.clock)
        for product in self.products.values():
            if product.type != "group":
                shop.offers.put(product.csku, product.csku)

    def shop(self, store_code: str) -> Shop:
        """The store's orders.

        Raises:
            Refusal: there is no such store, or it is another seller's.
        """
        if store_code == FOREIGN_STORE_CODE:
            raise Refusal(403, "store_not_allowed", f"store {store_code!r} belongs to another seller")
        if store_code not in self.shops:
            raise unknown("store", store_code)
        return self.shops[store_code]

    def order(self, store_code: str, order_id: str) -> Order:
        """An order of a store, or a refusal."""
        found = self.shop(store_code).orders.get(order_id)
        if found is None:
            raise unknown("order", order_id)
        return found

    def touch(self, order: Order) -> None:
        """Note that `order` has changed."""
        self.shops[order.store_code].orders.touch(order.order_id)

    def tell(self, event: str, order: Order) -> None:
        """Send an event about `order`, unless it is history."""
        if order.sent.historical:
            return
        subject = {
            "order_id": order.order_id,
            "channel_reference": order.sent.channel_reference,
            "state": order.state,
            "previous_state": order.previous_state,
            "version": self.shops[order.store_code].orders.version(order.order_id),
        }
        self.outbox.emit(event, order.store_code, subject)

    def flush_stock_events(self) -> None:
        """Tell about stock that changed since the last time, coalesced, at most 100 SKUs an event."""
        affected, self.affected = self.affected, {}
        for store_code, skus in affected.items():
            names = list(skus)
            for start in range(0, len(names), 100):
                self.outbox.emit("stock_change", store_code, {"skus": names[start : start + 100]})
