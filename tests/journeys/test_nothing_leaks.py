"""No secret and no buyer turns up where it must not: logs, metrics, the API, errors, and what parked items show."""

from __future__ import annotations

import json
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.service import Running, running, until
from tests.journeys.stage import SKUS, Stage, staged
from tests.journeys.test_service import RUNNER, created, pushes_to, write

WHO = {
    "buyer_username": "planted.username",
    "message": "planted message, ring twice",
    "recipient": {
        "name": "Planted Nametan",
        "phone": "6598765432",
        "full_address": "77 Planted Street",
        "zipcode": "049377",
        "town": "Plantedtown",
    },
}
ROUTES = ("/status", "/lanes", "/orders", "/parked", "/audit")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A Shopee that shows its buyers unmasked, as it does to those whom it trusts."""
    async with staged(tmp_path, ["mask_buyers=false"]) as ready:
        write(ready, runner=RUNNER + 'token = "planted-runner-token-0123456789"\n', orders='every = "1d"')
        yield ready


def planted(stage: Stage, token: str) -> set[str]:
    """Everything that must not be found; user names and numbers that mean nothing by themselves are left out."""
    secrets = {"partner_key", "access_token", "refresh_token", "code", "client_secret", "password"}
    values = {str(v) for s in stage.systems.values() for k, v in s.credentials.items() if k in secrets and v}
    recipient = WHO["recipient"]
    assert isinstance(recipient, dict)
    return {
        *values,
        *recipient.values(),
        str(WHO["buyer_username"]),
        str(WHO["message"]),
        token,
        "planted-runner-token",
    }


async def told_by(service: Running, token: str, orders: list[str]) -> dict[str, str]:
    """What the service tells: by address."""
    bearer = {"Authorization": f"Bearer {token}"}
    told = {path: (await service.get(path, **bearer))[1] for path in ("/health", "/metrics")}
    items = [item["item"] for item in json.loads((await service.get("/api/v1/parked", **bearer))[1])]
    paths = [*ROUTES, *(f"/orders/{number}" for number in orders), *(f"/parked/{item}" for item in items)]
    for path in paths:
        status, told[path] = await service.get(f"/api/v1{path}", **bearer)
        assert status == 200, (path, told[path])
    assert items
    return told


async def test_no_secret_and_no_buyer_is_found_anywhere(stage: Stage) -> None:
    token = str((await stage.crossdock("api", "token", "new", "t", "--role", "admin", "--json")).json["token"])
    async with running(stage, "--debug") as run:
        bearer = {"Authorization": f"Bearer {token}"}

        async def rested() -> bool:
            lanes = json.loads((await run.get("/health", **bearer))[1])["lanes"]
            return all(lane["runs"].get("done") for lane in lanes.values())

        await until(rested)
        await pushes_to(stage, run)
        good = await stage.place(**WHO)
        refused = await stage.place(**WHO, items=[{"model_sku": "NOT-THERE", "quantity": 1, "original_price": "9.00"}])

        async def settled() -> bool:
            parked = json.loads((await run.get("/api/v1/parked", **bearer))[1])
            return good in await created(stage) and refused in [item["order"] for item in parked]

        await until(settled)
        await stage.central.faults({"kind": "server_error", "times": 2})
        late = await stage.place(**WHO, items=[{"model_sku": SKUS[1], "quantity": 1, "original_price": "20.00"}])
        assert (await run.post("/push/shop", b'{"code": 3}', authorization="forged"))[0] == 401
        assert (await run.get("/api/v1/status", Authorization="Bearer wrong"))[0] == 401

        async def told_of() -> bool:
            return late in await created(stage)

        await until(told_of)
        garbled = await stage.place(**WHO, paid=False)
        amount = {"path": "item_list.0.model_original_price", "value": "x"}
        await stage.shopee.act("POST", f"/orders/{garbled}/corrupt", amount)
        await stage.shopee.act("POST", f"/orders/{garbled}/pay")

        async def set_aside() -> bool:
            return garbled in (await run.get("/api/v1/parked", **bearer))[1]

        await until(set_aside)
        told = await told_by(run, token, [good, refused])
        assert await run.end(signal.SIGTERM) == 0
    told["log"] = "\n".join(json.dumps(event, ensure_ascii=False) for event in run.logs)
    for words in (
        ("explain", good),
        ("explain", refused),
        ("parked", "show", refused),
        ("parked", "show", garbled),
        ("parked", "list"),
        ("status",),
    ):
        for form in ((), ("--json",)):
            done = await stage.crossdock("--debug", *words, *form)
            told[" ".join((*words, *form))] = done.out + done.err
    received = json.loads(told[f"parked show {garbled} --json"])["received"]
    assert "recipient_address" in received
    assert run.events("http.call")
    assert run.events("http.failed")
    assert len(planted(stage, token)) >= 12
    found = {(where, secret) for where, text in told.items() for secret in planted(stage, token) if secret in text}
    assert found == set()
