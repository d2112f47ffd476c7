"""Push messages: verified first, then never taken for more than a hint."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crossdock.contract import LostPushes, PushAnswer, PushMessage
from crossdock.errors import Refused
from crossdock_shopee.client.pushes import read, relayed
from crossdock_shopee.sign import push_signature
from crossdock_shopee.translate.pushes import KINDS, LOOKS
from tests.plugins.shopee.client_kit import KEY, good, offline, settings

URL = "https://hooks.example/push/shop"
SHOP = 600000


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def message(body: dict[str, Any] | bytes, key: str = KEY, url: str = URL) -> PushMessage:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return PushMessage(URL, {"authorization": push_signature(key.encode(), url, raw)}, raw)


def push(code: int, **data: Any) -> dict[str, Any]:
    return {"code": code, "shop_id": SHOP, "timestamp": 1700000000, "data": data}


ORDER_PUSHES = [
    push(3, ordersn="A1", status="PROCESSED", update_time=1699999999, items=[], completed_scenario=None),
    push(4, ordersn="A1", package_number="P", tracking_no="T"),
    push(8, ordersn="A1", item_id=5, action="place_order"),
    push(15, ordersn="A1", status="READY"),
    push(15, order_sn="A1", status="READY"),
    push(29, order_sn="A1", return_sn="R1", updated_values=[]),
    push(30, ordersn="A1", fulfillment_status="LOGISTICS_READY"),
    push(47, order_sn="A1", changed_fields=["ship_by_date"]),
]


@pytest.mark.parametrize("body", ORDER_PUSHES)
def test_what_concerns_an_order_says_look_at_this_order(body):
    (nudge,) = read(settings(), message(body)).nudges
    assert (nudge.flow, nudge.key) == ("orders", "A1")
    assert nudge.why.startswith(f"push {body['code']}: ")
    assert nudge.at == at(body["data"].get("update_time", 1700000000))


@pytest.mark.parametrize(
    ("body", "flow", "key"),
    [
        (push(7, item_id=5, action="promo_lock_stock"), "stock", ""),
        (push(9, item_id=5), "stock", ""),
        (push(6), "products", ""),
        (push(13, result="Brand Registration Reject"), "products", ""),
        (push(16, item_id=5), "products", "5"),
        (push(22, item_id=5), "products", "5"),
        (push(27, item_id=5), "products", "5"),
    ],
)
def test_what_concerns_goods_says_look_at_the_flow(body, flow, key):
    (nudge,) = read(settings(), message(body)).nudges
    assert (nudge.flow, nudge.key, nudge.at) == (flow, key, at(1700000000))
    assert nudge.why == f"push {body['code']}: {KINDS[body['code']]}"


@pytest.mark.parametrize("code", [1, 5, 10, 11, 23, 24, 25, 28, 31, 33, 34, 35, 36, 37, 38, 999])
def test_chats_news_and_what_nobody_knows_lead_to_nothing(code):
    assert read(settings(), message(push(code, ordersn="A1"))).nudges == ()


def test_every_code_that_leads_anywhere_is_named_in_the_timeline():
    assert LOOKS.keys() <= KINDS.keys()
    (nudge,) = read(settings(), message(push(4, ordersn="A1"))).nudges
    assert nudge.why == "push 4: tracking number"


def test_a_message_without_an_id_is_known_by_its_bytes():
    first, again, other = (read(settings(), message(push(3, ordersn=sn))).message_id for sn in ("A1", "A1", "A2"))
    assert first
    assert first == again != other
    assert len(first) == len(other) == 32


def test_an_order_message_without_an_order_leads_to_nothing():
    assert read(settings(), message(push(3, ordersn=""))).nudges == ()


def test_a_message_of_another_shop_leads_to_nothing():
    assert read(settings(), message({**push(3, ordersn="A1"), "shop_id": 5})).nudges == ()
    within = {"code": 3, "timestamp": 1700000000, "data": {"ordersn": "A1", "shop_id": 5}}
    assert read(settings(), message(within)).nudges == ()
    assert read(settings(), message({**within, "data": {"ordersn": "A1"}})).nudges


@pytest.mark.parametrize(("named", "account"), [({"shop_id": 5}, "5"), ({"shop_id": None}, "")])
def test_the_answer_names_the_shop_that_the_message_is_for(named, account):
    assert read(settings(), message({**push(3, ordersn="A1"), **named})).account == account


def test_the_answer_is_empty_because_a_body_counts_as_a_failure():
    answer = read(settings(), message({**push(3, ordersn="A1"), "msg_id": "64ca"}))
    assert answer.body == b""
    assert answer.message_id == "64ca"


@pytest.mark.parametrize(
    ("body", "expires"),
    [
        ({"code": 12, "data": {"shop_expire_soon": [1, SHOP], "expire_before": 1800000000}}, at(1800000000)),
        ({"code": 12, "data": {"merchant_expire_soon": [77], "expire_before": 1800000000}}, at(1800000000)),
        ({"code": 12, "data": {"shop_expire_soon": [1], "expire_before": 1800000000}}, None),
        ({"code": 2, "timestamp": 1700000000, "data": {"shop_id": SHOP}}, at(1700000000)),
        ({"code": 2, "timestamp": 1700000000, "data": {"shopid": SHOP}}, at(1700000000)),
        ({"code": 2, "timestamp": 1700000000, "data": {"shop_id_list": [SHOP]}}, at(1700000000)),
        ({"code": 2, "timestamp": 1700000000, "data": {"merchant_id": 77}}, at(1700000000)),
        ({"code": 2, "timestamp": 1700000000, "data": {"shop_id": 5}}, None),
    ],
)
def test_an_authorisation_that_ends_is_told(body, expires):
    assert read(settings(merchant_id=77), message(body)).sign_in_expires == expires


def test_a_shop_without_merchant_is_no_merchant():
    body = {"code": 2, "timestamp": 1700000000, "data": {"shop_id": 5, "merchant_id": None}}
    assert read(settings(), message(body)).sign_in_expires is None


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": ""}, {"authorization": "0" * 64}, {"authorization": "\u00e9"}, {"authorization": "\udcff"}],
)
def test_a_message_without_their_signature_is_refused(headers):
    raw = json.dumps(push(3, ordersn="A1")).encode()
    with pytest.raises(Refused, match="not signed by Shopee"):
        read(settings(), PushMessage(URL, headers, raw))


def test_a_body_that_was_written_again_is_refused():
    signed = message(push(3, ordersn="A1"))
    changed = PushMessage(signed.url, signed.headers, signed.body.replace(b" ", b""))
    with pytest.raises(Refused):
        read(settings(), changed)


def test_the_push_key_and_the_address_of_the_console_can_be_set():
    told = settings(push_key="another push key", push_url="https://public.example/")
    signed = message(push(3, ordersn="A1"), key="another push key", url="https://public.example/")
    assert read(told, signed).nudges


@pytest.mark.parametrize("body", [b"", b"test", b"[]", b'{"hello": "shopee"}', b'{"code": 3, "data": 7}'])
def test_a_verified_message_that_cannot_be_read_is_taken_and_leads_to_nothing(body):
    assert read(settings(), message(body)) == PushAnswer()


@pytest.mark.parametrize("seconds", [1700700000000, 10**19, -(10**15)])
def test_a_time_that_no_calendar_has_is_none(seconds):
    (nudge,) = read(settings(), message({**push(3, ordersn="A1"), "timestamp": seconds})).nudges
    assert (nudge.key, nudge.at) == ("A1", None)


async def test_a_connection_reads_pushes():
    async with offline({}) as shop:
        assert shop.connection.read_push(message(push(3, ordersn="A1"))).nudges


async def test_lost_messages_are_handed_on_as_they_were_and_are_confirmed_afterwards():
    texts = [json.dumps(push(3, ordersn="A1")), "broken", json.dumps(push(12))]
    rows = [{"code": 3, "timestamp": 1, "data": text, "shop_id": SHOP} for text in texts[:2]]
    rows.append({"code": 12, "timestamp": 1, "data": texts[2]})
    lost = {"push_message_list": rows, "has_next_page": True, "last_message_id": 176610}
    answers = {"push/get_lost_push_message": good(lost), "push/confirm_consumed_lost_push_message": good()}
    async with offline(answers) as shop:
        found = await shop.connection.pull_lost_pushes()
        assert [one.body.decode() for one in found.messages] == texts
        assert [one.account for one in found.messages] == [str(SHOP), str(SHOP), ""]
        assert (found.up_to, found.more) == ("176610", True)
        await shop.connection.confirm_lost_pushes(found.up_to)
        assert json.loads(shop.far.asked[-1].content) == {"last_message_id": 176610}
        assert "access_token" not in shop.far.asked[-1].url.params


async def test_nothing_lost_needs_no_confirmation():
    answers = {"push/get_lost_push_message": good({"push_message_list": None, "last_message_id": 0})}
    async with offline(answers) as shop:
        assert await shop.connection.pull_lost_pushes() == LostPushes(queue="app 2001887")


async def test_an_app_whose_lost_messages_others_read_is_never_asked_for_them():
    async with offline({}, recover_lost_pushes=False) as shop:
        assert await shop.connection.pull_lost_pushes() == LostPushes()
        assert shop.far.asked == []


@pytest.mark.parametrize(
    ("body", "ours"),
    [
        (push(3, ordersn="A1"), True),
        ({**push(3, ordersn="A1"), "shop_id": 5}, False),
        ({"code": 12, "data": {"shop_expire_soon": [5, SHOP], "expire_before": 1800000000}}, True),
        ({"code": 12, "data": {"shop_expire_soon": [5], "expire_before": 1800000000}}, False),
        ({"code": 2, "timestamp": 1700000000, "data": {"shopid": SHOP}}, True),
        ({"code": 1, "timestamp": 1700000000, "data": {"merchant_id": 77}}, True),
    ],
)
def test_a_message_that_another_shop_received_is_taken_by_whom_it_is_about(body, ours):
    assert (relayed(settings(merchant_id=77), json.dumps(body).encode()) is not None) is ours


def test_a_relayed_message_that_cannot_be_read_is_nobodys():
    assert relayed(settings(), b"broken") is None
