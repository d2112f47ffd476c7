"""All that a running sandbox remembers."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from crossdock.sandbox import World
from crossdock_shopee.sandbox.accounts import Accounts
from crossdock_shopee.sandbox.agenda import Agenda
from crossdock_shopee.sandbox.global_products.record import GlobalItem, PublishTask
from crossdock_shopee.sandbox.listings import Bygones
from crossdock_shopee.sandbox.orders.record import Order
from crossdock_shopee.sandbox.orders.store import OrderStore
from crossdock_shopee.sandbox.products.catalogue import Catalogue
from crossdock_shopee.sandbox.products.samples import SAMPLE_IMAGE_ID
from crossdock_shopee.sandbox.products.taxonomy import Taxonomy
from crossdock_shopee.sandbox.pushes.outbox import Outbox, PushSettings
from crossdock_shopee.sandbox.regions import Region
from crossdock_shopee.sandbox.returns.record import Return
from crossdock_shopee.sandbox.settings import PARTNER_KEY, Settings

_SN_LETTERS = "0123456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass
class Merchant:
    """A cross-border company; its region says whether its shops are KRSC (KR) or CNSC (CN, HK)."""

    id: int
    name: str
    region: Region
    shop_ids: tuple[int, ...]
    items: dict[int, GlobalItem] = field(default_factory=dict)
    tasks: dict[int, PublishTask] = field(default_factory=dict)


@dataclass
class Shop:
    """One shop.

    Attributes:
        catalogue: what it sells.
        bygones: what buyers ordered although it is not listed.
        merchant_id: None for a local one.
        synced_price: prices of a cross-border shop follow the global ones.
    """

    id: int
    name: str
    region: Region
    catalogue: Catalogue
    bygones: Bygones
    merchant_id: int | None = None
    synced_price: bool = False
    status: str = "NORMAL"
    orders: OrderStore = field(default_factory=OrderStore)


class Numbers:
    """Numbers and serials of the kinds that Shopee gives, from one seeded source."""

    def __init__(self, chance: random.Random) -> None:
        self._random = chance
        self._last = 242_672_551_000_000
        self._last_item = 2_500_000_000

    def order_sn(self, day: str) -> str:
        """Fourteen characters: the local day and eight of chance."""
        return day + "".join(self._random.choices(_SN_LETTERS, k=8))

    def serial(self) -> int:
        """A number with fifteen digits that was not given before."""
        self._last += self._random.randint(1, 97)
        return self._last

    def item_id(self) -> int:
        """An item's id."""
        self._last_item += self._random.randint(1, 97)
        return self._last_item

    def model_id(self) -> int:
        """A variation's id."""
        return 10_000_000_000 + self.item_id()

    def below(self, limit: int) -> int:
        """Any number from 0 to `limit` - 1."""
        return self._random.randrange(limit)


class State:
    """The sandbox's memory.

    Attributes:
        world: clock, chance, oracle, faults.
        settings: the options.
        accounts: codes, tokens, authorizations.
        agenda: what will happen by itself.
        numbers: source of ids.
        returns: of all shops, by number.
        taxonomy: categories, attributes and brands.
        images: ids of those that were uploaded.
        outbox: push messages.
    """

    def __init__(self, world: World, settings: Settings, shops: Iterable[Shop], merchants: Iterable[Merchant]) -> None:
        self.world = world
        self.settings = settings
        self.shops = {shop.id: shop for shop in shops}
        self.merchants = {merchant.id: merchant for merchant in merchants}
        self.accounts = Accounts(world.clock, world.random)
        self.agenda = Agenda(world.clock)
        self.numbers = Numbers(world.random)
        self.returns: dict[str, Return] = {}
        self.taxonomy = Taxonomy()
        self.images = {SAMPLE_IMAGE_ID}
        self.outbox = Outbox(world, self.agenda, PushSettings(key=PARTNER_KEY))

    def shop_of(self, order: Order) -> Shop:
        """The shop in which the order was placed."""
        return self.shops[order.shop_id]

    def find_order(self, order_sn: str) -> Order | None:
        """The order with this number, in whichever shop."""
        found = (shop.orders.get(order_sn) for shop in self.shops.values())
        return next((order for order in found if order is not None), None)
