"""From files to a configuration: every problem of all of them at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from crossdock.config.alerts import AlertsTable
from crossdock.config.configuration import (
    Configuration,
    ConnectionConfig,
    ExtensionConfig,
    LedgerConfig,
    RouteConfig,
)
from crossdock.config.positions import KeyPath
from crossdock.config.problems import ConfigErrors
from crossdock.config.retention import RetentionTable
from crossdock.config.routes import Routes
from crossdock.config.runner import RunnerTable
from crossdock.config.source import Source, read
from crossdock.config.tables import ConnectionKeys, ExtensionKeys, LedgerTable, Table
from crossdock.config.validate import Tables
from crossdock.contract import Plugin, Settings
from crossdock.errors import ConfigError, PluginError

Find = Callable[[str], Plugin]
"""A plugin's name to its description; raises `PluginError`."""

K = TypeVar("K", bound=Table)


def load(
    path: Path, find: Find, environment: Mapping[str, str] | None = None, *, must_remain: int | None = None
) -> Configuration:
    """Read and check the configuration at `path`, a TOML file or a folder of them.

    Args:
        path: the file or folder.
        find: finds the plugins that it names, and only those.
        environment: variables for ``env:NAME``; those of the process unless given.
        must_remain: routes that need a plugin which cannot be used are left out, as long as so many others remain;
            None leaves nothing out.

    Raises:
        ConfigErrors: everything that is wrong, each with file, line and key.
        ConfigError: there is nothing to be read.
    """
    source = read(path)
    tables = Tables(source, os.environ if environment is None else environment)
    ledger = _ledger(source, tables)
    runner = _alone(tables, "runner", RunnerTable)
    alerts, retention = _alone(tables, "alerts", AlertsTable), _alone(tables, "retention", RetentionTable)
    connections = _Named(tables, find).connections()
    extensions = _Named(tables, find).extensions()
    routes = Routes(tables, connections, extensions)
    configs = routes.read()
    out = {name: error for name, route in configs.items() if (error := _missing(route, source))}
    working = {name: route for name, route in configs.items() if name not in out}
    _check_dispatcher(source, ledger, runner)
    usable = not source.unusable or (must_remain is not None and len(working) >= must_remain)
    if source.problems or not (ledger and runner and alerts and retention and usable):
        found = [*source.problems, *source.unusable.values()]
        raise ConfigErrors(sorted(found, key=lambda error: (error.file or "", error.line or 0)))
    warnings, broken = tuple(routes.warnings()), dict(source.unusable)
    return Configuration(
        path, ledger, connections, working, extensions, warnings, runner, out, alerts, retention, broken
    )


def _missing(route: RouteConfig, source: Source) -> ConfigError | None:
    """Why a route cannot run: without one of its extensions it would let through what that holds back."""
    needs: list[KeyPath] = [("connections", route.channel), ("connections", route.backend)]
    needs += [("extensions", name) for name in route.extensions]
    return next((source.unusable[table] for table in needs if table in source.unusable), None)


class _Named:
    """Tables that name a plugin, and are validated by it."""

    def __init__(self, tables: Tables, find: Find) -> None:
        self.tables = tables
        self.find = find

    def connections(self) -> dict[str, ConnectionConfig]:
        found = {}
        for name, table in self.tables.source.named("connections").items():
            read = self._read(("connections", name), table, ConnectionKeys)
            if read is None:
                continue
            keys, plugin, settings = read
            if plugin.connect is None:
                self._report_kind(("connections", name), plugin, "an extension, no system that can be connected to")
                continue
            rate = keys.requests_per_second or plugin.requests_per_second
            found[name] = ConnectionConfig(name, plugin, settings, keys.transport, rate, keys.max_in_flight)
        self._check_one_each(found.values())
        return found

    def _check_one_each(self, found: Iterable[ConnectionConfig]) -> None:
        """What is connected twice is read twice, and its tokens are renewed by two that do not know of each other."""
        first: dict[tuple[object, ...], str] = {}
        for config in found:
            keys = config.plugin.one_each
            if not keys:
                continue
            values = [getattr(config.settings, key) for key in keys]
            other = first.setdefault((config.plugin.name, *values), config.name)
            if other != config.name:
                place = self.tables.source.place(("connections", other))
                message = f"{values[-1]!r} is connected already, as {other!r} ({place})"
                hint = f"let both routes name {other!r}: one connection serves any number of routes"
                self.tables.source.report(("connections", config.name, keys[-1]), message, hint)

    def extensions(self) -> dict[str, ExtensionConfig]:
        found = {}
        for name, table in self.tables.source.named("extensions").items():
            read = self._read(("extensions", name), table, ExtensionKeys)
            if read is None:
                continue
            _, plugin, settings = read
            if plugin.extension is None:
                self._report_kind(("extensions", name), plugin, "a system, no extension")
                continue
            found[name] = ExtensionConfig(name, plugin, settings)
        return found

    def _read(self, path: KeyPath, table: Mapping[str, Any], model: type[K]) -> tuple[K, Plugin, Settings] | None:
        core = {key: value for key, value in table.items() if key in model.model_fields}
        keys = self.tables.read(model, path, core)
        plugin = self._plugin(path, table)
        if plugin is None:
            return None
        own = {key: value for key, value in table.items() if key not in model.model_fields}
        settings = self.tables.read(plugin.settings, path, own, also=tuple(model.model_fields))
        return (keys, plugin, settings) if keys is not None and settings is not None else None

    def _plugin(self, path: KeyPath, table: Mapping[str, Any]) -> Plugin | None:
        name = table.get("plugin")
        if not isinstance(name, str):
            return None  # reported with the other keys
        try:
            return self.find(name)
        except PluginError as error:
            self.tables.source.set_aside(path, str(error), error.hint)
            return None

    def _report_kind(self, path: KeyPath, plugin: Plugin, what: str) -> None:
        self.tables.source.report((*path, "plugin"), f"{plugin.name!r} is {what}")


def _ledger(source: Source, tables: Tables) -> LedgerConfig | None:
    folder = (source.path if source.path.is_dir() else source.path.parent).absolute()
    given = source.tables.get(("ledger",))
    table = LedgerTable() if given is None else tables.read(LedgerTable, ("ledger",), given)
    if table is None:
        return None
    if given is not None and _has_password(str(given.get("url", ""))) and not source.owner(("ledger",)).plain_secrets:
        source.report(("ledger", "url"), "a password may not stand in the file", 'write "env:NAME" or "file:PATH"')
    prefix, path = "sqlite:///", table.url.removeprefix("sqlite:///")
    url = f"{prefix}{(folder / path).resolve()}" if table.url.startswith(prefix) else table.url
    return LedgerConfig(url, (folder / table.folder).resolve(), table.key)


def _alone(tables: Tables, name: str, model: type[K]) -> K | None:
    """A table without a name; one that is not there says nothing."""
    given = tables.source.tables.get((name,))
    return model() if given is None else tables.read(model, (name,), given)


def _check_dispatcher(source: Source, ledger: LedgerConfig | None, runner: RunnerTable | None) -> None:
    """Many machines need a ledger that they can reach."""
    if ledger is None or runner is None or runner.dispatcher == RunnerTable().dispatcher:
        return
    from crossdock.dispatch import find  # which most configurations never need

    try:
        shared = find(runner.dispatcher).shared
    except ConfigError as error:
        source.report(("runner", "dispatcher"), error.message, error.hint)
        return
    if shared and ledger.url.startswith("sqlite"):
        message = f"{runner.dispatcher!r} runs lanes on many machines, which cannot share a ledger in SQLite"
        hint = 'set ledger.url = "postgresql://USER@HOST/DATABASE", or leave the dispatcher out'
        source.report(("runner", "dispatcher"), message, hint)


def _has_password(url: str) -> bool:
    return ":" in url.partition("://")[2].rpartition("@")[0]
