"""What people get wrong, and the sentence that they read: what, where, which value, what is allowed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crossdock.contract import CancelOrder, CancelReason
from crossdock.errors import CrossdockError, Refused
from crossdock.model import Money, Order, OrderStatus
from tests.plugins.anchanto_oms.client_kit import backend, line, online, shopee


async def said_by_probe(**known: object) -> str:
    options = {"multi_warehouse": True} if "warehouses" in known else {}
    async with online(known=known, **options) as oms:
        with pytest.raises(CrossdockError) as caught:
            await oms.connection.probe()
        return f"{caught.value} {caught.value.hint}"


async def test_f06_a_store_of_another_country_is_told_with_both() -> None:
    said = await said_by_probe(country="SG")
    assert "'SG'" in said
    assert "'KR'" in said


async def test_f07_a_store_of_another_currency_is_told_with_both() -> None:
    said = await said_by_probe(currency="SGD")
    assert "'SGD'" in said
    assert "'KRW'" in said


async def test_f05_an_unknown_warehouse_is_told_with_those_that_there_are() -> None:
    said = await said_by_probe(warehouses=["WH-9"])
    assert "WH-9" in said
    assert "WH-1, WH-2" in said


async def test_f07_an_order_in_another_currency_names_order_store_and_both_currencies() -> None:
    order = Order(
        id="26A", status=OrderStatus.OPEN, vendor_status="READY_TO_SHIP", currency="SGD", total=Money.parse("5.00 SGD")
    )
    async with online() as oms:
        with pytest.raises(Refused) as caught:
            await oms.connection.push_order(order, backend())
    assert "Order 26A is in SGD, and store KR-STORE-1 sells in KRW." in str(caught.value)
    assert caught.value.hint == "connect the store of the other currency"


async def test_an_order_with_a_sku_or_carrier_that_the_oms_does_not_know_is_taken_with_its_problems() -> None:
    async with online(default_carrier=None) as oms:
        order = shopee(lines=(line(sku="LAMP"),), shipping_method="Pigeon", shipments=())
        document = await oms.taken(order)
        assert document.problems == (
            "UNKNOWN_SKU in line 1: no product is ordered by SKU 'LAMP'",
            "UNKNOWN_CARRIER: carrier 'Pigeon' is not set up and there is no default",
        )
        lamp = {"csku": "LAMP", "type": "single", "name": "Lamp"}
        await oms.act("POST", "/products", {"products": [lamp]})
        await oms.act("PUT", "/stock", {"levels": [{"isku": "LAMP", "warehouse_code": "WH-1", "sellable": 9}]})
        await oms.act("POST", "/carriers", {"carrier_code": "Pigeon", "name": "Pigeon", "kind": "marketplace"})
        assert (await oms.document(document.id)).problems == ()


async def test_an_illegal_move_is_refused_with_both_states() -> None:
    async with online() as oms:
        document = await oms.taken()
        await oms.act("POST", f"/orders/{document.id}/moves", {"to": "APPROVAL_IN_PROCESS"})
        with pytest.raises(Refused) as caught:
            await oms.follow(shopee(OrderStatus.ARRANGED, "PROCESSED"))
        assert "is APPROVAL_IN_PROCESS and cannot follow the channel's PROCESSED" in str(caught.value)
        assert caught.value.facts == {"oms_state": "APPROVAL_IN_PROCESS", "channel_status": "PROCESSED"}
        assert caught.value.hint == "bring the order on in the OMS, then parked retry"


async def test_cancelling_a_part_is_refused_with_what_to_do() -> None:
    async with online() as oms:
        document = await oms.taken()
        part = CancelOrder(document, CancelReason.OTHER, {"1": Decimal(1)})
        with pytest.raises(Refused, match="cancels whole orders only") as caught:
            await oms.connection.cancel_order(part, backend())
        assert caught.value.hint == "change the order in the OMS"
