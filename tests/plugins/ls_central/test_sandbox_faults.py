"""Faults on the wire, and what they leave behind."""

import asyncio

import httpx
import pytest

from tests.plugins.ls_central.sandbox_client import ls_central


async def faults(client, **rule):
    await client.operate("PUT", "/faults", {"rules": [{"path": "OmniWrapper", "times": 1, **rule}]})


async def test_an_answer_lost_after_the_create_shows_as_a_duplicate_on_the_second_try():
    async with ls_central() as client:
        await faults(client, kind="lost_answer")
        with pytest.raises(httpx.TransportError):
            await client.create()
        assert (await client.create()).code == "2201"
        (row,) = (await client.filtered("2601010ABCDEFG")).rows("CustomerOrderHeaderV2")
        assert row["DocumentID"] == "CO000001"


async def test_a_request_lost_before_the_create_leaves_nothing():
    async with ls_central() as client:
        await faults(client, kind="lost_request")
        with pytest.raises(httpx.TransportError):
            await client.create()
        assert (await client.create()).text("customerOrderID") == "CO000001"


@pytest.mark.parametrize(("kind", "status"), [("rate_limited", 429), ("unavailable", 503)])
async def test_a_busy_service_says_when_to_come_back(kind, status):
    async with ls_central() as client:
        await faults(client, kind=kind, seconds=7)
        response = await client.http.post(client.codeunit(), content=b"", headers=client.headers)
        assert response.status_code == status
        assert response.headers["Retry-After"] == "7"
        assert (await client.create()).code == "0000"


async def test_creates_at_the_same_moment_make_one_order():
    async with ls_central() as client:
        codes = sorted(answer.code for answer in await asyncio.gather(*(client.create() for _ in range(8))))
        assert codes == ["0000", *["2201"] * 7]
        assert len((await client.operate("GET", "/writes?kind=create_order"))["writes"]) == 1
