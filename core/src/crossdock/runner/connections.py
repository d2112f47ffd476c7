"""Opening connections: each with its own HTTP client, vault and verbs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from crossdock.clock import Clock
from crossdock.config import Configuration, ConnectionConfig
from crossdock.contract import Observe, Route, Side, Toolbox, Verbs, scope, verbs_of
from crossdock.errors import ConfigError, PluginError
from crossdock.flows.options import StockOptions
from crossdock.http import (
    Classify,
    ClientSettings,
    HttpClient,
    Limits,
    RateLimit,
    Request,
    Response,
    classify_status,
    request_id_header,
    transport,
)
from crossdock.ledger import Ledger
from crossdock.ledger.limits import SharedLimits


class Connections:
    """The open connections of one process; each is opened when it is first asked for, and all are closed together.

    Args:
        configuration: names what can be opened.
        ledger: keeps what connections must remember.
        clock: the only source of time.
        observe: stands between the engine and every method that answers a verb.
    """

    def __init__(
        self, configuration: Configuration, ledger: Ledger, clock: Clock, observe: Observe | None = None
    ) -> None:
        self._configuration = configuration
        self._ledger = ledger
        self._clock = clock
        self._observe = observe
        self._quota = SharedLimits(ledger.database) if ledger.database.is_shared else None
        self._stack = AsyncExitStack()
        self._open: dict[str, object] = {}
        self._opening: dict[str, asyncio.Lock] = {}
        self._extensions: dict[str, object] = {}
        self._routes: dict[str, Route] = {}
        self._scopes: dict[tuple[str, ...], Verbs] = {}
        self.clients: dict[str, HttpClient] = {}
        """By connection, for metrics."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def connection(self, name: str) -> object:
        """The open connection of this name.

        Raises:
            ConfigError: there is none in the configuration.
        """
        config = self._configuration.connections.get(name)
        if config is None:
            known = ", ".join(sorted(self._configuration.connections))
            raise ConfigError(f"there is no connection {name!r}", hint=f"the connections are {known}")
        async with self._opening.setdefault(name, asyncio.Lock()):  # two lanes may ask for it at once
            if name not in self._open:
                self._open[name] = await self._connect(config)
        return self._open[name]

    async def ask(self, name: str) -> Verbs:
        """The verbs of one connection alone, without extensions: to probe it, to sign in, to read push messages."""
        return self._scope({name: await self.connection(name)})

    async def route(self, name: str) -> Route:
        """The route of this name, with both connections open.

        Raises:
            ConfigError: there is none in the configuration.
        """
        if name not in self._routes:
            self._routes[name] = await self._join(name)
        return self._routes[name]

    def neighbours(self, name: str) -> dict[str, StockOptions]:
        """The other routes that sell the same stock as route `name`, with their options."""
        routes = self._configuration.routes
        mine = routes[name].flows.get("stock")
        return {
            other.name: options
            for other in routes.values()
            if other.name != name
            and not (isinstance(mine, StockOptions) and mine.own_stock)
            and other.backend == routes[name].backend
            and isinstance(options := other.flows.get("stock"), StockOptions)
            and not options.own_stock
        }

    async def _join(self, name: str) -> Route:
        config = self._configuration.routes.get(name)
        if config is None:
            known = ", ".join(sorted(self._configuration.routes)) or "none"
            raise ConfigError(f"there is no route {name!r}", hint=f"the routes are {known}")
        channel, backend = await self.connection(config.channel), await self.connection(config.backend)
        extensions = {name: self._extension(name) for name in config.extensions}
        return Route(
            name,
            self._side(config.channel, channel, extensions, config.channel_options),
            self._side(config.backend, backend, extensions, config.backend_options),
            self._scope(extensions | {config.channel: channel, config.backend: backend}),
            config.flows,
        )

    def _scope(self, plugins: dict[str, object]) -> Verbs:
        """One for all that ask the same: a service with many shops keeps many of them."""
        names = tuple(plugins)
        if names not in self._scopes:
            self._scopes[names] = scope(plugins, self._observe)
        return self._scopes[names]

    def _side(self, name: str, connection: object, extensions: dict[str, object], options: object) -> Side:
        plugin = self._configuration.connections[name].plugin
        return Side(
            name,
            self._scope(extensions | {name: connection}),
            verbs_of(connection),
            options,  # type: ignore[arg-type]  # an instance of the plugin's own route_options
            plugin.refuses_duplicates,
        )

    def _extension(self, name: str) -> object:
        if name not in self._extensions:
            config = self._configuration.extensions[name]
            if config.plugin.extension is None:
                raise PluginError("it is no extension", plugin=config.plugin.name)
            self._extensions[name] = config.plugin.extension(config.settings)
        return self._extensions[name]

    async def _connect(self, config: ConnectionConfig) -> object:
        if config.plugin.connect is None:
            raise PluginError("it is an extension, no system that can be connected to", plugin=config.plugin.name)
        toolbox = Toolbox(
            config.name,
            self._clock,
            self._opens_http(config),
            self._ledger.vault(config.name),
            self._ledger.folder,
        )
        return await self._stack.enter_async_context(config.plugin.connect(config.settings, toolbox))

    def _opens_http(self, config: ConnectionConfig) -> Callable[..., HttpClient]:
        rate = RateLimit(config.requests_per_second, burst=max(1.0, config.requests_per_second))

        def open_http(
            *,
            classify: Classify = classify_status,
            sign: Callable[[Request], Request] | None = None,
            request_id: Callable[[Response], str | None] = request_id_header,
        ) -> HttpClient:
            limits = Limits(max_in_flight=config.max_in_flight, rate=rate)
            settings = ClientSettings(limits, classify=classify, sign=sign, request_id=request_id)
            client = HttpClient(
                config.name, transport(config.transport), settings, clock=self._clock, quota=self._quota
            )
            self._stack.push_async_callback(client.aclose)
            self.clients[config.name] = client
            return client

        return open_http
