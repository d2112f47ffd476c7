"""The simulated systems: processes of their own, and what a person does in them."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, ClientTimeout

from crossdock.errors import CrossdockError

_PATIENCE_SECONDS = 60
"""How long a sandbox may take to accept connections, on a busy machine."""


@dataclass(frozen=True)
class System:
    """One running sandbox.

    Attributes:
        url: where it accepts connections.
        session: carries the operator's requests.
    """

    url: str
    session: ClientSession

    async def do(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Have a person do something, such as ``/orders/1/pay``."""
        return await self._answer("POST", path, body or {})

    async def look(self, path: str) -> dict[str, Any]:
        """Have a person look at something."""
        return await self._answer("GET", path, None)

    async def change(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Have a person set something."""
        return await self._answer("PUT", path, body)

    async def writes(self, kind: str) -> Counter[str]:
        """How often each key was written by `kind`: the system's own record of what it accepted."""
        found = await self.look(f"/writes?kind={kind}")
        return Counter(write["key"] for write in found["writes"])

    async def _answer(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        async with self.session.request(method, f"{self.url}/_sandbox{path}", json=body) as answer:
            found: dict[str, Any] = json.loads(await answer.text())
            if answer.status != 200:
                raise CrossdockError(f"the sandbox at {self.url} refused {method} {path}: {found}")
            return found


@asynccontextmanager
async def started(*commands: Sequence[str]) -> AsyncIterator[list[System]]:
    """Start a sandbox for each of `commands`, such as ``("shopee", "--option", "region=ID")``, and end them all.

    Raises:
        CrossdockError: one of them does not start.
    """
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession(timeout=ClientTimeout(total=20)))
        processes = [await stack.enter_async_context(_process(command)) for command in commands]
        yield [System(await _announced(process), session) for process in processes]


@asynccontextmanager
async def _process(command: Sequence[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    words = ["-m", "crossdock.cli", "sandbox", *command, "--port", "0", "--json"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=pipe, stderr=pipe)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def _announced(process: asyncio.subprocess.Process) -> str:
    if process.stdout is None or process.stderr is None:
        raise CrossdockError("a sandbox was started without pipes")
    try:
        line = await asyncio.wait_for(process.stdout.readline(), _PATIENCE_SECONDS)
    except TimeoutError:
        raise CrossdockError(f"a sandbox did not start within {_PATIENCE_SECONDS} s") from None
    if not line:
        reason = (await process.stderr.read()).decode().strip().split("\n")[0]
        raise CrossdockError(f"a sandbox did not start: {reason}", hint="try it alone: crossdock sandbox")
    return str(json.loads(line)["url"])
