"""What is asked all the time costs as much in a ledger of many orders as in one of few.

Counted in the steps of SQLite's machine, so that nothing here depends on how fast anything is.
"""

import asyncio

import pytest
from sqlalchemy import insert

from crossdock.clock import FakeClock
from crossdock.ledger import Database, Levels, Listings, Parking, Turn, acts, messages, pairs, purge, sold, standing
from crossdock.ledger import items as parked_items
from crossdock.ledger.messages import Mark, Message
from crossdock.ledger.schema import levels, listings, metadata, snapshots, steps, timeline
from crossdock.ledger.schema import messages as kept
from crossdock.ledger.schema import pairs as orders
from crossdock.ledger.schema import parked as items
from tests.core.flows.cases import order

FEW, MANY = 300, 3_000
ROUTES = ("my", "sg")
NOW = 1_800_000_000.0
BODY = order().as_json()
PAGE = [f"{number:06}" for number in range(50)]


def _orders(count, route):
    """Done with, but for the last ten; nothing is due."""
    for number in range(count):
        key, done = f"{number:06}", number < count - 10
        yield (
            orders,
            pairs.BLANK
            | {
                "route": route,
                "key": key,
                "document_id": f"D{key}",
                "channel_status": "completed" if done else "open",
                "document_status": "shipped" if done else "open",
                "look_at": None,
            },
        )
        for side in ("channel", "backend"):
            yield snapshots, {
                "route": route, "key": key, "side": side, "fingerprint": "f", "seen_at": NOW, "body": BODY,
            }  # fmt: skip
        for kind in ("create", "arrange", "tracking"):
            yield steps, {
                "route": route, "key": key, "kind": kind, "reference": key, "state": "done", "why": "", "attempts": 1,
                "intended_at": NOW, "concluded_at": NOW, "result": "",
            }  # fmt: skip
            yield timeline, {"route": route, "key": key, "at": NOW, "what": kind, "text": "done"}
        yield kept, {"connection": route, "id": f"old-{key}", "received_at": NOW}
        yield items, {
            "route": f"{route}/stock", "key": key, "cause": "c", "reason": "r", "step": "", "facts": "{}", "raw": b"",
            "parked_at": NOW, "resolved_at": NOW, "resolution": "mended",
        }  # fmt: skip
        yield listings, {"route": route, "key": key, "listed_id": f"L{key}", "body": b"{}"}
        yield levels, {"route": route, "sku": key, "location": "", "wanted": 5, "shown": 5, "seen_at": NOW}


def _fill(connection, count):
    rows = {}
    for route in ROUTES:
        for table, row in _orders(count, route):
            rows.setdefault(table, []).append(row)
    for table in metadata.sorted_tables:
        if table in rows:
            connection.execute(insert(table), rows[table])


async def _make(url, count):
    database = Database(url)
    await database.open()
    await database.write(_fill, count)
    await database.close()


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    """Addresses of a small and a large one."""
    urls = [f"sqlite:///{tmp_path_factory.mktemp('grown')}/ledger.db" for _ in (FEW, MANY)]
    for url, count in zip(urls, (FEW, MANY), strict=True):
        asyncio.run(_make(url, count))
    return urls


def _received(name):
    return [Message("sg", f"{name}-{key}", (Mark("sg", key, document=False, why="push"),)) for key in PAGE]


ASKED = {
    "what is in doubt": lambda c: acts.unsettled(c, "sg", NOW, 200),
    "what is due": lambda c: pairs.due(c, "sg", NOW, 200, Turn()),
    "orders as they are known": lambda c: pairs.load(c, "sg", PAGE),
    "documents by number": lambda c: pairs.keys_of_documents(c, "sg", [f"D{key}" for key in PAGE]),
    "new push messages": lambda c: messages.take(c, _received("new"), NOW),
    "repeated push messages": lambda c: messages.take(c, _received("old"), NOW),
    "what is sold and not in the backend": lambda c: sold.sold(c, ["sg"], NOW - 60, until_shipped=False),
    "what is sold and not shipped": lambda c: sold.sold(c, ["sg"], NOW - 60, until_shipped=True),
    "what is parked": lambda c: acts.parked_items(c),
    "the routes of a number": lambda c: acts.routes_of(c, "D000007"),
    "the first page of orders": lambda c: standing.orders(c, None, "", 50),
    "a later page of orders": lambda c: standing.orders(c, None, "000200", 50),
    "forgetting buyers": lambda c: purge.blank_orders(c, [("sg", key, "channel") for key in PAGE]),
}


async def _machine_steps(url, ask):
    database, count = Database(url), 0

    def step():
        nonlocal count
        count += 1

    await database.open()
    await database.read(lambda connection: connection.connection.dbapi_connection.set_progress_handler(step, 1))
    await ask(database)
    await database.close()
    return count


async def _assert_no_dearer(ledgers, ask):
    few, many = [await _machine_steps(url, ask) for url in ledgers]
    assert few > 10
    assert many <= 1.05 * few


@pytest.mark.parametrize("asked", ASKED)
async def test_ten_times_as_many_orders_cost_no_more(ledgers, asked):
    await _assert_no_dearer(ledgers, lambda database: database.read(ASKED[asked]))


@pytest.mark.parametrize(
    "ask",
    [
        lambda goods: goods.due(200),
        lambda goods: goods.due(200, raises=False, zeros=False),
        lambda goods: goods.held(200),
        Levels.drops,
        Levels.troubles,
    ],
    ids=["what is to be sent", "what may be sent", "what was held back", "what drops to zero", "what has problems"],
)
async def test_ten_times_as_many_levels_cost_no_more(ledgers, ask):
    await _assert_no_dearer(ledgers, lambda database: ask(Levels(database, FakeClock(), "sg")))


@pytest.mark.parametrize(
    "ask",
    [lambda goods: goods.taken([f"L{key}" for key in PAGE]), lambda goods: goods.due(200), Listings.troubles],
    ids=["whose a listing is", "what is to be listed", "what has problems"],
)
async def test_ten_times_as_many_listings_cost_no_more(ledgers, ask):
    await _assert_no_dearer(ledgers, lambda database: ask(Listings(database, FakeClock(), "sg")))


async def test_ten_times_as_many_items_that_were_mended_cost_no_more(ledgers):
    parkings = [Parking(key, "c", "r") for key in PAGE]
    await _assert_no_dearer(
        ledgers, lambda database: database.read(lambda c: parked_items.keep(c, "sg/stock", parkings, NOW))
    )
