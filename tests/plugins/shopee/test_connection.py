"""The plugin as the engine sees it: its description, its verbs, signing in and probing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from crossdock.contract import VERBS as VERBS_OF_THE_CONTRACT
from crossdock.contract import scope, verbs_of
from crossdock.errors import Refused, SignInAgain
from crossdock_shopee import plugin
from crossdock_shopee.config import HOSTS, ShopeeRoute, ShopeeSettings, options_of
from crossdock_shopee.connection import ShopeeConnection
from crossdock_shopee.sign import signature
from tests.plugins.shopee.client_kit import NOW, bad, good, offline, online, route, settings

INFO, EXCHANGE = "shop/get_shop_info", "auth/token/get"
VERBS = {
    "probe", "read_push", "read_relayed_push", "pull_lost_pushes", "confirm_lost_pushes", "sign_in", "sign_in_link",
    "pull_orders", "read_orders", "cancel_order", "answer_cancellation", "pull_returns",
    "arrange_shipment", "fetch_label",
    "pull_stock", "push_stock",
    "pull_products", "find_product", "push_product", "delist_product", "relist_product", "delete_product",
    "push_prices",
}  # fmt: skip


def shop_info(**changes: Any) -> dict[str, Any]:
    return {
        "error": "",
        "shop_name": "My Shop",
        "region": "SG",
        "status": "NORMAL",
        "auth_time": NOW,
        "expire_time": NOW + 300 * 86_400,
        "merchant_id": None,
        **changes,
    }


def test_the_plugin_describes_itself():
    assert (plugin.name, plugin.settings, plugin.route_options) == ("shopee", ShopeeSettings, ShopeeRoute)
    assert plugin.connection is ShopeeConnection
    assert plugin.sandbox == "crossdock_shopee.sandbox:create"


def test_what_shopee_does_not_allow_is_said_for_verbs_that_it_does_not_answer():
    assert plugin.cannot.keys() <= VERBS_OF_THE_CONTRACT.keys() - VERBS


async def test_a_connection_answers_what_a_channel_is_asked():
    async with offline({}) as shop:
        assert verbs_of(ShopeeConnection) == VERBS
        assert scope({"shop": shop.connection})  # refuses a verb that breaks the contract


async def test_every_verb_can_be_asked_through_the_contract():
    async with offline({INFO: shop_info()}) as shop:
        ask = scope({"shop": shop.connection})
        found = await ask.probe()
        assert found.summary.startswith("Shopee shop My Shop (SG), authorised until 2027-")


async def test_a_probe_names_the_shop_and_warns_before_the_authorisation_ends():
    ends = {"expire_time": NOW + 5 * 86_400}
    async with offline({INFO: shop_info(**ends, merchant_id=77)}) as shop:
        found = await shop.connection.probe()
        assert found.facts["shop"] == "My Shop"
        assert found.facts["merchant_id"] == "77"
        assert any("authorisation ends" in warning for warning in found.warnings)
        assert any("merchant_id = 77" in warning for warning in found.warnings)
    async with offline({INFO: shop_info(expire_time=0)}) as shop:
        found = await shop.connection.probe()
        assert (found.summary, found.warnings) == ("Shopee shop My Shop (SG)", [])


@pytest.mark.parametrize(
    ("info", "says"), [({"region": "MY"}, "is in MY, but the connection says SG"), ({"status": "BANNED"}, "is BANNED")]
)
async def test_a_shop_that_is_not_the_one_meant_is_refused(info, says):
    async with offline({INFO: shop_info(**info)}) as shop:
        with pytest.raises(Refused, match=says):
            await shop.connection.probe()


async def test_the_sign_in_page_on_the_apis_host_is_signed():
    async with offline({}) as shop:
        link = urlsplit(await shop.connection.sign_in_link("https://us.example/back?x=1"))
        query = {name: values[0] for name, values in parse_qs(link.query).items()}
        assert (link.netloc, link.path) == ("shopee.test", "/api/v2/shop/auth_partner")
        assert query["redirect"] == "https://us.example/back?x=1"
        assert query["sign"] == signature(b"test_partner_key", 2001887, link.path, NOW)


@pytest.mark.parametrize(
    ("base_url", "host"),
    [("live", "open.shopee.com"), ("live-us", "open.shopee.com.br"), ("http://proxy.example", "open.shopee.com")],
)
async def test_the_newer_sign_in_page_needs_no_signature(base_url, host):
    async with offline({}, sign_in_page="open", base_url=base_url) as shop:
        link = urlsplit(await shop.connection.sign_in_link("https://us.example/back"))
        query = parse_qs(link.query)
        assert (link.netloc, link.path) == (host, "/auth")
        assert query["redirect_uri"] == ["https://us.example/back"]
        assert query["auth_type"] == ["seller"]
        assert "sign" not in query


@pytest.mark.parametrize("account", [{"shop_id": "600000"}, {"main_account_id": "9"}, {}])
async def test_a_code_signs_the_shop_in(account):
    tokens = {"access_token": "new-access", "refresh_token": "new-refresh", "expire_in": 14400}
    answers = {INFO: shop_info(), EXCHANGE: good(**tokens, shop_id_list=[600000], merchant_id_list=[])}
    async with offline(answers, access_token=None, refresh_token=None) as shop:
        found = await shop.connection.sign_in({"code": "code-1", **account})
        assert found.facts["shop"] == "My Shop"
        assert shop.far.asked[-1].url.params["access_token"] == "new-access"
        assert "new-refresh" in shop.vault.kept["tokens/shop_id/600000"]


@pytest.mark.parametrize(
    ("answer", "says"),
    [({}, "without a code"), ({"code": "c", "shop_id": "5"}, "Shop 5 was authorised, but this connection is for shop")],
)
async def test_a_browser_that_brings_the_wrong_thing_back_is_told(answer, says):
    async with offline({}) as shop:
        with pytest.raises(SignInAgain, match=says):
            await shop.connection.sign_in(answer)


async def test_a_used_code_asks_a_person():
    async with offline({EXCHANGE: bad("error_auth", "Invalid code")}) as shop:
        with pytest.raises(SignInAgain, match="Invalid code"):
            await shop.connection.sign_in({"code": "used"})


def test_hosts_have_short_names():
    for name, address in HOSTS.items():
        assert settings(base_url=name).base_url == address
    assert settings(base_url="http://127.0.0.1:8000/").base_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "changes",
    [{"base_url": "sandbax"}, {"region": "XX"}, {"page_size": 101}, {"shop_id": 0}, {"partner_key": ""}, {"typo": 1}],
)
def test_settings_that_cannot_work_are_refused(changes):
    with pytest.raises(ValidationError):
        settings(**changes)


def test_secrets_are_not_shown():
    assert "test_partner_key" not in repr(settings())
    assert "first-refresh" not in str(settings().model_dump())


def test_a_route_that_says_nothing_has_the_defaults():
    nothing: Any = SimpleNamespace(channel=SimpleNamespace(options=None))
    assert options_of(nothing) == ShopeeRoute()
    assert options_of(route(label_type="X")).label_type == "X"


async def test_a_stranger_signs_in_at_the_sandbox_over_http():
    async with online({"access_token": None, "refresh_token": None}) as shop:
        with pytest.raises(SignInAgain):
            await shop.connection.probe()
        known = shop.sandbox.credentials()
        found = await shop.connection.sign_in({"code": str(known["code"]), "shop_id": str(known["shop_id"])})
        assert found.facts["region"] == "SG"
        with pytest.raises(SignInAgain):
            await shop.connection.sign_in({"code": str(known["code"])})


async def test_tokens_of_the_sandbox_are_renewed_when_they_expire():
    async with online() as shop:
        await shop.act("/clock", {"advance_seconds": 4 * 3600 + 10})
        assert (await shop.connection.probe()).facts["region"] == "SG"
        await shop.act("/tokens/shop/600000/expire")
        assert (await shop.connection.probe()).facts["region"] == "SG"


async def test_a_withdrawn_authorisation_of_the_sandbox_asks_a_person():
    async with online() as shop:
        await shop.act("/authorizations/shop/600000", method="DELETE")
        with pytest.raises(SignInAgain):
            await shop.connection.probe()
