"""Alerts: what holds is told once, again after a while, and when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from crossdock.config import AlertsTable
from crossdock.dispatch import Lane
from crossdock.errors import ConfigError, TryLater
from crossdock.ledger import Standing, Standings
from crossdock.runner.alerts import Alert, Moment, Told, alerts
from crossdock.runner.board import Board
from crossdock.runner.messenger import message, messenger

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = Moment(NOW, 10_000.0)
RULES = AlertsTable()
OFF = AlertsTable.model_validate(
    {"order_waits": None, "lane_lag": None, "sign_in_ends": None, "ship_by": None}
    | {"parked": 0, "in_doubt": 0, "paused": False}
)


def board(**changes):
    made = Board()
    made.opened([Lane("sg/orders", 300.0)], changes.pop("done_at", 9_900.0))
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def ago(**delta):
    return NOW - timedelta(**delta)


def of(standing=None, made=None, parked=None, rules=RULES):
    routes = {"sg": standing or Standing("sg")}
    return [(one.rule, one.subject) for one in alerts(rules, Standings(routes, parked or {}), made or board(), AT)]


CASES = [
    ({"standing": Standing("sg", unsynced=3, unsynced_since=ago(minutes=31))}, ("order_waits", "sg")),
    ({"standing": Standing("sg", ship_by=ago(hours=-3))}, ("ship_by", "sg")),
    ({"standing": Standing("sg", ship_by=ago(hours=3), overdue=2)}, ("ship_by", "sg")),
    ({"standing": Standing("sg", in_doubt=11)}, ("in_doubt", "sg")),
    ({"parked": {"sg/stock": 21}}, ("parked", "sg/stock")),
    ({"made": board(done_at=10_000.0 - 300 - 901)}, ("lane_lag", "sg/orders")),
    ({"made": board(paused={"shop": ago(minutes=1)})}, ("paused", "shop")),
    ({"made": board(sign_in_ends={"shop": ago(days=-6)})}, ("sign_in_ends", "shop")),
]


@pytest.mark.parametrize(("given", "alert"), CASES)
def test_what_a_rule_names_is_told(given, alert):
    assert of(**given) == [alert]
    assert of(**given, rules=OFF) == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"standing": Standing("sg", unsynced=3, unsynced_since=ago(minutes=29))},
        {"standing": Standing("sg", ship_by=ago(hours=-5), in_doubt=10)},
        {"parked": {"sg/stock": 20}},
        {"made": board(done_at=10_000.0 - 300 - 899)},
        {"made": board(sign_in_ends={"shop": ago(days=-8)})},
    ],
)
def test_what_is_within_bounds_is_not_told(given):
    assert of(**given) == []


def test_a_text_says_how_much_and_since_when():
    standing = Standing("sg", unsynced=3, unsynced_since=ago(hours=5), ship_by=ago(hours=1), overdue=2)
    texts = [one.text for one in alerts(RULES, Standings({"sg": standing}, {}), board(), AT)]
    assert texts[0] == "3 orders have no document, the oldest for 5 h"
    assert "2 of them overdue, the first by 2026-03-01 11:00 UTC" in texts[1]


def test_what_was_told_is_told_again_only_after_a_while_and_when_it_is_over():
    told, one, other = Told(timedelta(hours=6)), Alert("parked", "sg", "21"), Alert("parked", "my", "30")
    assert told.news([one], NOW) == ([one], [])
    assert told.news([one], NOW) == ([one], [])  # nobody could be told yet
    told.note([one], [], NOW)
    assert told.news([one, other], NOW) == ([other], [])
    assert told.news([one], NOW + timedelta(hours=6)) == ([one], [])
    assert told.news([], NOW) == ([], [one])
    told.note([], [one], NOW)
    assert told.news([], NOW) == ([], [])


def test_what_was_told_is_remembered_by_whoever_comes_later():
    told, one = Told(timedelta(hours=6)), Alert("parked", "sg", "21")
    told.note([one], [], NOW)
    later = Told.read(told.kept(), timedelta(hours=6))
    assert later.news([Alert("parked", "sg", "22")], NOW) == ([], [])
    assert Told.read(None, timedelta(hours=6)).since == {}


def test_a_message_names_what_is_new_and_what_is_over():
    one, other = Alert("parked", "sg", "21 wait"), Alert("paused", "shop", "has to sign in")
    assert message([one], [other]) == ("crossdock: 1 alert", "sg: 21 wait\nover: shop: has to sign in")
    assert message([], [other])[0] == "crossdock: all well again"


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
async def test_people_are_told_through_apprise_and_the_address_is_never_shown():
    came = []

    async def take(request):
        came.append(await request.json())
        return web.Response(status=200 if request.match_info["key"] == "good" else 500)

    app = web.Application()
    app.router.add_post("/{key}", take)
    async with TestServer(app) as server:
        address = f"json://127.0.0.1:{server.port}"
        await messenger([SecretStr(f"{address}/good")])("title", f"lane: see {address}/good")
        assert came[0]["title"] == "title"
        assert came[0]["message"] == "lane: see [redacted]"
        with pytest.raises(TryLater, match="could not be delivered"):
            await messenger([SecretStr(f"{address}/bad")])("title", "text")


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_an_address_that_apprise_does_not_know_is_told_by_its_place():
    with pytest.raises(ConfigError, match="address 2 is none that Apprise knows") as refusal:
        messenger([SecretStr("json://localhost"), SecretStr("nonsense-and-secret")])
    assert "nonsense" not in str(refusal.value)
