"""What one HTTP request costs: CPU of each transport at 1, 16 and 64 in flight, against an instant server.

    python -m benchmarks.http_clients [--json] [--requests N] [--rounds N]

The server runs in a process of its own, so that only the client's CPU (user and system, all threads) is counted. Rounds
are interleaved and medians are shown: compare figures of one run with each other, never with those of another machine.
"""

import argparse
import asyncio
import contextlib
import importlib.metadata
import importlib.util
import json
import multiprocessing
import platform
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import httpx
from aiohttp import web

from crossdock.http import (
    ClientSettings,
    HttpClient,
    Limits,
    RateLimit,
    Request,
    Response,
    Transport,
    TransportSettings,
    shared_tls,
    transport,
)
from crossdock.log import configure

IN_FLIGHT = (1, 16, 64)
BODY = json.dumps({"lines": [{"sku": f"SKU-{n:05}", "quantity": n} for n in range(60)]}).encode()[:2048]
ANSWER = json.dumps({"id": "CO000123", "status": "Open", "lines": list(range(60))}).encode()
LIBRARIES = ("aiohttp", "httpx", "httpx-aiohttp", "pyreqwest", "uvloop")

Send = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Case:
    """One way to send."""

    name: str
    make: Callable[[], Transport]
    fast_loop: bool = False
    through_client: bool = False


def cases() -> list[Case]:
    """Return what can be measured with what is installed."""
    plain = [
        Case("httpx, one client, default pool", SharedHttpx),
        Case("httpx, a client per request in flight", lambda: transport("httpx")),
        Case("aiohttp", lambda: transport("aiohttp")),
        Case("aiohttp, through HttpClient", lambda: transport("aiohttp"), through_client=True),
    ]
    if importlib.util.find_spec("httpx_aiohttp"):
        plain.insert(2, Case("httpx on aiohttp", _httpx_on_aiohttp))
    if importlib.util.find_spec("pyreqwest"):
        plain.append(Case("pyreqwest", lambda: transport("pyreqwest")))
    if not importlib.util.find_spec("uvloop"):
        return plain
    return plain + [Case(f"{case.name}, uvloop", case.make, True, case.through_client) for case in plain]


class SharedHttpx:
    """httpx as most people use it: one client, its own pool, its default limits."""

    def __init__(self) -> None:
        self._client = httpx.AsyncClient(verify=shared_tls(), trust_env=False)

    async def send(self, request: Request) -> Response:
        """Send one request."""
        answer = await self._client.request(
            request.method, request.target, headers=request.headers, content=request.body
        )
        return Response(answer.status_code, answer.headers, answer.content)

    async def aclose(self) -> None:
        """Close the client."""
        await self._client.aclose()


def _httpx_on_aiohttp() -> Transport:
    from httpx_aiohttp import AiohttpTransport

    from crossdock.http.over_httpx import HttpxTransport

    return HttpxTransport(TransportSettings(), AiohttpTransport(limits=httpx.Limits(max_connections=None)))


def serve(ready: Connection) -> None:
    """Answer every request at once, until the process is ended."""

    async def handle(request: web.BaseRequest) -> web.Response:
        await request.read()
        return web.Response(body=ANSWER, content_type="application/json")

    async def run() -> None:
        runner = web.ServerRunner(web.Server(handle, access_log=None))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        ready.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


async def measure(case: Case, url: str, in_flight: int, requests: int) -> float:
    """Return CPU µs per request."""
    carrier = case.make()
    limits = Limits(max_in_flight=in_flight, rate=RateLimit(1e9, burst=1e9))
    client = HttpClient("bench", carrier, ClientSettings(limits=limits))
    send: Send = client.send if case.through_client else carrier.send
    try:
        await _burst(send, url, in_flight, max(in_flight * 3, requests // 10))
        began = time.process_time()
        await _burst(send, url, in_flight, requests)
        return (time.process_time() - began) / requests * 1e6
    finally:
        await client.aclose()


async def _burst(send: Send, url: str, in_flight: int, requests: int) -> None:
    numbers = iter(range(requests))
    headers = {"Content-Type": "application/json", "Authorization": "Bearer not-a-secret"}

    async def worker() -> None:
        for number in numbers:
            request = Request("POST", url, [("page", str(number))], headers, BODY, effect=True, verb="push_order")
            response = await send(request)
            if response.status != 200 or response.body != ANSWER:
                raise RuntimeError(f"unexpected answer {response.status}")

    await asyncio.gather(*(worker() for _ in range(in_flight)))


def loop_factory(*, fast: bool) -> Callable[[], asyncio.AbstractEventLoop]:
    """Return what makes the event loop of a case."""
    if not fast:
        return asyncio.new_event_loop
    import uvloop

    return uvloop.new_event_loop


def run(requests: int, rounds: int) -> dict[str, object]:
    """Measure every case and return figures, versions and machine."""
    figures: dict[tuple[str, int], list[float]] = {}
    with far_side() as url:
        for _ in range(rounds):
            for case in cases():
                for in_flight in IN_FLIGHT:
                    with asyncio.Runner(loop_factory=loop_factory(fast=case.fast_loop)) as runner:
                        cost = runner.run(measure(case, url, in_flight, requests))
                    figures.setdefault((case.name, in_flight), []).append(cost)
    medians: dict[str, dict[int, float]] = {}
    for (name, in_flight), costs in figures.items():
        medians.setdefault(name, {})[in_flight] = round(statistics.median(costs), 1)
    versions = {name: importlib.metadata.version(name) for name in LIBRARIES if _installed(name)}
    return {
        "benchmark": "http_clients",
        "cpu_us_per_request": medians,
        "requests": requests,
        "rounds": rounds,
        "versions": {"python": platform.python_version(), **versions},
        "machine": {"system": platform.platform(), "cores": multiprocessing.cpu_count()},
    }


def _installed(name: str) -> bool:
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return bool(importlib.metadata.version(name))
    return False


@contextlib.contextmanager
def far_side() -> Iterator[str]:
    """Run the server beside us and yield its address."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/orders"
    finally:
        server.terminate()
        server.join()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.http_clients", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--requests", type=int, default=2_000, help="requests a measurement")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the median is shown")
    options = parser.parse_args(arguments)
    configure(level="warning")
    result: dict[str, Any] = run(options.requests, options.rounds)
    if options.json:
        json.dump(result, sys.stdout)
        print()
        return
    print(f"{'CPU µs per request':<40}" + "".join(f"{n:>8} in flight" for n in IN_FLIGHT))
    for name, costs in result["cpu_us_per_request"].items():
        print(f"{name:<40}" + "".join(f"{costs[n]:>18.0f}" for n in IN_FLIGHT))


if __name__ == "__main__":
    main()
