"""Cancelling orders, in whole or in part, and answering buyers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from crossdock.contract import CancelOrder, CancelReason
from crossdock.errors import Refused
from crossdock.model import OrderStatus
from crossdock_shopee.translate.cancellations import cancel_body
from crossdock_shopee.translate.orders import order
from tests.plugins.shopee.client_kit import bad, good, offline, online, route
from tests.plugins.shopee.order_bodies import item, seen

CANCEL, ANSWER, DETAIL = "order/cancel_order", "order/handle_buyer_cancellation", "order/get_order_detail"
LINE = "846056136-12984093"


def wanted(reason: CancelReason = CancelReason.OTHER, quantities: Any = None, **changes: Any) -> CancelOrder:
    parts = {name: Decimal(quantity) for name, quantity in (quantities or {}).items()}
    return CancelOrder(order(seen(**changes)), reason, parts)


def body(cancel: CancelOrder, region: Any = "SG", **options: Any) -> dict[str, Any]:
    return cancel_body(cancel, region, route(**options).channel.options)


def status(word: str) -> dict[str, Any]:
    return good({"order_list": [{"order_sn": "a", "order_status": word}]})


@pytest.mark.parametrize(
    ("reason", "region", "theirs"),
    [
        (CancelReason.OUT_OF_STOCK, "SG", "OUT_OF_STOCK"),
        (CancelReason.BUYER_ASKED, "SG", "CUSTOMER_REQUEST"),
        (CancelReason.UNDELIVERABLE, "MY", "UNDELIVERABLE_AREA"),
        (CancelReason.UNDELIVERABLE, "SG", "OUT_OF_STOCK"),
        (CancelReason.NOT_PAID, "TW", "OUT_OF_STOCK"),
        (CancelReason.OTHER, "SG", "OUT_OF_STOCK"),
    ],
)
def test_each_reason_has_a_word_of_theirs(reason, region, theirs):
    assert body(wanted(reason), region)["cancel_reason"] == theirs


def test_the_route_says_what_other_reasons_become():
    found = body(wanted(), cancel_other_as="CUSTOMER_REQUEST")
    assert found == {"order_sn": "260910KJBHUJDM", "cancel_reason": "CUSTOMER_REQUEST"}


def test_out_of_stock_names_the_goods():
    found = body(wanted(CancelReason.OUT_OF_STOCK))
    assert found["item_list"] == [{"item_id": 846056136, "model_id": 12984093}]
    assert "partial_cancel_item_list" not in found


def test_a_part_is_cancelled_by_position_and_quantity():
    cancel = wanted(
        CancelReason.BUYER_ASKED, {f"{LINE[:9]}-12984093-1-3": 1}, can_partial_cancel_order=True,
        item_list=[item(order_item_id=1, promotion_group_id=3)],
    )  # fmt: skip
    assert body(cancel)["partial_cancel_item_list"] == [
        {
            "item_id": 846056136,
            "model_id": 12984093,
            "order_item_id": 1,
            "promotion_group_id": 3,
            "model_quantity": 1,
        }
    ]


def test_all_that_is_left_is_the_whole_order():
    cancel = wanted(CancelReason.BUYER_ASKED, {LINE: 1}, item_list=[item(cancelled_qty=1)])
    assert "partial_cancel_item_list" not in body(cancel)


def test_a_part_of_an_order_that_is_cancelled_only_whole_is_refused():
    with pytest.raises(Refused, match="does not allow a part") as caught:
        body(wanted(quantities={LINE: 1}))
    assert caught.value.facts == {"quantities": {LINE: "1"}}

    assert caught.value.hint == "cancel it as a whole, or refund the part in Seller Centre"


def test_lines_that_the_order_does_not_have_are_refused():
    with pytest.raises(Refused, match=r"no line 7-7, 8-8\."):
        body(wanted(quantities={"8-8": 1, "7-7": 1}))


def test_nothing_of_a_line_is_no_part_of_it():
    with pytest.raises(Refused) as caught:
        body(wanted(quantities={LINE: 0, f"{LINE}.2": 1}, item_list=[item(), item()]))
    assert caught.value.facts == {"quantities": {f"{LINE}.2": "1"}}


def test_a_whole_line_of_several_is_a_part_of_the_order():
    pieces = [item(model_quantity_purchased=1), item(item_id=9, order_item_id=9, model_quantity_purchased=1)]
    cancel = wanted(CancelReason.BUYER_ASKED, {LINE: 1}, item_list=pieces, can_partial_cancel_order=True)
    assert [part["item_id"] for part in body(cancel)["partial_cancel_item_list"]] == [846056136]


def test_out_of_stock_stays_so_whatever_stands_for_other_reasons():
    cancel = wanted(CancelReason.OUT_OF_STOCK)
    assert body(cancel, cancel_other_as="CUSTOMER_REQUEST")["cancel_reason"] == "OUT_OF_STOCK"


async def test_an_order_is_cancelled():
    async with offline({CANCEL: good({"update_time": 1})}) as shop:
        receipt = await shop.connection.cancel_order(wanted(CancelReason.BUYER_ASKED), route())
        assert (receipt.already, receipt.note) == (False, "CUSTOMER_REQUEST")
        assert json.loads(shop.far.asked[0].content)["order_sn"] == "260910KJBHUJDM"


async def test_what_was_seen_cancelled_costs_no_call():
    async with offline({}) as shop:
        receipt = await shop.connection.cancel_order(wanted(order_status="CANCELLED"), route())
        assert receipt.already


async def test_what_was_cancelled_meanwhile_is_already():
    async with offline({CANCEL: bad("order.error_limit"), DETAIL: status("CANCELLED")}) as shop:
        assert (await shop.connection.cancel_order(wanted(), route())).already


@pytest.mark.parametrize("now", [status("SHIPPED"), good({"order_list": []})])
async def test_what_has_left_can_no_longer_be_cancelled(now):
    async with offline({CANCEL: bad("order.error_limit", "Can not cancel this order"), DETAIL: now}) as shop:
        with pytest.raises(Refused, match="Can not cancel this order"):
            await shop.connection.cancel_order(wanted(), route())


@pytest.mark.parametrize(("accept", "operation"), [(True, "ACCEPT"), (False, "REJECT")])
async def test_a_buyers_wish_is_answered(accept, operation):
    async with offline({ANSWER: good({"update_time": 1})}) as shop:
        receipt = await shop.connection.answer_cancellation(order(seen()), accept, route())
        assert not receipt.already
        assert json.loads(shop.far.asked[0].content) == {"order_sn": "260910KJBHUJDM", "operation": operation}


@pytest.mark.parametrize(
    ("accept", "now", "already"),
    [
        (True, "CANCELLED", True),
        (True, "READY_TO_SHIP", False),
        (True, "IN_CANCEL", False),
        (False, "READY_TO_SHIP", True),
        (False, "CANCELLED", False),
        (False, "IN_CANCEL", False),
    ],
)
async def test_a_wish_that_nobody_has_any_more_is_settled_or_refused(accept, now, already):
    async with offline({ANSWER: bad("order.cancel_order_invalid_status"), DETAIL: status(now)}) as shop:
        answer = shop.connection.answer_cancellation(order(seen()), accept, route())
        if already:
            assert (await answer).already
        else:
            with pytest.raises(Refused):
                await answer


async def test_an_order_of_the_sandbox_is_cancelled_over_http():
    async with online() as shop:
        number = (await shop.act("/orders"))["order_sn"]
        (found,) = await shop.connection.read_orders([number], route())
        cancel = CancelOrder(found, CancelReason.OUT_OF_STOCK)
        assert not (await shop.connection.cancel_order(cancel, route())).already
        (gone,) = await shop.connection.read_orders([number], route())
        assert gone.status is OrderStatus.CANCELLED
        assert gone.cancellation.by == "seller"
        assert (await shop.connection.cancel_order(cancel, route())).already


@pytest.mark.parametrize("accept", [True, False])
async def test_a_buyer_of_the_sandbox_gets_an_answer_over_http(accept):
    async with online() as shop:
        number = (await shop.act("/orders"))["order_sn"]
        await shop.act(f"/orders/{number}/buyer-cancel-request")
        (asked,) = await shop.connection.read_orders([number], route())
        assert asked.status is OrderStatus.CANCELLING
        await shop.connection.answer_cancellation(asked, accept, route())
        (after,) = await shop.connection.read_orders([number], route())
        assert after.status is (OrderStatus.CANCELLED if accept else OrderStatus.OPEN)
