import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tests.core.cli.acme import CONFIG, SOURCE


class Files:
    """What the shop and the books hold."""

    def __init__(self, folder):
        self.folder = folder

    def shop(self, **orders: str) -> None:
        """Order number to SKU; all are open."""
        rows = {number: {"sku": sku, "status": "open"} for number, sku in orders.items()}
        (self.folder / "shop.json").write_text(json.dumps(rows))

    def items(self, *skus: str) -> None:
        (self.folder / "items.json").write_text(json.dumps(dict.fromkeys(skus, 1)))

    @property
    def books(self) -> dict:
        path = self.folder / "books.json"
        return json.loads(path.read_text()) if path.exists() else {}


@pytest.fixture
def files(folder, distributions):
    distributions.install("json_books", SOURCE)
    distributions.install(
        "json_shop", SOURCE.replace("plugin = books", "books").replace("shop = Plugin", "plugin = Plugin")
    )
    (folder / "crossdock.toml").write_text(CONFIG)
    made = Files(folder)
    made.shop(A1="mug", A2="lamp")
    made.items("mug", "lamp")
    return made


def test_a_plan_shows_a_row_an_order_and_changes_nothing(crossdock, files):
    rows = crossdock("plan", "main", "--json").data
    assert [(row["order"], row["plan"]) for row in rows] == [("A1", "create"), ("A2", "create")]
    assert files.books == {}
    shown = crossdock("plan", "main").out
    assert "2 orders looked at, 2 with something to do. Nothing was sent." in shown


def test_the_decision_table_is_shown(crossdock):
    rows = crossdock("plan", "--table", "--json").data
    decided = {(row["channel"], row["document"]): row["what"] for row in rows}
    assert decided["open", "no document"]
    assert len(decided) == len(rows) > 30
    assert crossdock("plan").errors[0] == "error ROUTE is missing"


def test_a_pull_does_what_is_missing_once(crossdock, files):
    first = crossdock("pull", "main", "--json")
    assert first.code == 0
    assert {"step": "create", "state": "done", "count": 2} in first.data["steps"]
    assert {row["of"] for row in files.books.values()} == {"A1", "A2"}
    again = crossdock("pull", "main")
    assert again.code == 0
    assert "Nothing to do." in again.out
    assert len(files.books) == 2


def test_what_is_in_doubt_is_told_at_every_pull(crossdock, files):
    (files.folder / "books-are-silent").touch()
    assert crossdock("pull", "main").code == 1
    again = crossdock("pull", "main")
    assert again.code == 1
    assert "2 in doubt: sent, but nobody knows yet with what effect" in again.out
    assert "Nothing to do" not in again.out
    assert crossdock("pull", "main", "--json").data["in_doubt"] == 2


def test_what_is_tried_again_later_is_told_at_every_pull(crossdock, files):
    (files.folder / "books-are-closed").touch()
    assert crossdock("pull", "main").code == 1
    again = crossdock("pull", "main")
    assert again.code == 1
    assert re.search(r"2 waiting: .* the first at \d\d:\d\d:\d\d UTC", again.out)
    assert "Nothing to do" not in again.out
    told = crossdock("pull", "main", "--json").data
    assert (told["waiting"], datetime.fromisoformat(told["retry_at"]) > datetime.now(UTC)) == (2, True)


def test_only_looks_at_one_order(crossdock, files):
    assert crossdock("pull", "main", "--only", "A2").code == 0
    assert [row["of"] for row in files.books.values()] == ["A2"]


def test_what_is_refused_is_parked_shown_and_released(crossdock, files):
    files.items("mug")
    ended = crossdock("pull", "main")
    assert ended.code == 1
    assert "1 parked: see crossdock parked list main" in ended.out
    (item,) = crossdock("parked", "list", "--json").data
    assert (item["order"], "there is no item lamp" in item["reason"]) == ("A2", True)
    listed = crossdock("parked", "list").out
    assert "there is no item lamp" in listed
    assert f"you can  {item['choices'][0]}" in listed
    assert f"with     crossdock parked retry --cause '{item['cause']}'" in listed
    shown = crossdock("parked", "show", "A2").out
    assert "there is no item lamp" in shown
    assert "{" not in shown
    assert ["shipping", "0.00", "SGD"] in [line.split() for line in shown.splitlines()]
    assert crossdock("parked", "list", "--check").code == 1
    assert crossdock("status", "--check").code == 1
    assert crossdock("parked", "retry", "A2", "--now", "--json").code == 1
    files.items("mug", "lamp")
    retried = crossdock("parked", "retry", "A2", "--now", "--json")
    assert (retried.code, retried.data) == (0, [{"route": "main", "released": 1, "parked_again": 0}])
    assert {row["of"] for row in files.books.values()} == {"A1", "A2"}
    assert "Nothing is parked." in crossdock("parked", "list").out


def test_what_is_dropped_is_left_alone(crossdock, files):
    files.items("mug")
    crossdock("pull", "main")
    assert crossdock("parked", "drop", "--all", "--json").data == [{"route": "main", "dropped": 1}]
    files.items("mug", "lamp")
    assert crossdock("pull", "main").code == 0
    assert [row["of"] for row in files.books.values()] == ["A1"]


def test_parked_commands_name_what_they_cannot_find(crossdock, files):
    assert crossdock("parked", "retry").code == 2
    ended = crossdock("parked", "retry", "A9")
    assert (ended.code, ended.errors[0]) == (1, "error A9 is not parked")
    assert "nothing is parked for 'x'" in crossdock("parked", "drop", "--cause", "x").err


def test_explain_tells_the_story_of_an_order_by_either_number(crossdock, files):
    crossdock("pull", "main")
    number = next(number for number, row in files.books.items() if row["of"] == "A1")
    (story,) = crossdock("explain", number, "--json").data
    assert (story["order"], story["document"]) == ("A1", number)
    assert story["channel"]["total"] == "25.00 SGD"
    assert story["channel"]["shipping"].endswith(" SGD")
    assert any("create" in event["what"] for event in story["timeline"])
    shown = crossdock("explain", "A1").out
    assert "A1 on route main" in shown
    assert "2 x mug" in shown


def test_an_order_that_nobody_saw_says_how_to_ask_for_it(crossdock, files):
    ended = crossdock("explain", "A9")
    assert ended.code == 1
    assert ended.errors == [
        "error no order 'A9' was seen on any route",
        "hint ask the channel for it: crossdock pull ROUTE --only A9 (routes: main)",
    ]
    assert crossdock("label", "A9").code == 1


def test_status_counts_and_tells_when_it_last_read(crossdock, files):
    crossdock("pull", "main")
    (row,) = crossdock("status", "--json").data
    assert (row["route"], row["orders"], row["linked"], row["parked"]) == ("main", 2, 2, 0)
    assert row["last_read"]
    assert crossdock("status", "--check").code == 0


def test_status_names_a_connection_that_has_to_sign_in_and_says_how(crossdock, files, folder):
    crossdock("pull", "main")
    with closing(sqlite3.connect(folder / "crossdock.db")) as ledger, ledger:
        ledger.execute("INSERT INTO pauses VALUES ('shop', 1767225600, 0, 'the token has expired', 1)")
    (row,) = crossdock("status", "--json").data
    assert row["paused"] == ["shop"]
    shown = " ".join(crossdock("status").out.split())
    assert "shop has to sign in since 2026-01-01 00:00 UTC, and its lanes rest: the token has expired" in shown
    assert "crossdock auth link shop" in shown


def test_status_reckons_age_by_the_clock_that_the_systems_follow(crossdock, files, monkeypatch):
    monkeypatch.setenv("CROSSDOCK_CLOCK_AHEAD", "7200")
    crossdock("pull", "main")
    (row,) = crossdock("status", "--json").data
    assert 0 <= row["age_seconds"] < 3600
    monkeypatch.setenv("CROSSDOCK_CLOCK_AHEAD", "10800")
    (row,) = crossdock("status", "--json").data
    assert row["age_seconds"] >= 3600


def test_a_backfill_reads_history(crossdock, files):
    ended = crossdock("backfill", "main", "--days", "3", "--json")
    assert ended.data["read"] >= 2


def test_a_system_that_cannot_be_reached_ends_with_3(crossdock, files):
    (files.folder / "shop-is-down").touch()
    ended = crossdock("pull", "main")
    assert ended.code == 3
    assert ended.errors[0] == "error shop, pull_orders: the shop cannot be reached"


def test_routes_and_flows_that_are_not_there_name_the_nearest(crossdock, files):
    ended = crossdock("pull", "mian")
    assert ended.errors == ["error crossdock.toml: there is no route 'mian'", "hint did you mean 'main'?"]
    assert crossdock("pull", "main", "order").errors[1] == "hint did you mean 'orders'?"
    ended = crossdock("pull", "main", "stock")
    assert ended.code == 2
    assert ended.errors[1] == "hint switch it on with [routes.main.stock]"


def test_a_route_without_returns_says_so(crossdock, files):
    crossdock("pull", "main")
    assert crossdock("returns", "list", "main", "--json").data == []
    assert "There are no returns." in crossdock("returns", "list").out
    assert crossdock("returns", "list", "mian").code == 2


def test_since_reads_the_channel_from_a_moment_on(crossdock, files):
    assert crossdock("pull", "main", "--since", "2d").code == 0
    assert len(files.books) == 2
    assert crossdock("pull", "main", "--since", "2026-11-01").code == 0
    ended = crossdock("pull", "main", "--since", "yesterday")
    assert (ended.code, ended.errors[0]) == (2, "error --since 'yesterday' is neither a duration nor a moment")
    assert crossdock("pull", "main", "--since", "2d", "--only", "A1").code == 2
