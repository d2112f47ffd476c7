import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.plugins.shopee.sandbox_client import START, connected, signature


@dataclass
class Receiver:
    """The callback address of a client."""

    url: str = ""
    status: int = 200
    text: str = ""
    got: list[tuple[str, bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((request.headers.get("Authorization", ""), await request.read()))
        return web.Response(status=self.status, text=self.text)

    def messages(self) -> list[Any]:
        return [json.loads(body) for _sign, body in self.got]


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    app = web.Application()
    app.router.add_post("/push", found.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/push"
    try:
        yield found
    finally:
        await runner.cleanup()


def test_the_documented_vector_signs_address_and_raw_body() -> None:
    body = (
        '{"data":{"items":[],"ordersn":"220810QSK8S7BX","status":"PROCESSED","completed_scenario":"",'
        '"update_time":1660123127},"shop_id":727720655,"code":3,"timestamp":1660123127}'
    )
    expected = "c57c23a8cf36ef35c5dab6c4e1660f017fc6f29ee33affdd66b38f2eb361e40c"
    assert signature("test_partner_key", f"http://127.0.0.1:9000/push|{body}") == expected


async def test_a_change_of_an_orders_status_is_pushed_and_signed() -> None:
    async with receiver() as far, connected() as client:
        order_sn = await client.order()
        await client.operate("PUT", "/push", {"url": far.url, "codes": [3]})
        await client.operate("POST", f"/orders/{order_sn}/cancel", {})
        await client.operate("POST", "/push/deliver")
        [(sign, body)] = far.got
        assert sign == signature(client.credentials["partner_key"], f"{far.url}|{body.decode()}")
        data = {"items": [], "ordersn": order_sn, "status": "CANCELLED", "completed_scenario": "", "update_time": START}
        assert json.loads(body) == {"data": data, "shop_id": 600000, "code": 3, "timestamp": START}


async def test_shipping_pushes_the_parcels_status_the_order_and_the_number() -> None:
    async with receiver() as far, connected() as client:
        order_sn = await client.order()
        await client.operate("PUT", "/push", {"url": far.url})
        await client.post("logistics/ship_order", {"order_sn": order_sn, "dropoff": {}})
        await client.advance(180)
        await client.operate("POST", "/push/deliver")
        assert [message["code"] for message in far.messages()] == [30, 3, 4]
        assert far.messages()[2]["data"]["tracking_no"].startswith("SG")


async def test_a_message_goes_out_by_itself() -> None:
    async with receiver() as far, connected() as client:
        await client.operate("PUT", "/push", {"url": far.url})
        await client.order()
        for _ in range(1000):
            if far.got:
                break
            await client.get("shop/get_shop_info")
        assert far.messages()[0]["code"] == 3


async def test_an_answer_with_a_body_does_not_count_and_the_message_comes_again() -> None:
    async with receiver() as far, connected() as client:
        far.text = '{"ok":true}'
        await client.operate("PUT", "/push", {"url": far.url, "codes": [3]})
        await client.order(paid=False)
        assert await client.operate("POST", "/push/deliver") == {"arrived": 0}
        await client.advance(299)
        assert await client.operate("POST", "/push/deliver") == {"arrived": 0}
        before = len(far.got)
        far.text = ""
        await client.advance(1)
        await client.operate("POST", "/push/deliver")
        assert len(far.got) == before + 1
        assert far.got[0] == far.got[-1]


async def test_what_never_arrives_can_be_fetched_and_confirmed_for_three_days() -> None:
    async with receiver() as far, connected() as client:
        far.status = 500
        await client.operate("PUT", "/push", {"url": far.url, "codes": [3]})
        order_sn = await client.order(paid=False)
        for seconds in (0, 300, 1800, 10800):
            await client.advance(seconds)
            await client.operate("POST", "/push/deliver")
        lost = (await client.get("push/get_lost_push_message", {})).response
        [row] = lost["push_message_list"]
        assert (row["code"], row["shop_id"], lost["has_next_page"]) == (3, 600000, False)
        assert json.loads(row["data"])["data"]["ordersn"] == order_sn
        body = {"last_message_id": lost["last_message_id"]}
        assert (await client.post("push/confirm_consumed_lost_push_message", body, {})).error == ""
        assert (await client.get("push/get_lost_push_message", {})).response["push_message_list"] == []


async def test_lost_messages_come_a_hundred_at_a_time_and_are_forgotten_after_three_days() -> None:
    async with connected() as client:
        await client.operate("PUT", "/push", {"url": "http://127.0.0.1:9/push", "codes": [3], "lose": 1})
        await client.operate("POST", "/orders/bulk", {"count": 101, "order": {"paid": False}})
        lost = (await client.get("push/get_lost_push_message", {})).response
        assert (len(lost["push_message_list"]), lost["has_next_page"]) == (100, True)
        body = {"last_message_id": lost["last_message_id"]}
        await client.post("push/confirm_consumed_lost_push_message", body, {})
        lost = (await client.get("push/get_lost_push_message", {})).response
        assert (len(lost["push_message_list"]), lost["has_next_page"]) == (1, False)
        await client.operate("PUT", "/push", {"url": ""})
        await client.advance(3 * 86400 + 1)
        assert (await client.get("push/get_lost_push_message", {})).response["push_message_list"] == []


async def test_messages_can_be_doubled_and_shuffled() -> None:
    async with receiver() as far, connected() as client:
        await client.operate("PUT", "/push", {"url": far.url, "codes": [3], "double": 1, "reorder": True})
        made = (await client.operate("POST", "/orders/bulk", {"count": 20, "order": {"paid": False}}))["order_sns"]
        await client.operate("POST", "/push/deliver")
        seen = [message["data"]["ordersn"] for message in far.messages()]
        assert sorted(seen) == sorted(made * 2)
        assert list(dict.fromkeys(seen)) != made


async def test_the_app_configures_its_pushes_and_the_address_must_answer() -> None:
    async with receiver() as far, connected() as client:
        nowhere = await client.post("push/set_app_push_config", {"set_push_config_on": [3]}, {})
        assert nowhere.error == "error_param"
        dead = await client.post("push/set_app_push_config", {"callback_url": "http://127.0.0.1:9/x"}, {})
        assert "didn't get any response in 3 seconds" in dead.body["message"]
        body = {"callback_url": far.url, "set_push_config_off": [4], "blocked_shop_id_list": [600001]}
        assert (await client.post("push/set_app_push_config", body, {})).response == {"result": "success"}
        config = (await client.get("push/get_app_push_config", {})).response
        assert (config["callback_url"], config["blocked_shop_id"]) == (far.url, [600001])
        assert 4 in config["push_config_off_list"]
        assert 3 in config["push_config_on_list"]


async def test_a_withdrawn_grant_is_told_without_a_shop_id() -> None:
    async with receiver() as far, connected() as client:
        await client.operate("PUT", "/push", {"url": far.url})
        await client.operate("DELETE", "/authorizations/shop/600000")
        await client.operate("POST", "/push/deliver")
        [message] = far.messages()
        assert (message["code"], message["partner_id"], "shop_id" in message) == (2, 2001887, False)
