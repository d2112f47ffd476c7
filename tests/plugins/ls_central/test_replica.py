"""Tables in memory: read once, kept up by counters that belong to whoever asks."""

import json

import httpx
import pytest

from crossdock.errors import TryLater
from crossdock_ls_central.catalog import Catalog, marks_of, written
from crossdock_ls_central.kept_pages import KeptPages
from crossdock_ls_central.replica import Replica, Source
from tests.plugins.ls_central.test_client import FakeClock, Network, client

SOURCE = Source("GetItemVariant", "Item No.", ("Code",), ("Description",))


def block(rows, names=("Item No.", "Code", "Description")):
    fields = [{"FieldIndex": at, "FieldNo": at, "FieldName": name} for at, name in enumerate(names, 1)]
    records = [{"Fields": [{"FieldIndex": at, "FieldValue": value} for at, value in enumerate(row, 1)]} for row in rows]
    return {"RecRefJson": {"RecordFields": fields, "Records": records}}


def page(rows=(), deleted=(), entry=0, key="", ended=True):
    table = {"TableDataUpd": block(rows), "TableDataDel": block(deleted, ("Item No.", "Code"))}
    answer = {"LastEntryNo": entry, "LastKey": key, "EndOfTable": ended, "TableData": table}
    return httpx.Response(200, json={"value": json.dumps(answer)})


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def replica(tmp_path, clock):
    """Makes the table of a process of its own; all of them keep pages in one folder."""

    def make(network, source=SOURCE, folder=tmp_path / "tables"):
        return Replica(client(network), source, clock, KeptPages(folder, ("us", source)))

    return make


def asked(network):
    return [json.loads(sent.content) for sent in network.sent]


async def test_a_table_is_read_in_full_once(replica):
    network = Network(page([("1", "B", "b")], key="1", entry=5, ended=False), page([("1", "A", "a")], entry=7))
    table = replica(network)
    assert await table.load(verb="x") == 5
    assert await table.load(verb="x") == 5
    assert [row["Description"] for row in table.rows("1")] == ["a", "b"]
    assert table.items() == ["1"]
    assert len(network.sent) == 2


async def test_changes_are_asked_from_the_counter_of_whoever_asks(replica):
    network = Network(page([("1", "A", "a")], entry=5), page([("2", "A", "a")], [("1", "A")], entry=9))
    table = replica(network)
    changed = await table.changes(3, verb="x")
    assert (changed.items, changed.entry) == ({"1", "2"}, 9)
    assert [(body["fullRepl"], body["lastEntryNo"]) for body in asked(network)] == [(True, 0), (False, 3)]
    assert table.items() == ["2"]
    assert table.first("1") is None
    assert table.row("2", "A")["Description"] == "a"
    assert table.row("2", "Z") == {}


async def test_an_item_stays_as_long_as_one_of_its_rows_is_left(replica):
    network = Network(page([("1", "A", "a"), ("1", "B", "b")], entry=5), page(deleted=[("1", "A")], entry=6))
    table = replica(network)
    await table.changes(5, verb="x")
    assert [row["Code"] for row in table.rows("1")] == ["B"]


async def test_a_look_that_finds_nothing_keeps_its_counter(replica):
    table = replica(Network(page(entry=5), page(entry=0)))
    assert (await table.changes(5, verb="x")).entry == 5


async def test_a_full_read_that_fails_leaves_the_table_as_it_was(replica, clock):
    broken = page([("9", "A", "a")], key="9", ended=False)
    network = Network(page([("1", "A", "a")], entry=5), broken, httpx.Response(503))
    table = replica(network)
    await table.load(verb="x")
    await clock.advance(3_601)
    with pytest.raises(TryLater):
        await table.load(verb="x", again=True)
    assert table.items() == ["1"]


async def test_pages_that_were_read_before_a_kill_are_not_asked_for_again_but_what_changed_since_is(replica):
    first = Network(page([("1", "A", "a")], key="1", entry=5, ended=False), httpx.Response(503))
    with pytest.raises(TryLater):
        await replica(first).load(verb="x")
    rest = Network(page([("2", "A", "b")], entry=8), page([("1", "A", "new")], entry=9))
    table = replica(rest)

    entry = await table.load(verb="x", again=True)

    sent = [(body["fullRepl"], body["lastKey"], body["lastEntryNo"]) for body in asked(rest)]
    assert sent == [(True, "1", 5), (False, "", 5)]
    assert (table.rows("1")[0]["Description"], table.items(), entry) == ("new", ["1", "2"], 9)


async def test_the_next_process_asks_only_for_what_changed_and_after_a_day_for_everything(replica, clock):
    await replica(Network(page([("1", "A", "a")], entry=5))).load(verb="x")
    await clock.advance(80_000)
    second, third = Network(page(deleted=[("1", "A")], entry=6)), Network(page([("2", "A", "a")], entry=7))
    changed = replica(second)

    await changed.load(verb="x")
    await clock.advance(10_000)
    anew = replica(third)
    await anew.load(verb="x")

    assert [(body["fullRepl"], body["lastEntryNo"]) for body in [*asked(second), *asked(third)]] == [
        (False, 5),
        (True, 0),
    ]
    assert (changed.items(), anew.items()) == ([], ["2"])


async def test_a_table_is_read_anew_only_if_that_was_not_done_within_the_hour(replica, clock):
    network = Network(page([("1", "A", "a")], entry=5), page(entry=0), page([("1", "A", "b")], entry=6))
    table = replica(network)
    await table.load(verb="x")

    await table.load(verb="x", again=True)
    await clock.advance(3_601)
    await table.load(verb="x", again=True)

    assert [body["fullRepl"] for body in asked(network)] == [True, False, True]


async def test_rows_are_brought_up_to_where_another_process_had_come_with_them(replica):
    network = Network(page([("1", "A", "a")], entry=5), page([("1", "A", "b")], entry=9), page(entry=0))
    table = replica(network)
    await table.load(verb="x")

    first = await table.changes(8, verb="x")  # another process had read up to there
    second = await table.changes(first.entry, verb="x")

    assert [body["lastEntryNo"] for body in asked(network)[1:]] == [5, 9]
    assert (table.rows("1")[0]["Description"], first.entry, second.entry) == ("b", 9, 9)


async def test_pages_are_never_those_of_another_table_or_of_one_cut_off_in_the_middle(replica, tmp_path):
    await replica(Network(page([("1", "A", "a")], entry=5))).load(verb="x")
    other = Source("GetItemUnit", "Item No.", ("Code",))
    another = Network(page([("1", "PCS", "")], entry=1))
    await replica(another, other).load(verb="x")
    for file in (tmp_path / "tables").iterdir():
        file.write_bytes(file.read_bytes()[:20])
    again = Network(page([("1", "A", "a")], entry=5))
    await replica(again).load(verb="x")

    assert [body["fullRepl"] for body in [*asked(another), *asked(again)]] == [True, True]


async def test_a_folder_that_cannot_be_written_to_costs_nothing_but_another_reading(replica, tmp_path):
    (tmp_path / "file").write_text("")
    table = replica(Network(page([("1", "A", "a")], entry=5)), folder=tmp_path / "file" / "tables")
    await table.load(verb="x")
    assert table.items() == ["1"]


async def test_a_replication_that_does_not_move_on_is_given_up(replica):
    table = replica(Network(page(key="", ended=False)))
    with pytest.raises(TryLater, match="the same page for ever"):
        await table.load(verb="x")


async def test_rows_of_another_kind_are_not_kept(replica):
    source = Source("GetImageLink", "Item No.", ("Code",), only=("Description", "Item"))
    table = replica(Network(page([("1", "A", "Item"), ("2", "B", "Store")], entry=1)), source)
    await table.load(verb="x")
    assert table.items() == ["1"]


async def test_a_catalog_tells_which_items_changed_in_any_of_its_tables(tmp_path, clock):
    network = Network(page([("1", "A", "a")], entry=4))
    catalog = Catalog(client(network), clock, tmp_path)
    marks = await catalog.load(("variants", "units"), verb="x")
    assert marks == {"variants": 4, "units": 4}
    items, marks = await catalog.changes(("variants", "units"), {"variants": 2}, verb="x")
    assert (items, marks) == ({"1"}, {"variants": 4, "units": 4})
    assert sorted(body["lastEntryNo"] for body in asked(network)[2:]) == [0, 2]


def test_a_cursor_is_read_as_it_was_written():
    assert marks_of(written({"items": 7})) == ({"items": 7}, "")
    assert marks_of(written({"items": 7}, after="40020")) == ({"items": 7}, "40020")
