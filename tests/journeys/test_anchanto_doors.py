"""Who may come in: the main account's sign-in for a shop and its merchant, and events that the OMS has signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.journeys.service import Running, at_rest, running, until
from tests.journeys.stage_anchanto import OmsStage, staged_with_oms

pytestmark = pytest.mark.asyncio(loop_scope="module")

REDIRECT = "https://seller.example/callback"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OmsStage]:
    """A shop of a merchant, for which nobody has signed in yet, and an OMS; nothing is looked at by schedule."""
    async with staged_with_oms(tmp_path_factory.mktemp("doors")) as ready:
        rarely = '[routes.krsc.stock]\nevery = "1d"\n[runner]\nport = 0'
        secret = f'event_secret = "{ready.oms.credentials["event_secret"]}"'
        ready.join(orders='every = "1d"', oms=secret, flows=rarely, signed_in=False)
        yield ready


async def came_back(stage: OmsStage, account: str) -> str:
    """The link is opened by somebody who is logged in as `account`; where the browser ends."""
    await stage.shopee.act("PUT", "/login", {"account": account})
    link = (await stage.crossdock("auth", "link", "shop", "--redirect", REDIRECT)).out.strip()
    async with stage.shopee.http.get(link, allow_redirects=False) as answer:
        assert answer.status == 302, await answer.text()
        return answer.headers["Location"]


async def renewals(stage: OmsStage) -> set[str]:
    return {write["key"] for write in await stage.shopee.writes("refresh_token")}


async def test_f08_the_main_account_signs_shop_and_merchant_in_both_are_renewed_and_orders_come(
    stage: OmsStage,
) -> None:
    refused = await stage.crossdock("auth", "finish", "shop", await came_back(stage, "shop"), code=None)
    assert refused.code != 0
    assert f"Shop 600000 was authorised, but this connection is for shop {stage.shop_id}." in refused.err

    address = await came_back(stage, "main")
    assert "main_account_id=" in address
    signed_in = await stage.crossdock("auth", "finish", "shop", address)
    assert "(SG)" in signed_in.out
    for kind, number in (("shop", stage.shop_id), ("merchant", stage.shopee.credentials["merchant_id"])):
        await stage.shopee.act("POST", f"/tokens/{kind}/{number}/expire")
    order = await stage.place()

    await stage.pull()
    await stage.crossdock("pull", "krsc", "stock", code=None)

    assert (await stage.order(order))["state"] == "NEW"
    merchant = stage.shopee.credentials["merchant_id"]
    assert await renewals(stage) == {f"shop_id:{stage.shop_id}", f"merchant_id:{merchant}"}


async def posted(run: Running, body: dict[str, object], delivery: str, secret: str) -> tuple[int, str]:
    """How the service answers an event of the OMS that is signed with `secret` now."""
    raw, stamp = json.dumps(body).encode(), str(int(time.time()))
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    headers = {
        "X-Oms-Event": "ready_to_ship",
        "X-Oms-Delivery-Id": delivery,
        "X-Oms-Timestamp": stamp,
        "X-Oms-Signature": f"v1={signature}",
    }
    return await run.post("/push/oms", raw, **headers)


async def test_an_event_moves_the_order_and_forged_or_replayed_ones_are_refused_and_only_counted(
    stage: OmsStage,
) -> None:
    order = await stage.place()
    await stage.pull()
    subject = {"order_id": (await stage.order(order))["order_id"], "channel_reference": order}
    event = {"event": "ready_to_ship", "event_id": "evt-journey", "store_code": "KR-STORE-1", "subject": subject}
    good = str(stage.oms.credentials["event_secret"])
    async with running(stage) as run:
        await at_rest(run)
        await stage.ready(order)
        assert await posted(run, event, "dlv-forged", "another-secret-0001") == (401, "")
        taken = run.events("push.taken")
        assert (await stage.at_shopee(order))["order_status"] == "READY_TO_SHIP"

        assert await posted(run, event, "dlv-journey", good) == (200, "")
        assert await posted(run, event, "dlv-journey", good) == (401, "")

        async def shipped() -> bool:
            return bool((await stage.at_shopee(order))["order_status"] == "PROCESSED")

        await until(shipped)
        counted = (await run.get("/metrics"))[1]
    assert taken == []
    assert [event["connection"] for event in run.events("push.taken")] == ["oms"]
    assert 'crossdock_push_messages_total{connection="oms",outcome="refused"} 2.0' in counted
    assert 'crossdock_push_messages_total{connection="oms",outcome="taken"} 1.0' in counted


async def test_f21_f23_f28_a_count_and_the_sync_buttons_of_the_oms_are_heard_long_before_the_schedule(
    stage: OmsStage,
) -> None:
    async def mugs_are(wanted: int) -> bool:
        items = (await stage.shopee.act("GET", "/items"))["items"]
        models = [model for item in items if item["shop_id"] == stage.shop_id for model in item["models"]]
        return [sum(model["stock"].values()) for model in models if model["sku"] == "MUG"] == [wanted]

    async def count(pieces: int) -> int:
        level = {"isku": "MUG", "warehouse_code": "WH-1", "sellable": pieces}
        return int((await stage.oms.act("PUT", "/stock", {"levels": [level]}))["levels"][0]["available"])

    async def taken() -> bool:
        return order in {write["key"] for write in await stage.oms.writes("create_order")}

    async with running(stage) as run:
        await at_rest(run)
        hears, deaf = {"url": f"{run.url}/push/oms"}, {"url": None}
        await stage.oms.act("PUT", "/events/target", hears)
        by_itself = await count(61)
        await until(lambda: mugs_are(by_itself))

        await stage.oms.act("PUT", "/events/target", deaf)
        unheard, order = await count(58), await stage.place()
        await stage.oms.act("PUT", "/events/target", hears)
        await stage.oms.act("POST", "/stores/KR-STORE-1/sync", {"what": "stock"})
        await until(lambda: mugs_are(unheard))
        await stage.oms.act("POST", "/stores/KR-STORE-1/sync", {"what": "orders"})
        await until(taken)
        await stage.oms.act("PUT", "/events/target", deaf)


async def test_an_order_that_waits_for_its_invoice_is_there_but_not_to_be_picked_until_the_invoice_is_valid(
    stage: OmsStage,
) -> None:
    order = await stage.place(invoice_pending=True)
    await stage.pull()
    held = await stage.order(order)
    assert (held["state"], held["hold"]) == ("NEW", "channel:INVOICE_PENDING")

    await stage.shopee.act("POST", f"/orders/{order}/invoice")
    await stage.wait(400)
    await stage.pull()

    assert (await stage.order(order))["hold"] is None
    await stage.ready(order)
