"""The real plugins on the same kind of job: Shopee's orders become LS Central's Customer Orders, in the sandboxes.

The sandboxes take their time, so that orders per second are theirs; what counts is the engine's CPU per order.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.command import arguments, show, spread
from benchmarks.meter import Meter

_SKUS = ("40020-000", "40020-001", "40020-002")


@contextmanager
def sandbox(name: str, *options: str) -> Iterator[dict[str, Any]]:
    """Run a simulated system; yields its address and credentials."""
    command = [sys.executable, "-m", "crossdock.cli", "sandbox", name, "--port", "0", "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            announced: dict[str, Any] = json.loads(process.stdout.readline())
            yield announced
        finally:
            process.terminate()


async def place(address: str, orders: int) -> None:
    """Let buyers order."""
    numbers = iter(range(orders))

    async def buyer(http: aiohttp.ClientSession) -> None:
        for number in numbers:
            item = {"model_sku": _SKUS[number % len(_SKUS)], "quantity": 1, "original_price": "20.00"}
            async with http.post(f"{address}/_sandbox/orders", json={"items": [item]}) as answer:
                answer.raise_for_status()

    async with aiohttp.ClientSession() as http:
        await asyncio.gather(*(buyer(http) for _ in range(8)))


def shop_table(name: str, shopee: Mapping[str, Any]) -> str:
    """The connection `name` to a simulated shop."""
    shop = shopee["credentials"]
    return f"""
[connections.{name}]
plugin = "shopee"
region = "{shop["region"]}"
base_url = "{shopee["url"]}"
shop_id = {shop["shop_id"]}
partner_id = {shop["partner_id"]}
partner_key = "{shop["partner_key"]}"
access_token = "{shop["access_token"]}"
refresh_token = "{shop["refresh_token"]}"
requests_per_second = 1000
"""


def central_table(central: Mapping[str, Any]) -> str:
    """The connection to a simulated company."""
    company = central["credentials"]
    return f"""
[connections.central]
plugin = "ls_central"
base_url = "{central["url"]}{company["online_path"]}"
token_url = "{central["url"]}{company["token_path"]}"
tenant = "{company["tenant"]}"
company = "{company["company"]}"
store = "{company["store"]}"
client_id = "{company["client_id"]}"
client_secret = "{company["client_secret"]}"
requests_per_second = 1000
"""


def toml(shopee: Mapping[str, Any], central: Mapping[str, Any]) -> str:
    """The config file that joins both."""
    return f"""
allow_plain_secrets = true
{shop_table("shop", shopee)}
{central_table(central)}
[routes.sg]
channel = "shop"
backend = "central"
[routes.sg.orders]
[routes.sg.backend_options]
shipping_item = "66010"
default_tender = "1"
"""


async def pull(folder: Path, orders: int) -> dict[str, float]:
    """Run the route once, in this process."""
    from crossdock.config import load
    from crossdock.discovery import find
    from crossdock.log import configure
    from crossdock.runner import Engine

    configure(level="warning")
    async with Engine.open(load(folder / "crossdock.toml", find)) as engine:
        await engine.connections.route("sg")
        meter = Meter()
        meter.start()
        report = await engine.pull("sg")
        if report.count("create") != orders:
            raise RuntimeError(f"{report.count('create')} of {orders} orders were created: {report.results[:3]}")
        calls = {name: round(client.stats.calls / orders, 3) for name, client in engine.connections.clients.items()}
        figures = meter.figures(orders)
        return figures | {f"{name}_calls_per_order": count for name, count in calls.items()}


def one_round(orders: int) -> dict[str, float]:
    """Measure once, with fresh systems."""
    with ExitStack() as stack:
        shopee, central = (stack.enter_context(sandbox(name)) for name in ("shopee", "ls_central"))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        asyncio.run(place(shopee["url"], orders))
        (folder / "crossdock.toml").write_text(toml(shopee, central))
        return asyncio.run(pull(folder, orders))


def main(given: Sequence[str]) -> None:
    """Run and print."""
    options = arguments("sandboxes", __doc__ or "", given, orders=500, rounds=1)
    rounds = [one_round(options.orders) for _ in range(options.rounds)]
    found = {name: spread([one[name] for one in rounds]) for name in rounds[0]}
    show("sandboxes", {"engine": found, "orders": options.orders}, as_json=options.json)
