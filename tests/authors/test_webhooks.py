"""Webhooks of a third party's channel, through the service that runs: signed, an order moves; forged, nothing does."""

from __future__ import annotations

import time
from pathlib import Path

import aiohttp

from tests.authors.bench import ROOT, Bench
from tests.authors.test_third_party import act
from tests.journeys.service import until


async def posted(address: str, body: bytes, signature: str) -> int:
    """The status with which a message is answered."""
    headers = {"Content-Type": "application/json", "Acme-Signature": signature}
    async with aiohttp.ClientSession() as http, http.post(address, data=body, headers=headers) as answer:
        return answer.status


async def test_a_signed_webhook_of_acme_becomes_a_document_and_a_forged_one_is_refused(
    bench: Bench, tmp_path: Path
) -> None:
    with bench.sandboxes("acme", "ls_central") as urls:
        acme, central = urls["acme"], urls["ls_central"]
        config = (ROOT / "examples" / "channel_acme" / "crossdock.toml").read_text()
        config = config.replace("http://127.0.0.1:8714", acme).replace("http://127.0.0.1:8411", central)
        config = config.replace('every = "5m"', 'every = "24h"').replace('every = "1m"', 'every = "24h"')
        (tmp_path / "crossdock.toml").write_text(config + "\n[runner]\nport = 0\n")
        first = act(acme, "POST", "/orders", {"pieces": ["10003"]})
        with bench.service(tmp_path) as service:
            address = f"{service}/push/acme"
            await until(lambda: is_there(central, first["id"]))  # the first look is over, and there is no other one

            forged = act(acme, "POST", "/orders", {"pieces": ["10003"]})
            body = f'{{"event_id": "e1", "topic": "order.created", "order": "{forged["id"]}", "at_ms": 1}}'.encode()
            assert await posted(address, body, f"t={int(time.time())},v1={'0' * 64}") == 401
            assert await posted(address, body, "") == 401
            assert await posted(f"{service}/push/acne", body, "") == 404

            act(acme, "PUT", "/webhook", {"url": address})
            told = act(acme, "POST", "/orders", {"pieces": ["10003", "40020-000"]})
            await until(lambda: is_there(central, told["id"]))
            document = act(central, "GET", f"/orders/{told['id']}")
            assert [line["Number"] for line in document["lines"]][:2] == ["10003", "40020"]
            assert documents(central) == {first["id"], told["id"]}  # nobody looked at what the forged message named


async def is_there(central: str, number: str) -> bool:
    """Whether LS Central has a document for the channel's order."""
    return number in documents(central)


def documents(central: str) -> set[str]:
    """The channel's numbers of all documents."""
    return {row["external_id"] for row in act(central, "GET", "/orders")["orders"]}
