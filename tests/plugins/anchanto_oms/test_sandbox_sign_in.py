"""Sign-in, the form of errors, limits, and what surrounds every request."""

import pytest

from crossdock.sandbox import Fault, FaultKind, World
from crossdock_anchanto_oms.sandbox import create
from tests.plugins.anchanto_oms.sandbox_client import LONG_AGO, STORE, oms, order_body


async def test_a_token_opens_the_account() -> None:
    async with oms(signed_in=False) as caller:
        answer = await caller.sign_in()
        assert answer.json()["token_type"] == "Bearer"
        assert answer.json()["expires_in"] == 3600
        account = await caller.get("/api/v1/account")
        assert account["seller_code"] == "SBX-SELLER"
        assert account["multi_warehouse"] is False


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "someone"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
async def test_wrong_credentials_are_refused(changes: dict[str, str], status: int, code: str) -> None:
    async with oms(signed_in=False) as caller:
        answer = await caller.sign_in(**changes)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_without_a_good_token_nothing_is_done() -> None:
    async with oms(signed_in=False) as caller:
        assert (await caller.refused("POST", f"{STORE}/orders", order_body()))[:2] == (401, "token_missing")
        caller.token = "made-up"
        assert (await caller.refused("POST", f"{STORE}/orders", order_body()))[:2] == (401, "token_invalid")
        assert caller.world.oracle.writes("create_order") == []


async def test_a_token_expires_and_another_one_works() -> None:
    async with oms() as caller:
        await caller.later(3599)
        await caller.get("/api/v1/account")
        await caller.later(1)
        assert (await caller.refused("GET", "/api/v1/account"))[:2] == (401, "token_expired")
        await caller.sign_in()
        await caller.get("/api/v1/account")


async def test_an_operator_revokes_all_tokens() -> None:
    async with oms() as caller:
        await caller.act("POST", "/tokens/revoke")
        assert (await caller.refused("GET", "/api/v1/account"))[:2] == (401, "token_invalid")


async def test_another_sellers_store_is_forbidden_and_a_missing_one_unknown() -> None:
    async with oms() as caller:
        foreign = await caller.refused("GET", "/api/v1/stores/FOREIGN-1/orders", changed_since=LONG_AGO)
        missing = await caller.refused("GET", "/api/v1/stores/NOWHERE/orders", changed_since=LONG_AGO)
        assert foreign[:2] == (403, "store_not_allowed")
        assert missing[:2] == (404, "unknown_store")


async def test_unknown_paths_and_methods_are_told_apart() -> None:
    async with oms() as caller:
        assert (await caller.refused("GET", "/api/v2/orders"))[:2] == (404, "unknown_path")
        hint = (await caller.ask("GET", "/api/v2/orders")).json()["error"]["message"]
        assert hint == "there is no /api/v2/orders; the paths begin with /api/v1/ or /oauth/token"
        status, code, details = await caller.refused("DELETE", "/api/v1/products/MUG")
        assert (status, code, details["allowed"]) == (405, "method_not_allowed", ["GET", "PUT"])


async def test_a_body_must_be_json_of_the_right_form() -> None:
    async with oms() as caller:
        headers = {"Authorization": f"Bearer {caller.token}"}
        text = await caller.http.post(f"{STORE}/orders", content=b"{}", headers=headers)
        assert (text.status_code, text.json()["error"]["code"]) == (415, "unsupported_media_type")
        headers["Content-Type"] = "application/json"
        broken = await caller.http.post(f"{STORE}/orders", content=b'{"a": ', headers=headers)
        assert (broken.status_code, broken.json()["error"]["code"]) == (400, "malformed_json")


async def test_every_answer_is_numbered_and_logged() -> None:
    async with oms() as caller:
        answer = await caller.ask("GET", "/api/v1/account")
        log = (await caller.act("GET", "/requests"))["requests"]
        assert log[-1] == {
            "id": answer.headers["X-Request-Id"],
            "method": "GET",
            "path": "/api/v1/account",
            "status": 200,
        }


async def test_too_many_requests_are_refused_until_the_minute_is_over() -> None:
    async with oms(requests_per_minute=2) as caller:
        first = await caller.ask("GET", "/api/v1/account")
        assert first.headers["X-RateLimit-Remaining"] == "1"
        await caller.get("/api/v1/account")
        refused = await caller.ask("GET", "/api/v1/account")
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "rate_limited")
        wait = int(refused.headers["Retry-After"])
        assert 1 <= wait <= 60
        await caller.later(wait)
        await caller.get("/api/v1/account")


async def test_an_injected_limit_looks_like_the_real_one() -> None:
    async with oms(Fault(kind=FaultKind.RATE_LIMITED, path="account", times=1, seconds=7)) as caller:
        answer = await caller.ask("GET", "/api/v1/account")
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "7"
        assert answer.json()["error"]["code"] == "rate_limited"
        await caller.get("/api/v1/account")


async def test_some_deployments_answer_refusals_with_200() -> None:
    async with oms() as caller:
        await caller.act("PUT", "/oddities", {"refusals_as_200": True})
        assert (await caller.refused("GET", f"{STORE}/orders/OMS-1"))[:2] == (200, "unknown_order")


async def test_a_write_that_was_not_done_says_so_under_200() -> None:
    async with oms() as caller:
        await caller.act("PUT", "/oddities", {"failing_writes": 1})
        assert (await caller.refused("POST", f"{STORE}/orders", order_body()))[:2] == (200, "temporarily_unavailable")
        assert caller.world.oracle.writes("create_order") == []
        await caller.order()


async def test_the_store_tells_its_country_currency_and_what_the_channel_can_do() -> None:
    async with oms(country="SG", currency="SGD") as caller:
        store = await caller.get(STORE)
        assert (store["country"], store["currency"]) == ("SG", "SGD")
        assert store["capabilities"]["delete_products"] is False
        assert store["capabilities"]["order_history_days"] == 90


async def test_several_warehouses_are_seen_only_where_the_account_has_them() -> None:
    async with oms(multi_warehouse=True) as caller:
        codes = [each["warehouse_code"] for each in (await caller.get("/api/v1/warehouses"))["items"]]
        assert codes == ["WH-1", "WH-2", "WH-3"]
        assert (await caller.get(STORE))["warehouse_codes"] == ["WH-1", "WH-2"]


async def test_f04_no_shop_and_no_name_is_connected_twice_and_each_store_has_one() -> None:
    second = {"store_code": "S2", "name": "Second", "channel_shop_id": "600000", "country": "KR", "currency": "KRW"}
    async with oms() as caller:
        assert "channel_shop_id '600000' is connected already" in await caller.act_refused("POST", "/stores", second)
        await caller.act("POST", "/stores", second | {"channel_shop_id": "600001"})
        assert len((await caller.get("/api/v1/stores"))["items"]) == 2
        third = second | {"store_code": "S3", "channel_shop_id": "600002"}
        assert "name 'Second' is connected already" in await caller.act_refused("POST", "/stores", third)
        nameless = await caller.http.post("/_sandbox/stores", json=third | {"name": ""})
        assert (nameless.status_code, "name" in nameless.text) == (422, True)


async def test_a_store_of_a_multi_warehouse_account_needs_known_warehouses() -> None:
    second = {"store_code": "S2", "name": "Second", "channel_shop_id": "1", "country": "KR", "currency": "KRW"}
    async with oms(multi_warehouse=True) as caller:
        assert "choose warehouses" in await caller.act_refused("POST", "/stores", second)
        assert "no warehouses" in await caller.act_refused("POST", "/stores", second | {"warehouse_codes": ["X"]})


def test_an_option_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="wmss"):
        create(World(), wmss=True)
