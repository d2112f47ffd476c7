"""Processes that may be killed: one that has imported the plugin, and a fork of it for each attempt.

Importing takes a second, a fork some milliseconds, and a fork can be killed without any chance to tidy up.
"""

from __future__ import annotations

import asyncio
import base64
import os
import pickle
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from signal import SIGKILL
from typing import Any

__all__ = ["Job", "Memory", "Nursery", "ahead"]


@dataclass(frozen=True)
class Job:
    """One call of one verb in a process of its own.

    Attributes:
        end: ``channel`` or ``backend``.
        settings: of the connection.
        options: what the route says to it.
        ahead_seconds: by which the system's clock is ahead of this machine's.
        folder: of vault and files.
        verb: what is called.
        arguments: with what; a window for a ``pull_*`` verb.
        result: where the process writes what a pull took, see `Memory`.
    """

    end: str
    settings: Mapping[str, object]
    options: Mapping[str, object]
    ahead_seconds: float
    folder: Path
    verb: str
    arguments: tuple[Any, ...]
    result: Path | None = None


@dataclass(frozen=True)
class Memory:
    """What reading took: items, and bytes in use after each page."""

    items: Sequence[int]
    in_use: Sequence[int]


class Nursery:
    """Runs jobs of one plugin, one after the other.

    Args:
        target: ``module:attribute`` of the plugin.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        self._process: asyncio.subprocess.Process | None = None
        self._child = 0

    async def start(self, job: Job) -> None:
        """Fork a process that does `job`."""
        process = await self._running()
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        process.stdin.write(base64.b64encode(pickle.dumps(job)) + b"\n")
        await process.stdin.drain()
        self._child = int(await self._line())

    def kill(self) -> None:
        """Kill the process, as `kill -9` does."""
        os.kill(self._child, SIGKILL)

    async def ended(self) -> int:
        """Wait for the process; answers its exit status, negative where a signal ended it."""
        return int(await self._line())

    async def close(self) -> None:
        """End everything that was started."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._process.wait()

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "crossdock.testing.forking",
                self._target,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        return self._process

    async def _line(self) -> bytes:
        stream = self._process.stdout if self._process else None
        line = await stream.readline() if stream else b""
        if not line:
            raise RuntimeError(f"the process that holds {self._target} is gone; its last words are above")
        return line


def ahead(now: datetime) -> float:
    """Seconds by which a clock that says `now` is ahead of this machine's."""
    return (now - datetime.now(UTC)).total_seconds()
