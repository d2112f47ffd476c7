from typing import Any

import pytest

from tests.plugins.shopee.sandbox_client import Answer, Client, connected

HOUR = 3600


async def exchange(client: Client, code: str, **account: int) -> Answer:
    body = {"code": code, "partner_id": client.credentials["partner_id"], **account}
    return await client.post("auth/token/get", body, {})


async def refresh(client: Client, token: str, **owner: int) -> Answer:
    body = {"refresh_token": token, "partner_id": client.credentials["partner_id"], **owner}
    return await client.post("auth/access_token/get", body, {})


async def works(client: Client, who: dict[str, Any]) -> bool:
    return (await client.get("shop/get_shop_info", who)).status == 200


async def test_a_code_is_exchanged_once() -> None:
    async with connected() as client:
        code = client.credentials["code"]
        first = await exchange(client, code, shop_id=600000)
        assert first.body["expire_in"] == 14400
        assert await works(client, {"access_token": first.body["access_token"], "shop_id": 600000})
        second = await exchange(client, code, shop_id=600000)
        assert (second.error, second.body["message"]) == ("error_auth", "Invalid code")


async def test_a_code_dies_after_ten_minutes() -> None:
    async with connected() as client:
        await client.advance(600)
        assert (await exchange(client, client.credentials["code"], shop_id=600000)).error == "error_auth"


async def test_a_code_is_good_only_for_the_account_that_logged_in() -> None:
    async with connected() as client:
        code = client.credentials["code"]
        assert (await exchange(client, code, shop_id=600001)).error == "error_auth"
        assert (await exchange(client, code)).error == "error_param"


async def test_a_new_grant_ends_the_old_tokens() -> None:
    async with connected() as client:
        await exchange(client, client.credentials["code"], shop_id=600000)
        assert not await works(client, client.as_shop())
        assert (await refresh(client, client.credentials["refresh_token"], shop_id=600000)).error == "error_auth"


async def test_an_access_token_lives_four_hours() -> None:
    async with connected() as client:
        await client.advance(4 * HOUR - 1)
        assert await works(client, client.as_shop())
        await client.advance(1)
        answer = await client.get("shop/get_shop_info")
        assert (answer.status, answer.error) == (403, "invalid_acceess_token")


async def test_a_used_refresh_token_is_refused() -> None:
    async with connected() as client:
        token = client.credentials["refresh_token"]
        fresh = await refresh(client, token, shop_id=600000)
        assert (fresh.body["shop_id"], fresh.body["partner_id"]) == (600000, 2001887)
        assert await works(client, {"access_token": fresh.body["access_token"], "shop_id": 600000})
        again = await refresh(client, token, shop_id=600000)
        assert (again.error, again.body["message"]) == ("error_auth", "Invalid refresh_token.")
        assert (await refresh(client, fresh.body["refresh_token"], shop_id=600000)).error == ""


async def test_the_old_access_token_works_five_more_minutes_after_a_refresh() -> None:
    async with connected() as client:
        await refresh(client, client.credentials["refresh_token"], shop_id=600000)
        await client.advance(299)
        assert await works(client, client.as_shop())
        await client.advance(1)
        assert not await works(client, client.as_shop())


async def test_a_refresh_token_dies_after_thirty_days() -> None:
    async with connected() as client:
        await client.advance(30 * 24 * HOUR)
        assert (await refresh(client, client.credentials["refresh_token"], shop_id=600000)).error == "error_auth"


async def test_a_main_accounts_first_refresh_token_is_good_once_for_each_id() -> None:
    async with connected() as client:
        code = client.credentials["main_account_code"]
        granted = await exchange(client, code, main_account_id=client.credentials["main_account_id"])
        assert granted.body["merchant_id_list"] == [1000000]
        assert granted.body["shop_id_list"] == [600001, 600002]
        token = granted.body["refresh_token"]
        owners = [{"merchant_id": 1000000}, {"shop_id": 600001}, {"shop_id": 600002}]
        pairs = [(await refresh(client, token, **owner)).body for owner in owners]
        assert len({pair["refresh_token"] for pair in pairs}) == 3
        assert (await refresh(client, token, shop_id=600001)).error == "error_auth"
        assert (await refresh(client, pairs[1]["refresh_token"], shop_id=600002)).error == "error_auth"


async def test_a_merchants_refreshed_token_opens_no_shop() -> None:
    async with connected() as client:
        pair = await refresh(client, client.credentials["merchant_refresh_token"], merchant_id=1000000)
        answer = await client.get("shop/get_shop_info", {"access_token": pair.body["access_token"], "shop_id": 600001})
        assert answer.error == "invalid_acceess_token"


async def test_refusals_can_be_those_of_the_error_tables() -> None:
    async with connected(signin_errors="table") as client:
        assert (await exchange(client, "nonsense", shop_id=600000)).error == "invalid_code"
        assert (await refresh(client, "nonsense", shop_id=600000)).error == "error_shop_refresh_token"


async def test_the_signed_page_sends_the_browser_back_with_a_code() -> None:
    async with connected() as client:
        query = client.common("/api/v2/shop/auth_partner", {})
        page = await client.http.get(
            "/api/v2/shop/auth_partner", params={**query, "redirect": "https://example.com/back?a=1"}
        )
        assert page.status_code == 302
        back = page.next_request.url
        assert (back.host, back.params["a"], back.params["shop_id"]) == ("example.com", "1", "600000")
        assert (await exchange(client, back.params["code"], shop_id=600000)).error == ""


async def test_the_signed_page_refuses_a_stale_link() -> None:
    async with connected() as client:
        query = client.common("/api/v2/shop/auth_partner", {})
        await client.advance(301)
        page = await client.http.get("/api/v2/shop/auth_partner", params={**query, "redirect": "https://example.com"})
        assert page.json()["msg"] == "Timestamp is expired."


async def test_the_unsigned_page_keeps_the_state_and_knows_main_accounts() -> None:
    async with connected() as client:
        await client.operate("PUT", "/login", {"account": "main"})
        page = await client.http.get(
            "/auth",
            params={
                "partner_id": 2001887,
                "auth_type": "seller",
                "response_type": "code",
                "redirect_uri": "https://example.com",
                "state": "s1",
            },
        )
        back = page.next_request.url
        assert (back.params["state"], back.params["main_account_id"]) == ("s1", "900000")


@pytest.mark.parametrize("kind", ["shop", "merchant"])
async def test_a_withdrawn_grant_closes_everything(kind: str) -> None:
    async with connected() as client:
        number = {"shop": 600000, "merchant": 1000000}[kind]
        await client.operate("DELETE", f"/authorizations/{kind}/{number}")
        token = client.credentials["refresh_token" if kind == "shop" else "merchant_refresh_token"]
        assert (await refresh(client, token, **{f"{kind}_id": number})).error == f"{kind}_no_linked"
        assert await works(client, client.as_shop()) is (kind == "merchant")


async def test_an_operator_can_let_tokens_expire() -> None:
    async with connected() as client:
        assert await client.operate("POST", "/tokens/shop/600000/expire") == {"expired": 1}
        assert not await works(client, client.as_shop())
