"""The limit with everything: validation of the needed fields, mapping, and state that survives kill -9.

Hand-written for this one job: a page's orders are committed as pending before the first of them is sent, and are
marked as done in groups of 50; what is found pending at the start is looked up before anything is sent again.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from pydantic import BaseModel, TypeAdapter

from benchmarks.clients import CLIENTS, Client
from benchmarks.job import DETAIL_PATH, Job, signed
from benchmarks.limit import bodies
from benchmarks.meter import Meter

_GROUP = 50
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Item(BaseModel):
    """What is needed of an item."""

    model_sku: str
    item_name: str
    model_quantity_purchased: int
    model_original_price: Decimal
    model_discounted_price: Decimal


class Address(BaseModel):
    """What is needed of an address."""

    name: str
    phone: str
    full_address: str
    city: str
    zipcode: str
    region: str


class Order(BaseModel):
    """What is needed of an order."""

    order_sn: str
    order_status: str
    currency: str
    total_amount: Decimal
    estimated_shipping_fee: Decimal
    shipping_carrier: str
    payment_method: str
    create_time: int
    update_time: int
    recipient_address: Address
    item_list: list[Item]


class _Raw(msgspec.Struct):
    order_list: list[msgspec.Raw]


class _Page(msgspec.Struct):
    response: _Raw


_page = msgspec.json.Decoder(_Page).decode
_order = TypeAdapter(Order).validate_json


class State:
    """Which orders are pending and which are done, in SQLite."""

    def __init__(self, folder: str) -> None:
        self._database = sqlite3.connect(Path(folder) / "state.db", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS orders (number TEXT PRIMARY KEY, document TEXT) WITHOUT ROWID"
        )
        self._done: list[tuple[str, str]] = []
        self.commits = 0

    def pending(self) -> list[str]:
        """Numbers of which nobody knows whether they were sent."""
        return [row[0] for row in self._database.execute("SELECT number FROM orders WHERE document IS NULL")]

    def begin(self, numbers: list[str]) -> set[str]:
        """Commit these as pending; answer those that are new."""
        marks = ",".join("?" * len(numbers))
        found = self._database.execute(f"SELECT number FROM orders WHERE number IN ({marks})", numbers)
        new = set(numbers).difference(row[0] for row in found)
        if new:
            self._write("INSERT INTO orders (number) VALUES (?)", [(number,) for number in numbers if number in new])
        return new

    def done(self, number: str, document: str) -> None:
        """Mark as done, with others."""
        self._done.append((document, number))
        if len(self._done) >= _GROUP:
            self.flush()

    def flush(self) -> None:
        """Commit what is done."""
        if self._done:
            self._write("UPDATE orders SET document = ? WHERE number = ?", self._done)
            self._done = []

    def close(self) -> None:
        """Commit and close."""
        self.flush()
        self._database.close()

    def _write(self, statement: str, rows: Sequence[tuple[str, ...]]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany(statement, rows)
        self._database.execute("COMMIT")
        self.commits += 1


async def run(job: Job, meter: Meter) -> dict[str, float]:
    """Do the job."""
    state = State(job.folder)
    orders: asyncio.Queue[Order | None] = asyncio.Queue(200)
    async with CLIENTS[job.client](job.marketplace) as marketplace, CLIENTS[job.client](job.backend) as backend:
        meter.start()
        workers = [asyncio.create_task(_work(orders, backend, state)) for _ in range(job.in_flight)]
        for order in await _lost(marketplace, backend, state):
            await orders.put(order)
        async for text in bodies(marketplace):
            page = [_order(bytes(raw)) for raw in _page(text).response.order_list]
            new = state.begin([order.order_sn for order in page])
            for order in page:
                if order.order_sn in new:
                    await orders.put(order)
        for _ in workers:
            await orders.put(None)
        await asyncio.gather(*workers)
    state.close()
    return meter.figures(job.orders) | {"commits_per_order": round(state.commits / job.orders, 3)}


async def _work(orders: asyncio.Queue[Order | None], backend: Client, state: State) -> None:
    while (order := await orders.get()) is not None:
        _, answer = await backend.call("POST", "/documents", _encode(document(order)))
        state.done(order.order_sn, msgspec.json.decode(answer)["id"])


async def _lost(marketplace: Client, backend: Client, state: State) -> list[Order]:
    """Look up what was pending when the program ended, and read again what was never made."""
    missing = []
    for number in state.pending():
        status, answer = await backend.call("GET", f"/documents?reference={number}")
        if status == 200:
            state.done(number, msgspec.json.decode(answer)["id"])
        else:
            missing.append(number)
    found = []
    for number in missing:
        _, text = await marketplace.call("GET", f"{signed(DETAIL_PATH, 0)}&order_sn_list={number}")
        found += [_order(bytes(raw)) for raw in _page(text).response.order_list]
    return found


def document(order: Order) -> dict[str, Any]:
    """The backend's document for an order."""
    address = order.recipient_address
    return {
        "reference": order.order_sn,
        "status": "Open",
        "currency": order.currency,
        "store": "S0013",
        "name": address.name,
        "phone": address.phone,
        "address": address.full_address,
        "city": address.city,
        "post_code": address.zipcode,
        "country": address.region,
        "shipping": order.shipping_carrier,
        "shipping_fee": order.estimated_shipping_fee,
        "payment": order.payment_method,
        "total": order.total_amount,
        "ordered_at": order.create_time,
        "lines": [_line(number, item) for number, item in enumerate(order.item_list, 1)],
    }


def _line(number: int, item: Item) -> dict[str, Any]:
    sku, _, variant = item.model_sku.partition("-")
    quantity, price, paid = item.model_quantity_purchased, item.model_original_price, item.model_discounted_price
    return {
        "line": number,
        "item": sku,
        "variant": variant,
        "description": item.item_name,
        "quantity": quantity,
        "price": price,
        "net_price": paid,
        "discount": (price - paid) * quantity,
        "amount": paid * quantity,
    }
