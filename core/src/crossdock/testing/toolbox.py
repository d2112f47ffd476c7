"""What the kit lends to a connection: the engine's own HTTP client over a transport that knows which call is held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import cast

from crossdock.clock import Clock
from crossdock.contract import Plugin, Route, Side, Toolbox, Verbs, verbs_of
from crossdock.errors import ConfigError, PluginError
from crossdock.http import (
    Classify,
    ClientSettings,
    HttpClient,
    Limits,
    Request,
    Response,
    Transport,
    classify_status,
    request_id_header,
    transport,
)
from crossdock.http.transport import answer_lost
from crossdock.testing.stage import Desk
from crossdock.testing.vault import FileVault

__all__ = ["CALL", "CONNECTION", "Held", "connected"]

CONNECTION = "tested"
"""What the connection is called."""
CALL = "X-Crossdock-Call"
"""Header by which the proxy tells the transport which call it holds; it never reaches the system."""


class Held:
    """Calls that the proxy answers so late that any time limit is over."""

    def __init__(self) -> None:
        self._calls: dict[str, asyncio.Event] = {}
        self._count = 0

    def enter(self) -> tuple[str, asyncio.Event]:
        """Number a call that is about to be sent."""
        self._count += 1
        number = str(self._count)
        self._calls[number] = asyncio.Event()
        return number, self._calls[number]

    def leave(self, number: str) -> None:
        """Forget a call that has ended."""
        self._calls.pop(number, None)

    def hold(self, headers: Mapping[str, str]) -> None:
        """The time limit of the call with these headers is over now."""
        number = headers.get(CALL)
        if number in self._calls:
            self._calls[number].set()


class _Impatient:
    """A transport whose time limits end when the kit says so, without any real time passing."""

    def __init__(self, inner: Transport, held: Held) -> None:
        self._inner = inner
        self._held = held

    async def send(self, request: Request) -> Response:
        number, over = self._held.enter()
        sending = asyncio.ensure_future(
            self._inner.send(replace(request, headers={**(request.headers or {}), CALL: number}))
        )
        waiting = asyncio.ensure_future(over.wait())
        try:
            await asyncio.wait({sending, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                raise answer_lost(TimeoutError())
            return sending.result()
        finally:
            self._held.leave(number)
            for task in (sending, waiting):
                task.cancel()
            await asyncio.gather(sending, waiting, return_exceptions=True)

    async def aclose(self) -> None:
        await self._inner.aclose()


@asynccontextmanager
async def connected(
    plugin: Plugin,
    end: str,
    given: tuple[Mapping[str, object], Mapping[str, object]],
    clock: Clock,
    folder: Path,
    held: Held | None = None,
) -> AsyncIterator[Desk]:
    """Open a connection of `plugin` as the engine does, alone at its end of a route.

    Args:
        plugin: what is tested.
        end: ``channel`` or ``backend``.
        given: the connection's settings, and what the route says to it.
        clock: the system's time.
        folder: of the vault and of files.
        held: which calls the proxy holds; None where nobody does.
    """
    if plugin.connect is None:
        raise PluginError("it is an extension, which has no verbs that the kit could ask", plugin=plugin.name)
    async with AsyncExitStack() as stack:
        opens = _opens_http(clock, held, stack)
        toolbox = Toolbox(CONNECTION, clock, opens, FileVault(folder), folder)
        settings = _valid(plugin, lambda: plugin.settings.model_validate(given[0]))
        connection = await stack.enter_async_context(plugin.connect(settings, toolbox))
        ask = _ask(connection)
        options = plugin.route_options.model_validate(given[1]) if plugin.route_options else None
        ours = Side(CONNECTION, ask, verbs_of(connection), options, plugin.refuses_duplicates)
        other = Side("other", cast("Verbs", SimpleNamespace()))
        ends = (ours, other) if end == "channel" else (other, ours)
        yield Desk(ask, Route("tested-route", *ends, ask), clock)


def _ask(connection: object) -> Verbs:
    """The connection's own verbs. Its class was checked when the plugin was loaded, and no extension is in the way."""
    return cast("Verbs", SimpleNamespace(**{verb: getattr(connection, verb) for verb in verbs_of(connection)}))


def _valid(plugin: Plugin, make: Callable[[], object]) -> object:
    try:
        return make()
    except ValueError as error:
        raise ConfigError(f"the stage's settings are not accepted by plugin {plugin.name}: {error}") from error


def _opens_http(clock: Clock, held: Held | None, stack: AsyncExitStack) -> Callable[..., HttpClient]:
    def open_http(
        *,
        classify: Classify = classify_status,
        sign: Callable[[Request], Request] | None = None,
        request_id: Callable[[Response], str | None] = request_id_header,
    ) -> HttpClient:
        settings = ClientSettings(Limits(max_in_flight=16), classify=classify, sign=sign, request_id=request_id)
        carrier = _Impatient(transport("aiohttp"), held) if held else transport("aiohttp")
        client = HttpClient(CONNECTION, carrier, settings, clock=clock, random=Random(1))  # noqa: S311 - jitter
        stack.push_async_callback(client.aclose)
        return client

    return open_http
