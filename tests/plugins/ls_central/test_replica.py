"""Tables in memory: read once, kept up by counters that belong to whoever asks."""

import json

import httpx
import pytest

from crossdock.errors import TryLater
from crossdock_ls_central.catalog import Catalog, marks_of, written
from crossdock_ls_central.replica import Replica, Source
from tests.plugins.ls_central.test_client import Network, client

SOURCE = Source("GetItemVariant", "Item No.", ("Code",), ("Description",))


def block(rows, names=("Item No.", "Code", "Description")):
    fields = [{"FieldIndex": at, "FieldNo": at, "FieldName": name} for at, name in enumerate(names, 1)]
    records = [{"Fields": [{"FieldIndex": at, "FieldValue": value} for at, value in enumerate(row, 1)]} for row in rows]
    return {"RecRefJson": {"RecordFields": fields, "Records": records}}


def page(rows=(), deleted=(), entry=0, key="", ended=True):
    table = {"TableDataUpd": block(rows), "TableDataDel": block(deleted, ("Item No.", "Code"))}
    answer = {"LastEntryNo": entry, "LastKey": key, "EndOfTable": ended, "TableData": table}
    return httpx.Response(200, json={"value": json.dumps(answer)})


def asked(network):
    return [json.loads(sent.content) for sent in network.sent]


async def test_a_table_is_read_in_full_once():
    network = Network(page([("1", "B", "b")], key="1", entry=5, ended=False), page([("1", "A", "a")], entry=7))
    replica = Replica(client(network), SOURCE)
    assert await replica.load(verb="x") == 5
    assert await replica.load(verb="x") == 5
    assert [row["Description"] for row in replica.rows("1")] == ["a", "b"]
    assert replica.items() == ["1"]
    assert len(network.sent) == 2


async def test_changes_are_asked_from_the_counter_of_whoever_asks():
    network = Network(page([("1", "A", "a")], entry=5), page([("2", "A", "a")], [("1", "A")], entry=9))
    replica = Replica(client(network), SOURCE)
    changed = await replica.changes(3, verb="x")
    assert (changed.items, changed.entry) == ({"1", "2"}, 9)
    assert [(body["fullRepl"], body["lastEntryNo"]) for body in asked(network)] == [(True, 0), (False, 3)]
    assert replica.items() == ["2"]
    assert replica.first("1") is None
    assert replica.row("2", "A")["Description"] == "a"
    assert replica.row("2", "Z") == {}


async def test_an_item_stays_as_long_as_one_of_its_rows_is_left():
    network = Network(page([("1", "A", "a"), ("1", "B", "b")], entry=5), page(deleted=[("1", "A")], entry=6))
    replica = Replica(client(network), SOURCE)
    await replica.changes(5, verb="x")
    assert [row["Code"] for row in replica.rows("1")] == ["B"]


async def test_a_look_that_finds_nothing_keeps_its_counter():
    replica = Replica(client(Network(page(entry=5), page(entry=0))), SOURCE)
    assert (await replica.changes(5, verb="x")).entry == 5


async def test_a_full_read_that_fails_leaves_the_table_as_it_was():
    broken = page([("9", "A", "a")], key="9", ended=False)
    network = Network(page([("1", "A", "a")], entry=5), broken, httpx.Response(503))
    replica = Replica(client(network), SOURCE)
    await replica.load(verb="x")
    with pytest.raises(TryLater):
        await replica.load(verb="x", again=True)
    assert replica.items() == ["1"]


async def test_a_replication_that_does_not_move_on_is_given_up():
    replica = Replica(client(Network(page(key="", ended=False))), SOURCE)
    with pytest.raises(TryLater, match="the same page for ever"):
        await replica.load(verb="x")


async def test_rows_of_another_kind_are_not_kept():
    source = Source("GetImageLink", "Item No.", ("Code",), only=("Description", "Item"))
    replica = Replica(client(Network(page([("1", "A", "Item"), ("2", "B", "Store")], entry=1))), source)
    await replica.load(verb="x")
    assert replica.items() == ["1"]


async def test_a_catalog_tells_which_items_changed_in_any_of_its_tables():
    network = Network(page([("1", "A", "a")], entry=4))
    catalog = Catalog(client(network))
    marks = await catalog.load(("variants", "units"), verb="x")
    assert marks == {"variants": 4, "units": 4}
    items, marks = await catalog.changes(("variants", "units"), {"variants": 2}, verb="x")
    assert (items, marks) == ({"1"}, {"variants": 4, "units": 4})
    assert sorted(body["lastEntryNo"] for body in asked(network)[2:]) == [0, 2]


def test_a_cursor_is_read_as_it_was_written():
    assert marks_of(written({"items": 7})) == ({"items": 7}, "")
    assert marks_of(written({"items": 7}, after="40020")) == ({"items": 7}, "40020")
