"""Where the service listens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from crossdock.config import RunnerTable
from crossdock.errors import ConfigError
from crossdock.runner.doors import Doors, Watch

_BACKLOG = 4_096
"""Callers that may wait to be let in while the service is busy: marketplaces call again and again in a storm, and one
too many finds its connection reset. As many as Linux allows unless told otherwise (`net.core.somaxconn`)."""


@asynccontextmanager
async def listening(watch: Watch, runner: RunnerTable, opened: Callable[[str], None]) -> AsyncIterator[None]:
    """Have the doors open until the block ends.

    Args:
        watch: who is at work behind them.
        runner: where to listen.
        opened: is told the address.

    Raises:
        ConfigError: nothing can listen there.
    """
    server = web.AppRunner(
        Doors(watch, runner).application(), access_log=None, handle_signals=False, shutdown_timeout=5
    )
    await server.setup()
    try:
        await _listen(server, runner)
        port = server.addresses[0][1]
        host = f"[{runner.host}]" if ":" in runner.host else runner.host
        opened(f"http://{host}:{port}")
        yield
    finally:
        await server.cleanup()


async def _listen(server: web.AppRunner, runner: RunnerTable) -> None:
    try:
        await web.TCPSite(server, runner.host, runner.port, backlog=_BACKLOG).start()
    except OSError as error:
        raise ConfigError(
            f"cannot listen on {runner.host}:{runner.port}: {error.strerror}",
            key="runner.port",
            hint="another program listens there; name another port, or 0 for a free one",
        ) from error
