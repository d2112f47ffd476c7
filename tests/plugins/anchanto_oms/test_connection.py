"""The connection itself: what it compares when it is probed, whom it believes, and what it cannot do."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from crossdock.contract import VERBS, PushAnswer, PushMessage, scope, verbs_of
from crossdock.errors import Refused, SignInAgain
from crossdock_anchanto_oms import plugin, profile
from crossdock_anchanto_oms.connection import AnchantoConnection
from tests.plugins.anchanto_oms.client_kit import START, offline, online, settings

BUILT_IN = Path(profile.__file__).parent / "oms_rest_neutral.toml"
SECRET = "sandbox-event-secret-0001"
SUBJECT = {"order_id": "OMS-00000001", "channel_reference": "R1", "state": "READY_TO_SHIP", "version": 3}
EVENT: dict[str, Any] = {
    "event": "ready_to_ship", "event_id": "evt-1", "seller_code": "SBX-SELLER", "store_code": "KR-STORE-1",
    "occurred_at": "2026-11-21T10:00:00Z", "subject": SUBJECT,
}  # fmt: skip


def message(
    body: Any = EVENT,
    name: str = "ready_to_ship",
    *,
    secret: str = SECRET,
    at: float = START,
    delivery: str = "d-1",
    **changed: str,
) -> PushMessage:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = str(int(at))
    signature = hmac.new(secret.encode(), stamp.encode() + b"." + raw, sha256).hexdigest()
    headers = {
        "x-oms-event": name, "x-oms-delivery-id": delivery, "x-oms-timestamp": stamp,
        "x-oms-signature": f"v1={signature}", **changed,
    }  # fmt: skip
    return PushMessage("http://crossdock.test/push/oms", headers, raw)


async def read(*messages: PushMessage, **known: Any) -> list[PushAnswer]:
    async with offline({}, **known) as oms:
        return [oms.connection.read_push(one) for one in messages]


async def probed(known: dict[str, Any], **options: Any) -> str:
    async with online(known=known, **options) as oms:
        with pytest.raises(Refused) as caught:
            await oms.connection.probe()
        return str(caught.value.code)


async def test_f04_the_probe_names_store_seller_country_and_currency() -> None:
    async with online(known={"store_name": "Sandbox store", "channel_shop_id": "600000"}) as oms:
        found = await oms.connection.probe()
        assert found is not None
        assert found.summary == "store Sandbox store (KR-STORE-1) of SBX-SELLER, KR, KRW"
        assert found.facts["history"] == "90 days"
        assert found.facts["speed"] == "1000 SKUs in 15 minutes"
        assert found.warnings == []


async def test_f04_another_store_name_is_refused() -> None:
    assert await probed({"store_name": "My shop"}) == "store_store_name"


async def test_f02_f06_a_store_of_another_country_is_refused() -> None:
    assert await probed({"country": "SG"}) == "store_country"


async def test_f07_a_store_of_another_currency_is_refused() -> None:
    assert await probed({"currency": "SGD"}) == "store_currency"


async def test_a_store_that_stands_for_another_shop_is_refused() -> None:
    assert await probed({"channel_shop_id": "1"}) == "store_channel_shop_id"


async def test_f05_an_account_with_several_warehouses_needs_one_to_be_chosen() -> None:
    assert await probed({}, multi_warehouse=True) == "warehouse_missing"
    assert await probed({"warehouses": ["WH-9"]}, multi_warehouse=True) == "unknown_warehouse"
    assert await probed({"warehouses": ["WH-3"]}, multi_warehouse=True) == "unknown_warehouse"
    async with online(known={"warehouses": ["WH-1", "WH-2"]}, multi_warehouse=True) as oms:
        assert await oms.connection.probe() is not None


async def test_another_sellers_store_is_refused() -> None:
    assert await probed({"store_code": "FOREIGN-1"}) == "store_not_allowed"
    assert await probed({"store_code": "NOWHERE"}) == "unknown_store"


async def test_one_shop_behind_two_stores_is_refused() -> None:
    store = {
        "store_code": "KR-STORE-1", "name": "A", "country": "KR", "currency": "KRW", "channel_shop_id": "600000",
        "warehouse_codes": ["WH-1"],
    }  # fmt: skip
    answers = {
        "GET /api/v1/account": {"seller_code": "S", "name": "S", "currency": "KRW"},
        "GET /api/v1/stores/KR-STORE-1": store,
        "GET /api/v1/stores": {"items": [store, store | {"store_code": "KR-STORE-2"}]},
        "GET /api/v1/warehouses": {"items": [{"warehouse_code": "WH-1", "active": True}]},
    }
    async with offline(answers) as oms:
        with pytest.raises(Refused, match="connected more than once in the OMS: KR-STORE-1, KR-STORE-2"):
            await oms.connection.probe()


async def test_what_is_missing_for_comfort_is_a_warning() -> None:
    async with online(known={"event_secret": None}, default_carrier=None) as oms:
        found = await oms.connection.probe()
        assert found is not None
        assert len(found.warnings) == 2


async def test_f08_wrong_credentials_are_told_and_passwords_of_people_have_no_place() -> None:
    async with online(known={"client_secret": "wrong"}) as oms:
        with pytest.raises(SignInAgain):
            await oms.connection.probe()
    with pytest.raises(ValidationError):
        settings(password="never")


async def test_f03_an_installation_that_speaks_another_wire_says_so() -> None:
    async with offline({"GET /api/v1/account": httpx.Response(404, text="<html>")}) as oms:
        with pytest.raises(Refused) as caught:
            await oms.connection.probe()
        assert caught.value.hint == "compare base_url and profile with the installation"


async def test_a_signed_event_says_what_to_look_at() -> None:
    (answer,) = await read(message())
    assert [(nudge.flow, nudge.key, nudge.why) for nudge in answer.nudges] == [
        ("orders", "OMS-00000001", "event ready_to_ship")
    ]
    assert answer.message_id == "evt-1"


@pytest.mark.parametrize(
    ("name", "subject", "looks"),
    [
        ("return_update", SUBJECT, [("orders", "OMS-00000001")]),
        ("stock_change", {"skus": ["MUG", "GIFT-SET"]}, [("stock", "MUG"), ("stock", "GIFT-SET")]),
        ("price_change", {"skus": ["MUG"]}, [("products", "MUG")]),
        ("listing_request", {"cskus": ["MUG"]}, [("products", "")]),
        ("sync_request", {"what": "stock"}, [("stock", "")]),
        ("sync_request", {"what": "weather"}, []),
        ("from_the_future", {}, []),
        ("order_creation", {}, []),
    ],
)
async def test_f21_f23_f28_each_event_leads_to_its_flow(
    name: str, subject: dict[str, Any], looks: list[tuple[str, str]]
) -> None:
    (answer,) = await read(message(EVENT | {"subject": subject}, name))
    assert [(nudge.flow, nudge.key) for nudge in answer.nudges] == looks


async def test_an_event_of_another_store_leads_to_nothing() -> None:
    (answer,) = await read(message(EVENT | {"store_code": "KR-STORE-2"}))
    assert answer.nudges == ()
    (answer,) = await read(message(EVENT | {"store_code": None, "occurred_at": "yesterday"}))
    assert answer.nudges[0].at is None


@pytest.mark.parametrize(
    "forged",
    [
        message(secret="another-secret-0001"),
        message(**{"x-oms-signature": "v1=00"}),
        message(**{"x-oms-signature": ""}),
        message(**{"x-oms-timestamp": str(int(START) + 1)}),
        message(at=START - 301),
        message(at=START + 301),
        message(delivery=""),
        message(b"no json"),
    ],
)
async def test_a_message_that_is_forged_old_or_early_is_refused(forged: PushMessage) -> None:
    with pytest.raises(Refused):
        await read(forged)


async def test_a_changed_body_is_refused() -> None:
    good = message()
    with pytest.raises(Refused, match="not signed"):
        await read(PushMessage(good.url, good.headers, good.body.replace(b"R1", b"R2")))


async def test_a_timestamp_that_is_no_number_is_refused_though_it_is_signed() -> None:
    raw = json.dumps(EVENT).encode()
    signature = hmac.new(SECRET.encode(), b"soon." + raw, sha256).hexdigest()
    headers = {"x-oms-timestamp": "soon", "x-oms-signature": f"v1={signature}", "x-oms-delivery-id": "d"}
    with pytest.raises(Refused, match="off our clock"):
        await read(PushMessage("", headers, raw))


async def test_a_delivery_that_comes_twice_is_refused() -> None:
    with pytest.raises(Refused, match="no new delivery"):
        await read(message(), message())
    assert len(await read(message(), message(delivery="d-2"))) == 2


async def test_a_delivery_is_forgotten_once_its_time_is_over() -> None:
    async with offline({}) as oms:
        oms.connection.read_push(message())
        oms.world.clock.advance(601)
        assert oms.connection.read_push(message(at=START + 601)).nudges


async def test_both_secrets_count_while_one_is_exchanged() -> None:
    known = {"event_secret": "brand-new-secret", "previous_event_secret": SECRET}
    assert (await read(message(), **known))[0].nudges
    with pytest.raises(Refused, match="not signed"):
        await read(message(), event_secret="brand-new-secret")


async def test_a_profile_may_have_events_signed_in_base64_over_the_body_alone(tmp_path: Path) -> None:
    text = BUILT_IN.read_text().replace('signature_prefix = "v1="', 'signature_prefix = ""')
    text = text.replace('signed = "{timestamp}.{body}"', 'signed = "{body}"').replace('"hex"', '"base64"')
    (tmp_path / "vendor.toml").write_text(text)
    known = {"profile": str(tmp_path / "vendor.toml")}
    right = b64encode(hmac.digest(SECRET.encode(), json.dumps(EVENT).encode(), sha256)).decode()
    (answer,) = await read(message(**{"x-oms-signature": right}), **known)
    assert [nudge.key for nudge in answer.nudges] == ["OMS-00000001"]
    with pytest.raises(Refused, match="not signed"):
        await read(message(), **known)


async def test_without_a_secret_nobody_is_believed() -> None:
    with pytest.raises(Refused, match="no event_secret"):
        await read(message(), event_secret=None)


def test_f19_f20_f35_f36_what_it_cannot_do_is_said_in_sentences() -> None:
    said = plugin.cannot
    assert "does not activate or deactivate products" in said["delist_product"]
    assert "does not delete products" in said["delete_product"]
    assert "does not split orders" in said["split_order"]
    assert "does not approve or reject returns" in said["answer_return"]
    assert verbs_of(AnchantoConnection).isdisjoint(said)


def test_the_connection_keeps_the_contract() -> None:
    assert verbs_of(AnchantoConnection) <= set(VERBS)
    assert plugin.connection is AnchantoConnection
    assert scope({"oms": object.__new__(AnchantoConnection)}) is not None
