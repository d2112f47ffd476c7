"""Tokens: single use, renewed ahead of time, by one task or process at a time."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from crossdock.errors import Refused, SignInAgain, TryLater
from crossdock_shopee.sign import Level, signature
from tests.plugins.shopee.client_kit import NOW, MemoryVault, bad, good, offline, route

SHOP_INFO = {"error": "", "message": "", "shop_name": "Shop", "region": "SG", "status": "NORMAL", "expire_time": 0}
REFRESH, EXCHANGE, INFO = "auth/access_token/get", "auth/token/get", "shop/get_shop_info"


def pair(number: int, **more: Any) -> dict[str, Any]:
    return good(access_token=f"access-{number}", refresh_token=f"refresh-{number}", expire_in=14400, **more)


def body(request: httpx.Request) -> dict[str, Any]:
    return json.loads(request.content)


def used_tokens(asked: list[httpx.Request]) -> list[str]:
    return [request.url.params["access_token"] for request in asked if "access_token" in request.url.params]


async def test_the_configured_access_token_is_used_until_it_is_refused():
    answers = {INFO: [bad("invalid_acceess_token", "Invalid access_token"), SHOP_INFO], REFRESH: pair(1)}
    async with offline(answers) as shop:
        await shop.connection.probe()
        assert shop.far.paths() == [INFO, REFRESH, INFO]
        assert used_tokens(shop.far.asked) == ["first-access", "access-1"]
        assert body(shop.far.asked[1]) == {
            "refresh_token": "first-refresh",
            "partner_id": 2001887,
            "shop_id": 600000,
        }


@pytest.mark.parametrize("code", ["invalid_acceess_token", "invalid_access_token"])
async def test_both_spellings_of_a_refused_token_lead_to_a_new_one(code):
    async with offline({INFO: [bad(code), SHOP_INFO], REFRESH: pair(1)}) as shop:
        await shop.connection.probe()
        assert used_tokens(shop.far.asked) == ["first-access", "access-1"]


async def test_a_new_token_that_is_refused_too_asks_a_person():
    async with offline({INFO: bad("invalid_access_token"), REFRESH: pair(1)}) as shop:
        with pytest.raises(SignInAgain):
            await shop.connection.probe()


async def test_the_new_pair_is_kept_before_it_is_used():
    kept_when_used = []

    def info(request: httpx.Request) -> dict[str, Any]:
        if request.url.params["access_token"] == "first-access":
            return bad("invalid_access_token")
        kept_when_used.append(json.loads(vault.kept["tokens/shop_id/600000"])["refresh"])
        return SHOP_INFO

    vault = MemoryVault()
    async with offline({INFO: info, REFRESH: pair(1)}, vault) as shop:
        await shop.connection.probe()
    assert kept_when_used == ["refresh-1"]


async def test_a_token_is_renewed_ahead_of_its_end():
    async with offline({INFO: SHOP_INFO, REFRESH: [pair(1), pair(2)]}, access_token=None) as shop:
        await shop.connection.probe()
        shop.clock.seconds += 14400 - 601
        await shop.connection.probe()
        shop.clock.seconds += 2
        await shop.connection.probe()
        assert used_tokens(shop.far.asked) == ["access-1", "access-1", "access-2"]
        assert [body(one)["refresh_token"] for one in shop.far.asked if one.method == "POST"] == [
            "first-refresh",
            "refresh-1",
        ]


async def test_a_renewal_that_fails_for_the_moment_leaves_the_old_token_in_use():
    answers = {INFO: SHOP_INFO, REFRESH: [pair(1), bad("error_server", "sorry")]}
    async with offline(answers, access_token=None) as shop:
        await shop.connection.probe()
        shop.clock.seconds += 14400 - 500
        await shop.connection.probe()
        assert used_tokens(shop.far.asked) == ["access-1", "access-1"]
        shop.clock.seconds += 500
        with pytest.raises(TryLater):
            await shop.connection.probe()


async def test_many_tasks_renew_once():
    async with offline({INFO: SHOP_INFO, REFRESH: [pair(1), bad("error_auth", "Invalid refresh_token.")]},
                       access_token=None) as shop:  # fmt: skip
        await asyncio.gather(*(shop.connection.probe() for _ in range(8)))
        assert shop.far.paths().count(REFRESH) == 1


async def test_two_processes_that_share_a_vault_renew_once():
    vault = MemoryVault()
    refreshes = []

    def refresh(request: httpx.Request) -> dict[str, Any]:
        token = body(request)["refresh_token"]
        known = token not in refreshes
        refreshes.append(token)
        return pair(len(refreshes)) if known else bad("error_auth", "Invalid refresh_token.")

    answers = {INFO: SHOP_INFO, REFRESH: refresh}
    async with offline(answers, vault, access_token=None) as one, offline(answers, vault, access_token=None) as two:
        await asyncio.gather(one.connection.probe(), two.connection.probe())
        for shop in (one, two):
            shop.clock.seconds += 14400
        await asyncio.gather(one.connection.probe(), two.connection.probe())
    assert refreshes == ["first-refresh", "refresh-1"]


async def test_a_process_that_was_overtaken_takes_the_newest_pair_of_the_vault():
    vault = MemoryVault()
    answers = {INFO: SHOP_INFO, REFRESH: [pair(1)]}
    async with offline(answers, vault, access_token=None) as one, offline(answers, vault, access_token=None) as two:
        await one.connection.probe()
        await two.connection.probe()
        vault.kept["tokens/shop_id/600000"] = json.dumps(
            {"access": "access-7", "refresh": "refresh-7", "expires_at": NOW + 14400, "origin": ""}
        )
        two.far.answers[INFO] = [bad("invalid_access_token"), SHOP_INFO]
        await two.connection.probe()
        assert used_tokens(two.far.asked)[-1] == "access-7"
        assert REFRESH not in two.far.paths()


@pytest.mark.parametrize(
    "answer",
    [
        bad("error_auth", "Invalid refresh_token."),
        bad("error_shop_refresh_token", "Your refresh token is error ,please check refresh token or shopid."),
        bad("refresh_token_expired", "Your refresh_token expired."),
        bad("shop_access_expired", "Your access to shop has expired."),
    ],
)
async def test_a_refused_refresh_token_asks_a_person(answer):
    async with offline({INFO: SHOP_INFO, REFRESH: answer}, access_token=None) as shop:
        with pytest.raises(SignInAgain) as caught:
            await shop.connection.probe()
    assert "refresh token" in (caught.value.hint or "")


async def test_a_new_refresh_token_in_the_config_revives_a_dead_shop():
    vault = MemoryVault()
    async with offline({INFO: SHOP_INFO, REFRESH: pair(1)}, vault, access_token=None) as shop:
        await shop.connection.probe()

    def refresh(request: httpx.Request) -> dict[str, Any]:
        fresh = body(request)["refresh_token"] == "brand-new"
        return pair(5) if fresh else bad("error_auth", "Invalid refresh_token.")

    async with offline(
        {INFO: SHOP_INFO, REFRESH: refresh}, vault, access_token=None, refresh_token="brand-new"
    ) as shop:
        shop.clock.seconds += 14400
        await shop.connection.probe()
        assert used_tokens(shop.far.asked) == ["access-5"]


async def test_nobody_signed_in_is_said_so():
    async with offline({}, access_token=None, refresh_token=None) as shop:
        with pytest.raises(SignInAgain, match="No tokens are known for shop_id 600000"):
            await shop.connection.probe()


async def test_a_code_is_exchanged_once():
    answers = {INFO: SHOP_INFO, EXCHANGE: pair(1)}
    vault = MemoryVault()
    secrets = {"access_token": None, "refresh_token": None, "code": "code-1"}
    async with offline(answers, vault, **secrets) as shop:
        await shop.connection.probe()
        assert body(shop.far.asked[0]) == {"code": "code-1", "partner_id": 2001887, "shop_id": 600000}
    async with offline(answers, vault, **secrets) as shop:
        await shop.connection.probe()
        assert shop.far.paths() == [INFO]


async def test_a_moment_instead_of_seconds_is_understood():
    answer = good(access_token="access-1", refresh_token="refresh-1", expire_in=NOW + 14400)
    vault = MemoryVault()
    async with offline({INFO: SHOP_INFO, REFRESH: answer}, vault, access_token=None) as shop:
        await shop.connection.probe()
    assert json.loads(vault.kept["tokens/shop_id/600000"])["expires_at"] == NOW + 14400


async def test_the_pair_of_a_main_account_serves_shop_and_merchant_once_each():
    answers = {
        EXCHANGE: pair(1, shop_id_list=[600000], merchant_id_list=[1000000]),
        REFRESH: [pair(2), pair(3)],
        INFO: SHOP_INFO,
    }
    secrets = {"access_token": None, "refresh_token": None, "code": "code-1"}
    async with offline(answers, **secrets, main_account_id=900000, merchant_id=1000000) as shop:
        await shop.connection.probe()
        await shop.gateway.tokens[Level.MERCHANT].ready()
        assert shop.gateway.tokens[Level.MERCHANT].access == "access-1"
        shop.clock.seconds += 14400
        await shop.connection.probe()
        await shop.gateway.tokens[Level.MERCHANT].ready()
        sent = [body(one) for one in shop.far.asked if one.method == "POST"]
        assert sent[0] == {"code": "code-1", "partner_id": 2001887, "main_account_id": 900000}
        assert [(one["refresh_token"], one.get("shop_id"), one.get("merchant_id")) for one in sent[1:]] == [
            ("refresh-1", 600000, None),
            ("refresh-1", None, 1000000),
        ]


async def test_a_main_account_without_this_shop_is_refused():
    answers = {EXCHANGE: pair(1, shop_id_list=[5], merchant_id_list=[])}
    async with offline(answers, access_token=None, refresh_token=None, code="c-1234", main_account_id=9) as shop:
        with pytest.raises(SignInAgain, match="did not grant shop 600000"):
            await shop.connection.probe()


async def test_a_main_account_without_this_merchant_is_refused():
    answers = {EXCHANGE: pair(1, shop_id_list=[600000], merchant_id_list=[7])}
    async with offline(answers, access_token=None, refresh_token=None, merchant_id=1000000) as shop:
        with pytest.raises(SignInAgain, match="Main account 9 did not grant merchant 1000000") as caught:
            await shop.connection.sign_in({"code": "c-1234", "main_account_id": "9"})
        assert caught.value.hint == 'sign in again and tick "Auth Merchant", or correct merchant_id'
        assert shop.vault.kept == {}


async def test_a_shop_of_a_merchant_is_not_signed_in_by_its_own_account():
    async with offline({}, access_token=None, refresh_token=None, merchant_id=1000000) as shop:
        with pytest.raises(SignInAgain, match="without merchant 1000000 to whom its products belong"):
            await shop.connection.sign_in({"code": "c-1234", "shop_id": "600000"})
        assert shop.far.asked == []


async def test_a_shop_of_another_merchant_is_refused_with_both():
    async with offline({INFO: {**SHOP_INFO, "merchant_id": 7}}, merchant_id=1000000) as shop:
        with pytest.raises(
            Refused, match="Shop 600000 belongs to merchant 7, but the connection says 1000000"
        ) as caught:
            await shop.connection.probe()
        assert caught.value.hint == "set merchant_id = 7"


async def test_a_shops_code_does_not_sign_the_merchant_in():
    secrets = {"access_token": None, "refresh_token": None, "code": "code-1"}
    async with offline({EXCHANGE: pair(1)}, **secrets, merchant_id=1000000) as shop:
        with pytest.raises(SignInAgain, match="merchant_id 1000000"):
            await shop.gateway.tokens[Level.MERCHANT].ready()


async def test_every_try_is_signed_anew():
    answers = {INFO: [httpx.Response(503), SHOP_INFO]}
    async with offline(answers) as shop:
        await shop.connection.probe()
        first, second = shop.far.asked
        assert int(second.url.params["timestamp"]) >= int(first.url.params["timestamp"])
        for request in (first, second):
            query = request.url.params
            moment = int(query["timestamp"])
            expected = signature(b"test_partner_key", 2001887, request.url.path, moment, query["access_token"], 600000)
            assert query["sign"] == expected


async def test_tokens_never_show_in_errors():
    async with offline(
        {INFO: SHOP_INFO, REFRESH: bad("error_auth", "Invalid refresh_token.")}, access_token=None
    ) as shop:
        with pytest.raises(SignInAgain) as caught:
            await shop.connection.read_orders(["a"], route())
    assert "first-refresh" not in f"{caught.value} {caught.value.hint}"
