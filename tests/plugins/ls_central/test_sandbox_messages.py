"""What the simulated LS Central sends by itself: change notifications and order messages."""

import asyncio
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.plugins.ls_central.sandbox_client import ls_central


class Receiver:
    """A server that takes messages; it echoes validation tokens unless told otherwise."""

    def __init__(self):
        self.messages = asyncio.Queue()
        self.echo = True
        self.statuses = []

    async def take(self, request):
        token = request.query.get("validationToken")
        if token is not None:
            return web.Response(text=token if self.echo else "no")
        await self.messages.put((request.path, await request.json()))
        return web.json_response([], status=self.statuses.pop(0) if self.statuses else 200)

    async def next(self):
        return await asyncio.wait_for(self.messages.get(), 5)


@asynccontextmanager
async def receiver():
    taking = Receiver()
    app = web.Application()
    app.router.add_post("/{path:.*}", taking.take)
    async with TestServer(app) as server:
        taking.url = str(server.make_url("/in"))
        yield taking


async def subscribe(client, taking, resource="items", **more):
    path = f"/api/v2.0/companies({client.credentials['company_id']})/{resource}"
    body = {"notificationUrl": taking.url, "resource": path, "clientState": "secret", **more}
    return await client.http.post(f"{client.online}/api/v2.0/subscriptions", json=body, headers=client.headers)


async def test_a_change_is_notified_half_a_minute_later():
    async with receiver() as taking, ls_central() as client:
        created = (await subscribe(client, taking)).json()
        await client.operate("POST", "/items/40020/price", {"unit_price": "81"})
        await client.operate("POST", "/items/40030/price", {"unit_price": "150"})
        assert taking.messages.empty()
        await client.operate("POST", "/clock", {"advance_seconds": 31})
        _, body = await taking.next()
        assert [entry["changeType"] for entry in body["value"]] == ["updated", "updated"]
        assert body["value"][0]["subscriptionId"] == created["subscriptionId"]
        assert body["value"][0]["clientState"] == "secret"


async def test_a_posted_order_is_notified_as_deleted():
    async with receiver() as taking, ls_central() as client:
        assert (await subscribe(client, taking, "salesOrders")).status_code == 201
        await client.create()
        await client.operate("POST", "/clock", {"advance_seconds": 31})
        _, body = await taking.next()
        assert [entry["changeType"] for entry in body["value"]] == ["created"]
        await client.operate("POST", "/orders/CO000001/post", {})
        await client.operate("POST", "/clock", {"advance_seconds": 31})
        _, body = await taking.next()
        assert [entry["changeType"] for entry in body["value"]] == ["deleted"]


async def test_a_receiver_that_does_not_return_the_token_is_refused():
    async with receiver() as taking, ls_central() as client:
        taking.echo = False
        assert (await subscribe(client, taking)).status_code == 400


async def test_shipments_cannot_be_subscribed_to():
    async with receiver() as taking, ls_central() as client:
        assert (await subscribe(client, taking, "salesShipments")).status_code == 400


async def test_a_busy_receiver_is_tried_again_and_a_refusing_one_loses_the_subscription():
    async with receiver() as taking, ls_central() as client:
        await subscribe(client, taking)
        taking.statuses = [503, 410]
        await client.operate("POST", "/items/40020/price", {"unit_price": "81"})
        await client.operate("POST", "/clock", {"advance_seconds": 31})
        _, first = await taking.next()
        while (await client.operate("GET", "/order-messages"))["waiting"] == []:
            continue
        await client.operate("POST", "/clock", {"advance_seconds": 3600 - 60})
        _, again = await taking.next()
        assert again == first
        await client.sign_in()
        url = f"{client.online}/api/v2.0/subscriptions"
        while (await client.http.get(url, headers=client.headers)).json()["value"]:
            continue


async def test_a_subscription_ends_after_three_days_unless_renewed():
    async with receiver() as taking, ls_central(token_seconds=10**7) as client:
        created = (await subscribe(client, taking)).json()
        url = f"{client.online}/api/v2.0/subscriptions('{created['subscriptionId']}')"
        await client.operate("POST", "/clock", {"advance_seconds": 2 * 86400})
        body = {"notificationUrl": taking.url}
        assert (await client.http.patch(url, json=body, headers=client.headers)).status_code == 400
        headers = {**client.headers, "If-Match": created["@odata.etag"]}
        assert (await client.http.patch(url, json=body, headers=headers)).status_code == 200
        await client.operate("POST", "/clock", {"advance_seconds": 2 * 86400})
        assert (await client.http.get(url, headers=client.headers)).status_code == 200
        await client.operate("POST", "/clock", {"advance_seconds": 2 * 86400})
        assert (await client.http.get(url, headers=client.headers)).status_code == 404


async def test_order_messages_go_to_the_web_shop():
    async with receiver() as taking, ls_central() as client:
        await client.create()
        await client.operate("PUT", "/order-messages", {"url": taking.url})
        await client.operate("POST", "/orders/CO000001/post", {})
        seen = {}
        while not ("orderShipping" in seen and seen["orderMessage"]["HeaderStatus"] == "CLOSED"):
            _, body = await taking.next()
            seen |= body
        assert seen["orderShipping"]["OrderId"] == "CO000001"
        assert seen["orderShipping"]["ShipmentNo"] == "102001"
        assert [line["ItemId"] for line in seen["orderShipping"]["Lines"]] == ["40020", "66010"]


async def test_a_cancellation_by_a_person_is_told_to_the_web_shop():
    async with receiver() as taking, ls_central() as client:
        await client.create()
        await client.operate("PUT", "/order-messages", {"url": taking.url, "wrapped": False})
        await client.operate("POST", "/orders/CO000001/cancel", {})
        path, body = await taking.next()
        assert path.endswith("/OrderMessageStatusUpdate")
        assert [line["NewStatus"] for line in body["Lines"]] == ["CANCELED"]
