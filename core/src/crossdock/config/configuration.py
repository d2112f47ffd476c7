"""What a configuration is once it was read: everything checked, nothing left to look up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from crossdock.config.alerts import AlertsTable
from crossdock.config.retention import RetentionTable
from crossdock.config.runner import RunnerTable
from crossdock.contract import Plugin, Settings
from crossdock.errors import ConfigError
from crossdock.flows.options import FlowOptions
from crossdock.http import TransportName


@dataclass(frozen=True)
class LedgerConfig:
    """The ledger.

    Attributes:
        url: SQLAlchemy's form; a SQLite path is absolute. May hold a password: never to be shown.
        folder: where files are kept.
        key: encrypts what connections keep; None for a key file in `folder`.
    """

    url: str = field(repr=False)
    folder: Path
    key: SecretStr | None = None


@dataclass(frozen=True)
class ConnectionConfig:
    """One connection.

    Attributes:
        name: in the file.
        plugin: the description of its plugin.
        settings: an instance of `plugin.settings`.
        transport: the HTTP library that carries its requests.
        requests_per_second: the rate it starts with.
        max_in_flight: requests under way at once.
    """

    name: str
    plugin: Plugin
    settings: Settings
    transport: TransportName
    requests_per_second: float
    max_in_flight: int


@dataclass(frozen=True)
class ExtensionConfig:
    """One extension: its name in the file, the description of its plugin, and an instance of `plugin.settings`."""

    name: str
    plugin: Plugin
    settings: Settings


@dataclass(frozen=True)
class RouteConfig:
    """One route.

    Attributes:
        name: in the file.
        channel: name of a connection.
        backend: name of another connection.
        extensions: names, first named, first asked.
        flows: options by flow; a flow that is off is not there.
        channel_options: an instance of the channel plugin's `route_options`; None where it has none.
        backend_options: the same of the backend's.
    """

    name: str
    channel: str
    backend: str
    extensions: tuple[str, ...]
    flows: Mapping[str, FlowOptions]
    channel_options: Settings | None
    backend_options: Settings | None


@dataclass(frozen=True)
class Configuration:
    """A whole configuration.

    Attributes:
        path: the file or folder that it was read from.
        ledger: where the durable memory is.
        connections: by name.
        routes: by name.
        extensions: by name.
        warnings: sentences with their places; nothing that keeps it from working.
        runner: how the service runs.
        left_out: routes that need a plugin which cannot be used, and why; not among `routes`.
        alerts: whom the service tells, and of what.
        retention: how long personal data is kept.
        unusable: connections and extensions whose plugin cannot be used, such as ``("connections", "shop")``, and why;
            not among `connections` and `extensions`.
    """

    path: Path
    ledger: LedgerConfig
    connections: Mapping[str, ConnectionConfig]
    routes: Mapping[str, RouteConfig]
    extensions: Mapping[str, ExtensionConfig]
    warnings: tuple[str, ...] = ()
    runner: RunnerTable = field(default_factory=RunnerTable)
    left_out: Mapping[str, ConfigError] = field(default_factory=dict)
    alerts: AlertsTable = field(default_factory=AlertsTable)
    retention: RetentionTable = field(default_factory=RetentionTable)
    unusable: Mapping[tuple[str | int, ...], ConfigError] = field(default_factory=dict)

    @property
    def plugins(self) -> list[Plugin]:
        """Every plugin that a connection or an extension names; one that several name comes once for each."""
        connected = [config.plugin for config in self.connections.values()]
        return connected + [config.plugin for config in self.extensions.values()]
