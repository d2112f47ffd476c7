"""A shop and books that keep their state in JSON files of the working directory: enough to run routes."""

SOURCE = """
import json
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

from crossdock.contract import Page, Plugin, Probe, Receipt, Settings, hookimpl
from crossdock.errors import Refused, TryLater, Unclear
from crossdock.model import Label, Money, Order, OrderLine, Shipment

def read(name):
    path = Path(name)
    return json.loads(path.read_text()) if path.exists() else {}

def order(id, row, **more):
    price = Money.parse("12.50 SGD")
    line = OrderLine(id="1", sku=row["sku"], quantity=Decimal(2), list_price=price, amount=price * 2)
    parcels = tuple(
        Shipment(id=name, status="arranged", vendor_status="ARRANGED", tracking_number="T" + name)
        for name in row.get("parcels", ())
    )
    return Order(id=id, status=row["status"], vendor_status=row["status"].upper(), currency="SGD",
        total=line.amount, lines=(line,), shipments=parcels, **more)

class Shop:
    @hookimpl
    def pull_orders(self, window, route):
        async def pages():
            if Path("shop-is-down").exists():
                raise TryLater("the shop cannot be reached", connection="shop", verb="pull_orders")
            yield Page([order(id, row) for id, row in read("shop.json").items()], "1")
        return pages()
    @hookimpl
    async def read_orders(self, ids, route):
        return [order(id, row) for id, row in read("shop.json").items() if id in ids]

    @hookimpl
    async def fetch_label(self, order, shipment, route):
        return Label(shipment_id=shipment.id, media_type="application/pdf", content=b"%PDF " + shipment.id.encode())

    @hookimpl
    async def push_stock(self, levels, route): ...

class Books:
    @hookimpl
    def pull_stock(self, window, route): ...
    @hookimpl
    def pull_orders(self, window, route):
        async def pages():
            for page in ():
                yield page
        return pages()
    @hookimpl
    async def read_orders(self, ids, route):
        return [order(id, row, reference=row["of"]) for id, row in read("books.json").items() if id in ids]
    @hookimpl
    async def find_order(self, reference, route):
        found = [(id, row) for id, row in read("books.json").items() if row["of"] == reference]
        return order(*found[0], reference=reference) if found else None
    @hookimpl
    async def push_order(self, order, route):
        if Path("books-are-closed").exists():
            raise TryLater("the books are closed", after=60, connection="books", verb="push_order")
        if Path("books-are-silent").exists():
            raise Unclear("no answer came", connection="books", verb="push_order")
        if order.lines[0].sku not in read("items.json"):
            raise Refused(f"there is no item {order.lines[0].sku}", code="unknown-item")
        books = read("books.json")
        number = f"CO{len(books) + 1}"
        books[number] = {"of": order.id, "sku": order.lines[0].sku, "status": "open"}
        Path("books.json").write_text(json.dumps(books))
        return Receipt(number)

@asynccontextmanager
async def connect(settings, toolbox):
    yield Shop()

@asynccontextmanager
async def connect_books(settings, toolbox):
    yield Books()

shop = Plugin("json_shop", "JSON shop", Settings, ">=1,<2", connect=connect, connection=Shop)
plugin = books = Plugin("json_books", "JSON books", Settings, ">=1,<2", connect=connect_books, connection=Books)
"""

CONFIG = """
[connections.shop]
plugin = "json_shop"
[connections.books]
plugin = "json_books"
[routes.main]
channel = "shop"
backend = "books"
[routes.main.orders]
first_look = "1d"
"""
