"""A server that takes push messages of a simulated system and keeps them for the plugin to read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from crossdock.contract import PushMessage

__all__ = ["mailbox"]


@asynccontextmanager
async def mailbox(path: str = "/push/tested") -> AsyncIterator[tuple[str, list[PushMessage]]]:
    """Serve on loopback until the block ends; hands out the address and the messages that have come."""
    came: list[PushMessage] = []

    async def take(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        came.append(PushMessage(str(request.url), headers, await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post(path, take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{path}", came
    finally:
        await runner.cleanup()
