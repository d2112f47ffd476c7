"""A channel and a backend in memory, with an oracle of what was done and trouble on demand.

Trouble is a list for a (verb, key): each call takes the next entry. An exception is raised before anything is done;
`Lost` does it and then loses the answer; `Late` loses the answer and does it only later, by the clock; `Silent` answers
None. A world also has crash points: `world.crash_at = n` ends the process, as far as anybody can tell, at the n-th.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from cryptography.fernet import Fernet, MultiFernet

from crossdock.clock import FakeClock
from crossdock.contract import Page, Receipt, Route, Side, hookimpl, scope, verbs_of
from crossdock.errors import Unclear
from crossdock.flows.options import OrdersOptions
from crossdock.flows.orders.lane import OrdersLane
from crossdock.ledger import Database, Ledger
from crossdock.model import Label, Money, Order, OrderLine, OrderStatus, Shipment, ShipmentStatus

T0 = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = MultiFernet([Fernet(Fernet.generate_key())])


class Killed(BaseException):
    """The process died here: nothing after it runs, nothing is cleaned up, nothing more is written."""


@dataclass
class Lost:
    """It is done, and the answer never arrives."""


@dataclass
class Late:
    """No answer; it is done after so many seconds."""

    seconds: float


@dataclass
class Silent:
    """Nothing is done, and None is the answer."""


@dataclass
class World:
    """What both sides share: the clock, the oracle, the trouble and the crash points."""

    clock: FakeClock = field(default_factory=FakeClock)
    trouble: dict[tuple[str, str], list[object]] = field(default_factory=dict)
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    log: list[tuple[str, str]] = field(default_factory=list)
    crash_at: int | None = None
    points: int = 0
    under_way: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0
    overlapped: set[str] = field(default_factory=set)
    late: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)

    async def point(self) -> None:
        """Let the others run; die here if it is time."""
        await asyncio.sleep(0)
        self.points += 1
        if self.crash_at is not None and self.points >= self.crash_at:
            raise Killed

    async def act(self, verb: str, key: str, effect: Callable[[], Receipt]) -> Receipt | None:
        """Do something to a side, with whatever trouble waits for it."""
        self.calls[verb, key] += 1
        self.log.append((verb, key))
        self.under_way[key] += 1
        self.most_at_once = max(self.most_at_once, sum(self.under_way.values()))
        if self.under_way[key] > 1:
            self.overlapped.add(key)
        try:
            await self.point()
            return await self._with_trouble(verb, key, effect)
        finally:
            self.under_way[key] -= 1

    async def _with_trouble(self, verb: str, key: str, effect: Callable[[], Receipt]) -> Receipt | None:
        waiting = self.trouble.get((verb, key)) or [None]
        trouble = waiting.pop(0)
        if isinstance(trouble, BaseException):
            raise trouble
        if isinstance(trouble, Silent):
            return None
        if isinstance(trouble, Late):
            due = self.clock.now() + timedelta(seconds=trouble.seconds)
            self.late.append((due, lambda: self.carry_out(verb, key, effect)))
            raise Unclear("no answer")
        receipt = self.carry_out(verb, key, effect)
        await self.point()
        if isinstance(trouble, Lost):
            raise Unclear("no answer")
        return receipt

    def carry_out(self, verb: str, key: str, effect: Callable[[], Receipt]) -> Receipt:
        self.done[verb, key] += 1
        return effect()

    async def look(self, verb: str, key: str = "") -> None:
        """Read something: requests that were late are carried out by now."""
        self.calls[verb, key] += 1
        for due, effect in [item for item in self.late if item[0] <= self.clock.now()]:
            self.late.remove((due, effect))
            effect()
        await self.point()
        for trouble in self.trouble.get((verb, key), [])[:1]:
            self.trouble[verb, key].pop(0)
            if isinstance(trouble, BaseException):
                raise trouble


def order(number: str = "24", status: str = "open", **more: object) -> Order:
    """A channel's order of two shirts for 20 dollars, with one parcel."""
    price = Money.parse("10.00 SGD")
    line = OrderLine(id="1", sku="TEE", quantity=Decimal(2), list_price=price, amount=price * 2)
    parcel = Shipment(id=f"P{number}", status=ShipmentStatus.READY, vendor_status="READY")
    values = {"id": number, "status": status, "vendor_status": status.upper(), "currency": "SGD", "lines": (line,)}
    return Order.model_validate(values | {"shipments": (parcel,), "updated_at": T0} | more)


class Shelf:
    """Things with a number, the order in which they changed, and how they are shown."""

    def __init__(self, world: World, page: int = 50) -> None:
        self.world = world
        self.page = page
        self.now: dict[str, object] = {}
        self.changes: list[str] = []

    def put(self, *items: object) -> None:
        """Show these from now on; an item is an `Order` or an `Unreadable`."""
        for item in items:
            self.now[item.id] = item
            self.changes.append(item.id)

    def change(self, number: str, **change: object) -> None:
        self.put(self.now[number].model_copy(update=change))

    async def pages(self, window):
        first = int(window.cursor or 0)
        while first < len(self.changes):
            await self.world.look("pull_orders")
            numbers = list(dict.fromkeys(self.changes[first : first + self.page]))
            first = min(first + self.page, len(self.changes))
            yield Page([self.now[number] for number in numbers if number in self.now], str(first))


class Channel(Shelf):
    """A marketplace."""

    @hookimpl
    async def pull_orders(self, window):
        async for page in self.pages(window):
            yield page

    @hookimpl
    async def read_orders(self, ids):
        await self.world.look("read_orders")
        assert len(ids) <= 200
        return [self.now[number] for number in ids if number in self.now]

    @hookimpl
    async def arrange_shipment(self, arrange):
        def effect():
            order = self.now[arrange.order.id]
            arranged = {"status": ShipmentStatus.ARRANGED, "vendor_status": "ARRANGED"}
            parcels = tuple(
                p.model_copy(update=arranged) if p.id == arrange.shipment_id else p for p in order.shipments
            )
            ready = all(parcel.is_arranged for parcel in parcels)
            status = {"status": OrderStatus.ARRANGED, "vendor_status": "PROCESSED"} if ready else {}
            self.change(order.id, shipments=parcels, **status)
            return Receipt()

        return await self.world.act("arrange_shipment", arrange.order.id, effect)

    @hookimpl
    async def cancel_order(self, cancel):
        return await self.world.act("cancel_on_channel", cancel.order.id, lambda: self._cancelled(cancel.order.id))

    @hookimpl
    async def answer_cancellation(self, order, accept):
        return await self.world.act("answer_cancellation", order.id, lambda: self._cancelled(order.id, accept))

    @hookimpl
    async def fetch_label(self, order, shipment):
        receipt = await self.world.act("fetch_label", order.id, Receipt)
        return receipt and Label(
            shipment_id=shipment.id, media_type="application/pdf", content=b"%PDF " + order.id.encode()
        )

    def _cancelled(self, number: str, really: bool = True) -> Receipt:
        status = OrderStatus.CANCELLED if really else OrderStatus.OPEN
        self.change(number, status=status, vendor_status=status.upper())
        return Receipt()

    def person_ships(self, number: str, tracking: str) -> None:
        """The carrier issues a tracking number."""
        parcels = tuple(p.model_copy(update={"tracking_number": tracking}) for p in self.now[number].shipments)
        self.change(number, shipments=parcels)


class Backend(Shelf):
    """An ERP: documents by their number, found by their reference."""

    def document(self, reference: str) -> Order | None:
        return next((item for item in self.now.values() if item.reference == reference), None)

    @hookimpl
    async def push_order(self, order):
        def effect():
            number = f"CO{sum(verb == 'push_order' for verb, _ in self.world.done.elements())}"
            made = {"id": number, "reference": order.id, "status": OrderStatus.OPEN, "vendor_status": "Open"}
            lines = tuple(line.model_copy(update={"cancelled_quantity": 0}) for line in order.lines)
            self.put(order.model_copy(update=made | {"shipments": (), "lines": lines}))
            return Receipt(number)

        return await self.world.act("push_order", order.id, effect)

    @hookimpl
    async def pull_orders(self, window):
        async for page in self.pages(window):
            yield page

    @hookimpl
    async def read_orders(self, ids):
        await self.world.look("read_documents")
        return [self.now[number] for number in ids if number in self.now]

    @hookimpl
    async def post_order(self, order):
        return await self.world.act("post_order", order.reference, lambda: self.person_posts(order.reference))

    @hookimpl
    async def cancel_order(self, cancel):
        def effect():
            if not cancel.quantities:  # what is cancelled of a line does not show here
                self.change(cancel.order.id, status=OrderStatus.CANCELLED, vendor_status="Cancelled")
            return Receipt()

        return await self.world.act("cancel_document", cancel.order.reference, effect)

    @hookimpl
    async def push_tracking(self, tracking):
        def effect():
            number = {"tracking_number": tracking.parcel.tracking_number}
            posted = tuple(
                s.model_copy(update=number) if s.id == tracking.shipment_id else s
                for s in self.now[tracking.order.id].shipments
            )
            self.change(tracking.order.id, shipments=posted)
            return Receipt()

        return await self.world.act("push_tracking", tracking.order.reference, effect)

    def person_posts(self, reference: str) -> Receipt:
        """Somebody posts the document: ship and invoice."""
        document = self.document(reference)
        shipped = Shipment(id=f"S{document.id}", status=ShipmentStatus.SHIPPED, vendor_status="Posted")
        self.change(document.id, status=OrderStatus.SHIPPED, vendor_status="Posted", shipments=(shipped,))
        return Receipt(shipped.id)


class FindingBackend(Backend):
    """An ERP that can be asked for a reference."""

    @hookimpl
    async def find_order(self, reference):
        await self.world.look("find_order", reference)
        return self.document(reference)


class MortalDatabase:
    """A database of a process that may die: before a commit, or right after one. What was committed survives it."""

    def __init__(self, survives: Database, world: World) -> None:
        self.survives = survives
        self.world = world
        self.is_dead = False

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def read(self, work, *args):
        return await self.survives.read(work, *args)

    async def write(self, work, *args):
        await self._live_on()
        result = await self.survives.write(work, *args)
        await self._live_on()
        return result

    async def write_as(self, _lane, work, *args):
        return await self.write(work, *args)

    async def write_new(self, _lane, look, work):
        found = await self.survives.read(look)
        return None if found is None else await self.write(work, found)

    async def _live_on(self) -> None:
        try:
            if not self.is_dead:
                await self.world.point()
        except Killed:
            self.is_dead = True
        if self.is_dead:
            raise Killed


class Desk:
    """One route between a channel and a backend, its ledger, and the lane that works on it."""

    def __init__(self, ledger: Ledger, world: World, backend: Backend | None = None, **options: object) -> None:
        self.world = world
        self.ledger = ledger
        self.clock = world.clock
        self.channel = Channel(world)
        self.backend = backend or FindingBackend(world)
        self.extensions: dict[str, object] = {}
        self.options = OrdersOptions.model_validate(options)
        self.refuses_duplicates = False
        self.labels: dict[str, bytes] = {}
        self._parts: tuple[object, ...] = ()

    def route(self) -> Route:
        """The route as it is now; made once, since joining scopes takes longer than a run."""
        parts = (self.channel, self.backend, *self.extensions, self.refuses_duplicates)
        if self._parts != parts:
            self._parts, self._route = parts, self._joined()
        return self._route

    def _joined(self) -> Route:
        both = {**self.extensions, "shop": self.channel, "central": self.backend}
        channel = Side("shop", scope({"shop": self.channel}), verbs_of(self.channel))
        asked = scope({**self.extensions, "central": self.backend})
        backend = Side("central", asked, verbs_of(self.backend), refuses_duplicates=self.refuses_duplicates)
        return Route("r", channel, backend, scope(both), {"orders": self.options})

    def lane(self, slice_seconds: float | None = None) -> OrdersLane:
        return OrdersLane(self.route(), self.ledger, self.clock, self.keep_label, slice_seconds)

    async def keep_label(self, key: str, label: Label) -> str:
        self.labels[key] = label.content
        return f"{key}.pdf"

    async def run(self, *only: str):
        """One run of a fresh lane."""
        return await self.lane().run(only)

    async def later(self, seconds: float = 600):
        """Some time passes, then the lane runs again."""
        await self.clock.advance(seconds)
        return await self.run()

    async def pair(self, key: str = "24"):
        return (await self.ledger.load("r", [key]))[key]

    async def steps(self, key: str = "24") -> dict[str, str]:
        return {name: record.state.value for name, record in (await self.pair(key)).steps.items()}

    async def parked(self) -> dict[str, str]:
        """Key to cause of what waits for a person."""
        return {item.key: item.cause for item in await self.ledger.parked("r")}
