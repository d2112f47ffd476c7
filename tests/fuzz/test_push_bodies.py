"""Whatever is posted to a push address: nothing unsigned is read, and what is signed is read or refused."""

from __future__ import annotations

import asyncio
import hmac
import json
from hashlib import sha256
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crossdock.contract import PushAnswer, PushMessage
from crossdock.errors import Refused
from crossdock_ls_central.pushes import read_push
from crossdock_shopee.client import pushes
from crossdock_shopee.sign import push_signature
from tests.fuzz.mangle import ANYTHING, mangled
from tests.plugins.anchanto_oms import client_kit as oms_kit
from tests.plugins.shopee.client_kit import KEY, settings

URL, SECRET = "https://hooks.example/push/shop", "sandbox-event-secret-0001"
SHOPEE = {"code": 3, "shop_id": 600000, "timestamp": 1700000000, "data": {"ordersn": "A1", "items": [], "status": "X"}}
CHANGES = {"value": [{"clientState": SECRET, "resource": "api/v2.0/companies(2)/items(1)", "changeType": "updated"}]}
EVENT = {"event": "ready_to_ship", "order_id": "SO1", "store_code": "KR-STORE-1", "changed_at": "2026-11-25T09:46:40Z"}

TEXT = st.text(max_size=40) | st.text("\x00\ud800é\r\n", max_size=4)
HEADERS = st.dictionaries(st.sampled_from(["authorization", "x-oms-signature", "x-oms-timestamp", "x-oms-event"]), TEXT)


def bodies(valid: dict[str, Any]) -> st.SearchStrategy[bytes]:
    return mangled(json.dumps(valid).encode()) | ANYTHING.map(lambda value: json.dumps(value).encode()) | st.binary()


def answer(read: Any) -> PushAnswer | None:
    try:
        found = read()
    except Refused:
        return None
    assert isinstance(found, PushAnswer)
    return found


@given(body=bodies(SHOPEE), headers=HEADERS)
def test_shopee_reads_what_is_signed_and_nothing_else(body, headers):
    signed = PushMessage(URL, {"authorization": push_signature(KEY.encode(), URL, body)}, body)
    answer(lambda: pushes.read(settings(), signed))
    assert answer(lambda: pushes.read(settings(), PushMessage(URL, headers, body))) is None


@given(body=bodies(CHANGES), headers=HEADERS, query=TEXT)
def test_ls_central_reads_what_carries_the_secret_and_nothing_else(body, headers, query):
    answer(lambda: read_push(PushMessage(URL, {"x-crossdock-secret": SECRET}, body), SECRET))
    unsigned = answer(lambda: read_push(PushMessage(f"{URL}?secret={query}", headers, body), SECRET))
    assert unsigned is None or SECRET.encode() in body or b'"value": []' in body


@given(body=bodies(EVENT), headers=HEADERS, name=TEXT)
def test_the_oms_reads_what_is_signed_and_nothing_else(body, headers, name):
    async def both() -> None:
        async with oms_kit.offline({}) as oms:
            stamp = str(int(oms_kit.START))
            signature = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, sha256).hexdigest()
            signed = {"x-oms-event": name, "x-oms-delivery-id": "d", "x-oms-timestamp": stamp}
            signed["x-oms-signature"] = f"v1={signature}"
            answer(lambda: oms.connection.read_push(PushMessage(URL, signed, body)))
            assert answer(lambda: oms.connection.read_push(PushMessage(URL, headers, body))) is None

    asyncio.run(both())
