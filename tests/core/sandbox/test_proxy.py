"""The fault proxy: it changes nothing but what its rules say, and does faults to whatever is behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from crossdock.sandbox import Fault, FaultKind, FaultProxy, FaultSchedule, Passing, proxying


class System:
    """Remembers what it was asked, and answers with its own address."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.raw_path, dict(request.headers), await request.read()))
        return web.json_response({"next": f"{self.url}/page/2"}, headers={"Location": f"{self.url}/made", "X-Own": "1"})


@asynccontextmanager
async def between(*faults: Fault, keeps_back: frozenset[str] = frozenset()) -> AsyncIterator[tuple[System, FaultProxy]]:
    system = System()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", system.answer)
    async with TestServer(app) as server:
        system.url = str(server.make_url("")).rstrip("/")
        standing = FaultProxy(system.url, FaultSchedule(faults), keeps_back=keeps_back)
        async with proxying(standing):
            yield system, standing


async def ask(address: str, method: str = "GET", **more: Any) -> tuple[int, dict[str, str], bytes]:
    async with aiohttp.ClientSession() as session, session.request(method, address, **more) as answer:
        return answer.status, dict(answer.headers), await answer.read()


async def test_paths_queries_bodies_and_headers_stay_as_they_are_so_that_signatures_hold() -> None:
    async with between() as (system, proxy):
        await ask(f"{proxy.url}/a%2Fb/c", "POST", params={"sign": "x=y&z"}, data=b"\x00raw", headers={"X-Sign": "s"})
        method, path, headers, body = system.asked[0]
        assert (method, path, body) == ("POST", "/a%2Fb/c?sign=x%3Dy%26z", b"\x00raw")
        assert (headers["X-Sign"], headers["Host"]) == ("s", system.url.removeprefix("http://"))


async def test_links_in_answers_lead_back_through_the_proxy() -> None:
    async with between() as (_, proxy):
        status, headers, body = await ask(proxy.url)
        assert (status, headers["Location"], headers["X-Own"]) == (200, f"{proxy.url}/made", "1")
        assert f"{proxy.url}/page/2".encode() in body


async def test_an_answer_is_lost_after_the_system_carried_the_request_out() -> None:
    async with between(Fault(kind=FaultKind.LOST_ANSWER, path="/orders", times=1)) as (system, proxy):
        with pytest.raises(aiohttp.ClientError):
            await ask(f"{proxy.url}/orders", "POST")
        assert len(system.asked) == 1
        assert (await ask(f"{proxy.url}/orders", "POST"))[0] == 200


@pytest.mark.parametrize(
    ("fault", "status", "wait"),
    [
        (Fault(kind=FaultKind.RATE_LIMITED, seconds=7), 429, "7"),
        (Fault(kind=FaultKind.RATE_LIMITED), 429, None),
        (Fault(kind=FaultKind.UNAVAILABLE, seconds=3), 503, "3"),
        (Fault(kind=FaultKind.SERVER_ERROR), 500, None),
        (Fault(kind=FaultKind.STATUS, status=451), 451, None),
        (Fault(kind=FaultKind.NOT_JSON), 200, None),
    ],
)
async def test_a_refusal_never_reaches_the_system(fault: Fault, status: int, wait: str | None) -> None:
    async with between(fault) as (system, proxy):
        answered, headers, _ = await ask(proxy.url)
        assert (answered, headers.get("Retry-After")) == (status, wait)
        assert system.asked == []


async def test_an_answer_is_cut_in_its_middle() -> None:
    async with between(Fault(kind=FaultKind.TRUNCATED)) as (system, proxy):
        with pytest.raises(aiohttp.ClientPayloadError):
            await ask(proxy.url)
        assert len(system.asked) == 1


async def test_what_is_for_the_proxy_only_is_kept_back() -> None:
    async with between(keeps_back=frozenset({"x-mine"})) as (system, proxy):
        await ask(proxy.url, headers={"X-Mine": "1"})
        assert "X-Mine" not in system.asked[0][2]


async def test_a_system_that_cannot_be_reached_is_named() -> None:
    async with proxying(FaultProxy("http://127.0.0.1:1")) as proxy:
        status, _, body = await ask(proxy.url)
        assert (status, body.startswith(b"The fault proxy cannot reach http://127.0.0.1:1: ")) == (502, True)


async def test_whoever_stands_beside_it_sees_each_call_and_may_change_or_cut_answers() -> None:
    class Beside:
        seen: list[Passing]

        def __init__(self) -> None:
            self.seen = []

        async def arrived(self, passing: Passing) -> bool:
            self.seen.append(passing)
            return passing.path != "/shut"

        async def answered(self, passing: Passing, body: bytes) -> bytes | None:
            return None if passing.path == "/cut" else b"changed"

    async with between() as (system, proxy):
        proxy.watcher = beside = Beside()
        assert (await ask(f"{proxy.url}/open"))[2] == b"changed"
        for path in ("/shut", "/cut"):
            with pytest.raises(aiohttp.ClientError):
                await ask(proxy.url + path, "POST")
        assert [(one.path, one.status) for one in beside.seen] == [("/open", 200), ("/shut", 0), ("/cut", 0)]
        assert [path for _, path, *_ in system.asked] == ["/open", "/cut"]
