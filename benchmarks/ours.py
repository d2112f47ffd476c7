"""crossdock on the same job: a config file, two plugins, the whole engine."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from benchmarks.job import PARTNER_ID, PARTNER_KEY, SHOP_ID, TOKEN, Job
from benchmarks.meter import Meter
from benchmarks.plugins import backend, marketplace
from crossdock import process
from crossdock.config import Configuration, load
from crossdock.contract import Plugin
from crossdock.log import configure
from crossdock.runner import Engine

LOOK_BACK_SECONDS = 300
"""Where lists shift, as in Shopee's; elsewhere every idle poll would read the same thousands of orders again."""
_PLUGINS: dict[str, Plugin] = {plugin.name: plugin for plugin in (marketplace.plugin, backend.plugin)}


async def run(job: Job, meter: Meter) -> dict[str, Any]:
    """Do the job, then poll as often as the job says."""
    configure(level="warning")
    process.quicken()
    async with Engine.open(configuration(job)) as engine:
        await engine.connections.route("bench")
        commits = engine.ledger.database.commits
        meter.start()
        await _until_nothing_is_open(engine)
        told: dict[str, Any] = meter.figures(job.orders)
        told["commits_per_order"] = round((engine.ledger.database.commits - commits) / job.orders, 3)
        if job.polls:
            commits = engine.ledger.database.commits
            cpu = time.process_time()
            for _ in range(job.polls):
                await engine.pull("bench")
            told["cpu_ms_per_idle_poll"] = round((time.process_time() - cpu) / job.polls * 1e3, 2)
            told["commits_per_idle_poll"] = (engine.ledger.database.commits - commits) / job.polls
    return told


async def _until_nothing_is_open(engine: Engine) -> None:
    """Pull, and pull again for what a crash, a lost answer or a broken network left open, as the service does."""
    await engine.pull("bench")
    while (left := await engine.ledger.status("bench")).doubtful or left.waiting:
        await asyncio.sleep(0.1 if left.doubtful else 1)
        await engine.pull("bench")


def configuration(job: Job) -> Configuration:
    """The config file of the job, read as every config file is."""
    path = Path(job.folder) / "crossdock.toml"
    path.write_text(_toml(job))
    return load(path, _PLUGINS.__getitem__)


def _toml(job: Job) -> str:
    transport = "aiohttp" if job.client == "protocol" else job.client
    keys = f'transport = "{transport}"\nmax_in_flight = {job.in_flight}'
    return f"""
allow_plain_secrets = true
[ledger]
url = "{job.database or "sqlite:///crossdock.db"}"
[connections.shop]
plugin = "bench_marketplace"
{keys}
base_url = "{job.marketplace}"
partner_id = {PARTNER_ID}
partner_key = "{PARTNER_KEY}"
shop_id = {SHOP_ID}
token = "{TOKEN}"
look_back_seconds = {LOOK_BACK_SECONDS if job.shift else 0}
[connections.central]
plugin = "bench_backend"
{keys}
base_url = "{job.backend}"
[routes.bench]
channel = "shop"
backend = "central"
[routes.bench.orders]
in_flight = {job.in_flight}
settle_after = "1s" # this backend carries everything out within milliseconds, or never
"""
