"""What is known of the store, whatever its installation tells."""

import asyncio
import json
from decimal import Decimal

import httpx
import pytest

from crossdock.clock import FakeClock
from crossdock.errors import Refused, Unclear
from crossdock_ls_central.store import StoreFacts
from tests.plugins.ls_central.central import mocked, order, route
from tests.plugins.ls_central.test_client import client, result, table_answer
from tests.plugins.ls_central.test_replica import block


def page(rows, names):
    table = {"TableDataUpd": block(rows, names)}
    return httpx.Response(200, json={"value": json.dumps({"EndOfTable": True, "TableData": table})})


class Installation:
    """Tables of one installation; counts what is asked."""

    def __init__(self, store=("S0013", "SGD", ""), setup=(("", "STANDARD", "7"),), items=()):
        self.store, self.setup, self.items = store, setup, items
        self.asked = []

    def __call__(self, request):
        path = request.url.path.rpartition("/")[2]
        self.asked.append(path)
        if path.endswith("GetStoreBuffer"):
            return page([self.store], ("No.", "Currency Code", "Store VAT Bus. Post. Gr."))
        if path.endswith("GetVATPostingSetup"):
            return page(self.setup, ("VAT Bus. Posting Group", "VAT Prod. Posting Group", "VAT %"))
        return table_answer([{"No.": number, "VAT Prod. Posting Group": group} for number, group in self.items])


def facts(installation, clock=None, **settings):
    asked = client(installation, **{"currency": "", "vat_percent": None} | settings)
    return StoreFacts(asked, clock or FakeClock())


async def test_the_currency_is_read_once_from_the_store():
    installation = Installation()
    store = facts(installation)
    assert await asyncio.gather(store.currency(), store.currency()) == ["SGD", "SGD"]
    assert installation.asked == ["ODataRequest_GetStoreBuffer"]


@pytest.mark.parametrize(
    ("row", "said"), [(("S0013", "", ""), "names no currency"), (("S0001", "SGD", ""), "No store S0013")]
)
async def test_a_store_without_currency_is_refused(row, said):
    with pytest.raises(Refused, match=said):
        await facts(Installation(row)).currency()


async def test_a_fixed_percentage_asks_nobody():
    installation = Installation()
    assert await facts(installation, vat_percent="7.5").vat([["1"]]) == Decimal("7.5")
    assert installation.asked == []


TWO = (("LOCAL", "STANDARD", "7"), ("EXPORT", "STANDARD", "0"))


@pytest.mark.parametrize(
    ("store", "setup", "settings", "expected"),
    [
        (("S0013", "SGD", ""), (("", "STANDARD", "7"),), {}, 7),
        (("S0013", "SGD", ""), (("LOCAL", "STANDARD", "7"),), {}, 7),
        (("S0013", "SGD", "EXPORT"), TWO, {}, 0),
        (("S0013", "SGD", "EXPORT"), TWO, {"vat_business_group": "LOCAL"}, 7),
    ],
)
async def test_the_percentage_is_of_the_stores_business_group(store, setup, settings, expected):
    asked = facts(Installation(store, setup), **settings)
    assert (await asked._read_setup())["STANDARD"] == expected


async def test_an_item_whose_group_has_no_percentage_is_left_out():
    assert await facts(Installation(items=(("AB", "NO SUCH GROUP"),))).vat([["AB"]]) == {}


async def test_a_number_that_is_no_item_is_asked_once_while_another_of_its_sku_is_one():
    installation = Installation(items=(("AB", "STANDARD"),))
    store = facts(installation)
    for _ in range(2):
        assert await store.vat([("AB-100", "AB")]) == {"AB": Decimal(7)}
    assert installation.asked.count("RetailWebServices") == 1


async def test_an_item_that_is_not_there_is_asked_again_since_somebody_may_create_it():
    installation = Installation()
    store = facts(installation)
    assert await store.vat([("AB-100", "AB")]) == {}
    installation.items = (("AB", "STANDARD"),)
    assert await store.vat([("AB-100", "AB")]) == {"AB": Decimal(7)}


async def test_percentages_are_remembered_for_a_day():
    clock, installation = FakeClock(), Installation()
    store = facts(installation, clock)
    await store.vat([["40020"]])
    await store.vat([["40020"]])
    assert installation.asked.count("ODataRequest_GetVATPostingSetup") == 1
    await clock.advance(86_401)
    await store.vat([["40020"]])
    assert installation.asked.count("ODataRequest_GetVATPostingSetup") == 2


async def test_several_business_groups_and_no_hint_which_is_refused_with_their_names():
    with pytest.raises(Refused, match="EXPORT, LOCAL"):
        await facts(Installation(setup=TWO)).vat([["40020"]])


async def test_a_setup_without_rows_knows_no_percentage():
    assert await facts(Installation(setup=())).vat([["40020"]]) == {}


async def test_an_external_id_that_exists_and_is_not_found_is_refused():
    def answer(request):
        if b"CustomerOrderCreate" in request.content:
            return result("2201")
        return table_answer([])

    with pytest.raises(Refused, match="neither its open nor its posted") as caught:
        await mocked(answer).push_order(order(), route())
    assert caught.value.code == "2201"


@pytest.mark.parametrize("found", [httpx.Response(503), table_answer([])])
async def test_success_without_a_number_is_in_doubt_until_it_is_found(found):
    def answer(request):
        return result("0000", customerOrderID="") if b"CustomerOrderCreate" in request.content else found

    with pytest.raises(Unclear, match="without a number"):
        await mocked(answer).push_order(order(), route())


async def test_success_without_a_number_is_looked_up():
    def answer(request):
        if b"CustomerOrderCreate" in request.content:
            return result("0000", customerOrderID="")
        return table_answer([{"Document ID": "CO7"}])

    receipt = await mocked(answer).push_order(order(), route())
    assert (receipt.id, receipt.already) == ("CO7", False)
