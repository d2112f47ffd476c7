"""The process that has imported a plugin and forks for each job; started by `crossdock.testing.nursery`."""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import os
import pickle
import sys
import tracemalloc
from dataclasses import asdict
from importlib import import_module
from typing import Any

from crossdock import log
from crossdock.clock import SystemClock
from crossdock.contract import Plugin
from crossdock.testing.nursery import Job, Memory
from crossdock.testing.toolbox import connected

__all__ = ["main"]


def main() -> None:
    """Fork for each job that comes in, and tell process and exit status."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever a plugin prints is no answer of ours
    log.configure(level="critical")
    module, _, attribute = sys.argv[1].partition(":")
    plugin: Plugin = getattr(import_module(module), attribute)
    for line in sys.stdin.buffer:
        job: Job = pickle.loads(base64.b64decode(line))  # noqa: S301 - our own parent wrote it
        child = os.fork()
        if child == 0:
            _be_the_child(plugin, job)
        answers.write(f"{child}\n")
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")


def _be_the_child(plugin: Plugin, job: Job) -> None:
    code = 1
    try:
        asyncio.run(_do(plugin, job))
        code = 0
    except Exception as error:  # noqa: BLE001 - the parent only wants to know that it ended
        sys.stderr.write(f"{job.verb}: {type(error).__name__}: {error}\n")
    finally:
        sys.stderr.flush()
        os._exit(code)


async def _do(plugin: Plugin, job: Job) -> None:
    clock = SystemClock(job.ahead_seconds)
    async with connected(plugin, job.end, (job.settings, job.options), clock, job.folder) as desk:
        verb = getattr(desk.ask, job.verb)
        if job.result is None:
            await (verb() if job.verb == "probe" else verb(*job.arguments, desk.route))
            return
        job.result.write_text(json.dumps(asdict(await _measure(verb(*job.arguments, desk.route)))))


async def _measure(pages: Any) -> Memory:
    items, in_use, count = [], [], 0
    gc.freeze()
    tracemalloc.start()
    async for page in pages:
        count += len(page.items)
        del page
        gc.collect()
        items.append(count)
        in_use.append(tracemalloc.get_traced_memory()[0])
    return Memory(tuple(items), tuple(in_use))


if __name__ == "__main__":
    main()
