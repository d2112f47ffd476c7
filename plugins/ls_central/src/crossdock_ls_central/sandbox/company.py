"""The company: everything that the simulated LS Central knows, and the few ways to find it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from crossdock.sandbox import World
from crossdock_ls_central.sandbox.catalog import Attribute, Item, Location, ShippingAgent, StatusCode, Store, TenderType
from crossdock_ls_central.sandbox.changes import ChangeLog, Snapshot
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder, OrderLine, Shipment, StatusEntry
from crossdock_ls_central.sandbox.settings import Switches

Listener = Callable[[str, str, str], None]


class Company:
    """The data of one company. Codes are compared as Business Central does: without case."""

    def __init__(self, world: World, switches: Switches) -> None:
        self.world = world
        self.switches = switches
        self.changes = ChangeLog()
        self.items: dict[str, Item] = {}
        self.stores: dict[str, Store] = {}
        self.locations: dict[str, Location] = {}
        self.tender_types: dict[str, TenderType] = {}
        self.vat_percent: dict[tuple[str, str], Decimal] = {}
        self.customers: dict[str, str] = {}
        self.currencies: set[str] = set()
        self.units: dict[str, str] = {}
        self.categories: dict[str, str] = {}
        self.vendors: dict[str, str] = {}
        self.attributes: dict[str, Attribute] = {}
        self.snapshots: dict[str, Snapshot] = {}
        self.images: dict[str, bytes] = {}
        self.reserved: dict[tuple[str, str, str], Decimal] = {}
        self.agents: list[ShippingAgent] = []
        self.statuses: dict[str, StatusCode] = {}
        self.orders: dict[str, CustomerOrder] = {}
        self.shipments: dict[str, Shipment] = {}
        self._by_external: dict[str, list[CustomerOrder]] = {}
        self._numbers = {series: count(first) for series, first in _SERIES.items()}
        self._log_numbers = count(1)
        self._listeners: list[Listener] = []
        self._status_listeners: list[Callable[[CustomerOrder, StatusEntry], None]] = []
        self._shipment_listeners: list[Callable[[Shipment], None]] = []

    def next_number(self, series: str) -> str:
        """The next document number of a number series."""
        number = next(self._numbers[series])
        return f"CO{number:06}" if series == "customer order" else str(number)

    def new_id(self) -> str:
        """A SystemId."""
        return str(uuid.UUID(int=self.world.random.getrandbits(128), version=4))

    def now(self) -> datetime:
        """The moment, UTC."""
        return self.world.clock.now()

    def today(self) -> date:
        """The work date, UTC."""
        return self.now().date()

    def item(self, number: str) -> Item | None:
        """The item with that number, if any."""
        return self.items.get(number.strip().upper())

    def put_item(self, item: Item) -> None:
        """Put `item` in the catalogue; each variant gets a SystemId as well."""
        item.system_id = item.system_id or self.new_id()
        for variant in item.variants.values():
            variant.system_id = variant.system_id or self.new_id()
        self.items[item.number] = item

    def touch_item(self, item: Item) -> None:
        """Note that `item` was changed, for those who read or subscribe to items."""
        item.modified_at = self.now()
        item.version += 1
        self._notify("items", item.system_id, "updated" if item.version > 1 else "created")

    def drop_item(self, item: Item) -> None:
        """Take `item` out of the catalogue."""
        del self.items[item.number]
        self._notify("items", item.system_id, "deleted")

    def touch_stock(self, item: Item, variant: str, location: str) -> None:
        """Note that the stock of `item` at `location` was changed, for every store that can sell it."""
        for store in self.stores.values():
            if location in (store.location, *store.sourcing):
                self.changes.touch("LSC Inventory Lookup Table", (item.number, variant, store.number))

    def reserve(self, line: OrderLine, quantity: Decimal) -> None:
        """Hold stock for `quantity` more of `line`, in its unit; a negative quantity frees it."""
        item = self.item(line.item_no)
        if item is None or item.is_service or not self.switches.reservations:
            return
        place = (item.number, line.variant, line.location)
        self.reserved[place] = self.reserved.get(place, Decimal(0)) + quantity * line.units_per
        self.touch_stock(item, line.variant, line.location)

    def touch_order(self, order: CustomerOrder) -> None:
        """Note that `order` was changed."""
        order.modified_at = self.now()
        order.version += 1
        if order.sales_order_no:
            self._notify("salesOrders", order.sales_order_id, "deleted" if order.posted else "updated")

    def listen(self, listener: Listener) -> None:
        """Have `listener` told of every change: entity set, SystemId and change type."""
        self._listeners.append(listener)

    def _notify(self, entity_set: str, system_id: str, change: str) -> None:
        for listener in self._listeners:
            listener(entity_set, system_id, change)

    def add_order(self, order: CustomerOrder) -> None:
        """Write a new order."""
        self.orders[order.document_id] = order
        for line in order.lines:
            self.reserve(line, line.quantity)
        if order.external_id:
            self._by_external.setdefault(order.external_id.upper(), []).append(order)
        if order.sales_order_no:
            self._notify("salesOrders", order.sales_order_id, "created")

    def delete_order(self, order: CustomerOrder) -> None:
        """Remove an order without a trace, as a person with the permission can."""
        del self.orders[order.document_id]
        for line in order.lines if not order.posted else ():
            self.reserve(line, -line.remaining)
        if order.external_id:
            self._by_external[order.external_id.upper()].remove(order)

    def order(self, document_id: str) -> CustomerOrder | None:
        """The order with that document number, open or posted."""
        return self.orders.get(document_id.strip().upper())

    def open_order(self, document_id: str) -> CustomerOrder | None:
        """The open order with that document number."""
        found = self.order(document_id)
        return None if found is None or found.posted else found

    def by_external_id(self, external_id: str) -> list[CustomerOrder]:
        """Orders with that External ID, open and posted, oldest first."""
        return self._by_external.get(external_id.strip().upper(), [])

    def orders_where(self, *, posted: bool) -> Iterable[CustomerOrder]:
        """All open, or all posted, orders."""
        return (order for order in self.orders.values() if order.posted is posted)

    def orders_of(self, document_ids: Iterable[str], *, posted: bool) -> Iterable[CustomerOrder]:
        """Those open, or those posted, of the orders with these document numbers."""
        found = (self.order(document_id) for document_id in document_ids)
        return (order for order in found if order is not None and order.posted is posted)

    def log_status(self, order: CustomerOrder, line_no: int, code: str) -> None:
        """Give the order (line 0) or a line a status, and remember when."""
        line = order.line(line_no)
        if line is None:
            order.status = code
        else:
            line.status = code
        self.touch_order(order)
        entry = StatusEntry(next(self._log_numbers), line_no, code, order.modified_at)
        order.log.append(entry)
        for listener in self._status_listeners:
            listener(order, entry)

    def add_shipment(self, shipment: Shipment) -> None:
        """Write a posted shipment."""
        shipment.order.shipments.append(shipment)
        self.shipments[shipment.number] = shipment
        for listener in self._shipment_listeners:
            listener(shipment)

    def on_status(self, listener: Callable[[CustomerOrder, StatusEntry], None]) -> None:
        """Have `listener` told of every status that an order or line gets."""
        self._status_listeners.append(listener)

    def on_shipment(self, listener: Callable[[Shipment], None]) -> None:
        """Have `listener` told of every posted shipment."""
        self._shipment_listeners.append(listener)


_SERIES = {"customer order": 1, "sales order": 101001, "shipment": 102001, "invoice": 103001}
