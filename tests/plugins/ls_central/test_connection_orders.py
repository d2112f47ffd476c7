"""The orders verbs against the simulated system, over real HTTP."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from crossdock.clock import SystemClock
from crossdock.contract import Window, scope, verbs_of
from crossdock.errors import Refused, SignInAgain, TryLater, Unclear
from crossdock.http import transport
from crossdock.model import Charge, OrderStatus, Payer
from crossdock_ls_central import plugin
from tests.plugins.ls_central.central import basic, central, line, mocked, off, order, route, sgd, toolbox
from tests.plugins.ls_central.test_client import result, wsdl
from tests.plugins.ls_central.test_replica import block

LONG_AGO = Window(start=datetime.now(UTC).replace(microsecond=0) - timedelta(days=3))
ROUTE = route()


async def pages(connection, window=LONG_AGO):
    return [page async for page in connection.pull_orders(window, ROUTE)]


async def test_the_connection_keeps_the_contract():
    async with central() as system:
        assert scope({"central": system.connection})
        assert verbs_of(plugin.connection) >= {"probe", "pull_orders", "read_orders", "find_order", "push_order"}


async def test_connecting_sends_nothing():
    opened = []
    async with plugin.connect(basic(), toolbox(transport, SystemClock(), opened)) as connection:
        assert isinstance(connection, plugin.connection)
    assert [client.stats.calls for client in opened] == [0]
    await opened[0].aclose()


async def test_a_probe_tells_company_store_currency_and_the_version_of_create():
    async with central() as system:
        found = await system.connection.probe()
        assert found.facts["currency"] == "SGD"
        assert found.facts["create"] == "V6 V5"
        assert "CRONUS - LS Central, store S0013" in found.summary
        assert found.warnings == []


@pytest.mark.parametrize(
    ("settings", "error", "hint"),
    [
        ({"company": "Nobody"}, Refused, "company"),
        ({"store": "S9999"}, Refused, "`store`"),
        ({"client_secret": "a-wrong-secret"}, SignInAgain, "client_secret"),
    ],
)
async def test_a_probe_says_which_setting_is_wrong(settings, error, hint):
    async with central(**settings) as system:
        with pytest.raises(error) as caught:
            await system.connection.probe()
        assert hint in caught.value.hint


async def test_a_probe_works_on_premises_with_a_web_service_key():
    async with central() as online:
        credentials = online.credentials
    settings = {"auth": "basic", "username": credentials["username"], "key": credentials["password"]}
    async with central(on_premises=True, **settings) as system:
        assert (await system.connection.probe()).facts["store"] == "S0013"


async def test_an_order_becomes_a_customer_order_that_is_found_by_its_external_id():
    async with central() as system:
        receipt = await system.connection.push_order(order(), ROUTE)
        assert receipt.id == "CO000001"
        assert not receipt.already
        found = await system.connection.find_order("2611210ABCDEFG", ROUTE)
        assert (found.id, found.reference, found.status) == ("CO000001", "2611210ABCDEFG", OrderStatus.OPEN)
        assert [(one.id, one.sku, one.quantity) for one in found.lines] == [("11", "40020-000", 2), ("12", "30030", 1)]
        assert found.shipping_fee == sgd("3.80")
        assert found.total == sgd("189.30")


async def test_an_order_that_is_sent_again_is_there_already():
    async with central() as system:
        await system.connection.push_order(order(), ROUTE)
        again = await system.connection.push_order(order(), ROUTE)
        assert (again.id, again.already) == ("CO000001", True)


async def test_an_order_that_was_posted_meanwhile_is_there_already_too():
    async with central() as system:
        await system.connection.push_order(order(), ROUTE)
        await system.act("/orders/CO000001/post", {})
        again = await system.connection.push_order(order(), ROUTE)
        assert (again.id, again.already) == ("CO000001", True)


async def test_an_order_without_charges_needs_no_item_for_them():
    async with central() as system:
        receipt = await system.connection.push_order(order(charges=()), route(shipping_item=""))
        assert (await system.act(f"/orders/{receipt.id}", method="GET"))["totals"]["amount"] == "185.5"


async def test_v5_makes_the_same_document():
    async with central(create_version="V5") as system:
        assert (await system.connection.push_order(order(), ROUTE)).id == "CO000001"
        assert (await system.connection.find_order("2611210ABCDEFG", ROUTE)).total == sgd("189.30")


async def test_discounts_of_every_kind_are_booked_to_the_last_cent():
    lines = (line("1", quantity="3", price="9.99", discounts=(off("1.00"), off("0.97", Payer.MARKETPLACE))),)
    charges = (Charge(kind="shipping", amount=sgd("2.49")), Charge(kind="service", amount=sgd("0.33")))
    sent = order(lines=lines, charges=charges, discounts=(off("3.33", Payer.BUYER, "coins"),))
    async with central() as system:
        await system.connection.push_order(sent, ROUTE)
        booked = await system.act("/orders/CO000001", method="GET")
        assert sgd(booked["totals"]["amount"]) == sent.total
        assert sgd(booked["totals"]["payments"]) == sent.total


@pytest.mark.parametrize(
    ("change", "options", "code"),
    [
        ({"lines": (line(sku="99999"),)}, {}, "1603"),
        ({"lines": (line(sku="40020-XXL"),)}, {}, "1607"),
        ({"lines": (line(unit="MILE"),)}, {}, "1605"),
        ({}, {"default_tender": "99"}, "1613"),
        ({"total": sgd("1.00")}, {}, "totals"),
    ],
)
async def test_what_cannot_be_booked_is_refused_and_nothing_is_made(change, options, code):
    async with central() as system:
        with pytest.raises(Refused) as caught:
            await system.connection.push_order(order(**change), route(**options))
        assert caught.value.code == code
        assert (await system.act("/orders", method="GET"))["orders"] == []


async def test_a_blocked_item_is_refused():
    async with central() as system:
        await system.act("/items/30030/block", {"blocked": True})
        with pytest.raises(Refused) as caught:
            await system.connection.push_order(order(), ROUTE)
        assert caught.value.code == "1606"


@pytest.mark.parametrize("kind", ["lost_answer", "truncated"])
async def test_an_answer_that_is_lost_is_unclear_and_the_document_is_found(kind):
    async with central() as system:
        await system.connection.probe()
        await system.connection.push_order(order("FIRST"), ROUTE)
        await system.act("/faults", {"rules": [{"kind": kind, "path": "OmniWrapper", "times": 1}]}, "PUT")
        with pytest.raises(Unclear):
            await system.connection.push_order(order(), ROUTE)
        assert (await system.connection.find_order("2611210ABCDEFG", ROUTE)).id == "CO000002"


async def test_a_system_that_is_down_or_busy_makes_nothing():
    async with central() as system:
        await system.connection.push_order(order("FIRST"), ROUTE)
        for kind in ("unavailable", "rate_limited"):
            await system.act("/faults", {"rules": [{"kind": kind, "path": "OmniWrapper", "times": 1}]}, "PUT")
            with pytest.raises(TryLater):
                await system.connection.push_order(order(), ROUTE)
        assert await system.connection.find_order("2611210ABCDEFG", ROUTE) is None


async def test_an_expired_token_is_renewed_without_anybody_noticing():
    async with central() as system:
        await system.connection.push_order(order("FIRST"), ROUTE)
        await system.act("/clock", {"advance_seconds": 7200})
        assert (await system.connection.push_order(order(), ROUTE)).id == "CO000002"


@pytest.mark.parametrize(("offered", "warned"), [("V5", "created with V5"), ("", "cannot be created")])
async def test_a_probe_warns_when_create_is_not_what_it_should_be(offered, warned):
    def answer(request):
        path = request.url.path
        if path.endswith("GetStoreBuffer"):
            table = {"TableDataUpd": block([("S0013",)], ("No.",))}
            return httpx.Response(200, json={"value": json.dumps({"EndOfTable": True, "TableData": table})})
        return wsdl(*filter(None, [offered])) if request.method == "GET" else result()

    (warning,) = (await mocked(answer).probe()).warnings
    assert warned in warning
