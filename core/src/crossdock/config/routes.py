"""Routes: their tables, and what only shows across the whole file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crossdock.config.abilities import lacks
from crossdock.config.configuration import ConnectionConfig, ExtensionConfig, RouteConfig
from crossdock.config.positions import KeyPath
from crossdock.config.problems import nearest
from crossdock.config.tables import RouteKeys
from crossdock.config.validate import Tables
from crossdock.contract import Settings
from crossdock.flows.options import FLOWS, FlowOptions, OrdersOptions, StockOptions


class Routes:
    """Reads ``[routes.*]`` once the connections and extensions are known.

    Args:
        tables: the reader of tables.
        connections: those that could be read.
        extensions: those that could be read.
    """

    def __init__(
        self, tables: Tables, connections: Mapping[str, ConnectionConfig], extensions: Mapping[str, ExtensionConfig]
    ) -> None:
        self.tables = tables
        self.source = tables.source
        self.connections = connections
        self.extensions = extensions
        self.keys: dict[str, RouteKeys] = {}

    def read(self) -> dict[str, RouteConfig]:
        """All routes that could be read; problems are reported to the source."""
        routes = {}
        for name, table in self.source.named("routes").items():
            keys = self.tables.read(RouteKeys, ("routes", name), table)
            if keys is not None:
                self.keys[name] = keys
                routes[name] = self._route(name, keys)
        self._check_stock(routes)
        return routes

    def warnings(self) -> Iterator[str]:
        """What is of no use."""
        used = {end for keys in self.keys.values() for end in (keys.channel, keys.backend)}
        asked = {name for keys in self.keys.values() for name in keys.extensions}
        for section, names in (
            ("connections", self.connections.keys() - used),
            ("extensions", self.extensions.keys() - asked),
        ):
            for name in sorted(names):
                yield f"{self.source.place((section, name))}: {section}.{name}: no route uses it"
        if not self.keys:
            yield f"{self.source.path}: there is no route, so nothing is kept in step"
        for name, keys in self.keys.items():
            if all(getattr(keys, flow) is None for flow in FLOWS):
                yield f"{self.source.place(('routes', name))}: routes.{name}: no flow is on, so it does nothing"
        yield from self._arrangers()

    def _arrangers(self) -> Iterator[str]:
        """Two routes that arrange the shipments of one channel: whoever posts first does it for both."""
        first: dict[str, str] = {}
        for name, keys in self.keys.items():
            if keys.orders is None or not keys.orders.get("process_order", OrdersOptions().process_order):
                continue
            other = first.setdefault(keys.channel, name)
            if other != name:
                text = f"routes {other} and {name} both arrange the shipments of {keys.channel}, whichever posts first"
                yield f"{self.source.place(('routes', name, 'orders'))}: {text}; set process_order = false in one"

    def _route(self, name: str, keys: RouteKeys) -> RouteConfig:
        path: KeyPath = ("routes", name)
        channel, backend = self._connection(path, "channel", keys), self._connection(path, "backend", keys)
        if keys.channel == keys.backend:
            self.source.report((*path, "backend"), f"is the channel {keys.channel!r} itself", "name another connection")
        for index, extension in enumerate(keys.extensions):
            self._check_extension((*path, "extensions", index), extension)
        flows = {
            flow: options for flow in FLOWS if (options := self._flow(path, flow, getattr(keys, flow))) is not None
        }
        if channel and backend:
            self._check_abilities(path, flows, channel, backend)
        return RouteConfig(
            name,
            keys.channel,
            keys.backend,
            tuple(keys.extensions),
            {flow: options for flow, options in flows.items() if options.enabled},
            self._options((*path, "channel_options"), keys.channel_options, channel),
            self._options((*path, "backend_options"), keys.backend_options, backend),
        )

    def _connection(self, path: KeyPath, end: str, keys: RouteKeys) -> ConnectionConfig | None:
        name = getattr(keys, end)
        declared = self.source.named("connections")
        if name not in declared:
            self.source.report((*path, end), f"there is no connection {name!r}", nearest(name, declared))
        return self.connections.get(name)

    def _check_extension(self, path: KeyPath, name: str) -> None:
        declared = self.source.named("extensions")
        if name not in declared:
            hint = nearest(name, declared) or f"declare it: [extensions.{name}]"
            self.source.report(path, f"there is no extension {name!r}", hint)

    def _flow(self, path: KeyPath, flow: str, table: Mapping[str, Any] | None) -> FlowOptions | None:
        return None if table is None else self.tables.read(FLOWS[flow], (*path, flow), table)

    def _options(
        self, path: KeyPath, table: Mapping[str, Any] | None, connection: ConnectionConfig | None
    ) -> Settings | None:
        if connection is None:
            return None
        model = connection.plugin.route_options
        if model is None:
            if table:
                self.source.report(path, f"{connection.plugin.title} takes no options of a route", "remove this table")
            return None
        return self.tables.read(model, path, table or {})

    def _check_abilities(
        self, path: KeyPath, flows: Mapping[str, FlowOptions], channel: ConnectionConfig, backend: ConnectionConfig
    ) -> None:
        for flow, options in flows.items():
            for lack in lacks(flow, options, channel, backend) if options.enabled else ():
                hint = f"remove {lack.option}" if lack.option else f"remove [{'.'.join(map(str, path))}.{flow}]"
                self.source.report((*path, flow, lack.option) if lack.option else (*path, flow), lack.sentence, hint)

    def _check_stock(self, routes: Mapping[str, RouteConfig]) -> None:
        """Two routes that show one stock would sell it twice; two that fill one shop would overwrite each other."""
        shops: dict[str, RouteConfig] = {}
        sources: dict[str, list[RouteConfig]] = {}
        for route in routes.values():
            if "stock" in route.flows:
                other = shops.setdefault(route.channel, route)
                if other is not route:
                    self._report_shop(route, other)
                sources.setdefault(route.backend, []).append(route)
        for sharing in sources.values():
            self._check_shares([route for route in sharing if not _stock(route).own_stock])

    def _report_shop(self, route: RouteConfig, other: RouteConfig) -> None:
        message = (
            f"the stock of {route.channel!r} is already set by route {other.name!r} from {other.backend!r} "
            f"({self.source.place(('routes', other.name, 'stock'))})"
        )
        self.source.report(("routes", route.name, "stock"), message, "one backend keeps the stock of a shop")

    def _check_shares(self, sharing: Sequence[RouteConfig]) -> None:
        if any(_stock(route).priority for route in sharing):
            self._check_priorities(sharing)
            return
        whole = sum(_stock(route).percentage for route in sharing)
        if len(sharing) < 2 or whole <= 100:
            return
        first, *others = sharing
        names = ", ".join(repr(route.name) for route in others)
        message = f"routes {names} sell the stock of {first.backend!r} as well, {whole} % of it together"
        hint = "give each a percentage, 100 together, or a priority; or say own_stock = true where the locations differ"
        self.source.report(("routes", first.name, "stock"), message, hint)

    def _check_priorities(self, sharing: Sequence[RouteConfig]) -> None:
        """Each has its own number, and all but the last leave something to the others."""
        backend = sharing[0].backend
        seen: dict[int, RouteConfig] = {}
        for route in sharing:
            priority = _stock(route).priority
            if priority is None:
                message = f"other routes that sell the stock of {backend!r} have a priority, this one has none"
                self.source.report(("routes", route.name, "stock"), message, "give each of them a priority, or none")
            elif seen.setdefault(priority, route) is not route:
                message = f"priority {priority} is that of route {seen[priority].name!r} already"
                self.source.report(("routes", route.name, "stock", "priority"), message, "give each its own number")
        for priority, route in sorted(seen.items())[:-1]:
            options = _stock(route)
            if options.max_listed is None and options.percentage == 100:
                message = f"priority {priority} takes all the stock of {backend!r} and leaves nothing to the others"
                hint = "give it max_listed or a percentage"
                self.source.report(("routes", route.name, "stock", "priority"), message, hint)


def _stock(route: RouteConfig) -> StockOptions:
    options = route.flows["stock"]
    return options if isinstance(options, StockOptions) else StockOptions()
