"""From names to plugins: stevedore finds and loads what the config names, and nothing else.

Importing a plugin is the only I/O here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from stevedore import ExtensionManager, NamedExtensionManager

from crossdock.contract import CONTRACT, GROUP, Plugin, Settings, verbs_of
from crossdock.contract.check import check
from crossdock.errors import PluginError


@dataclass(frozen=True)
class Installed:
    """A plugin that could be loaded: its name, the distribution it comes from with version, and its entry point."""

    name: str
    distribution: str
    target: str


def installed() -> list[Installed]:
    """Everything that is offered under ``crossdock.plugins``, by name. Imports nothing."""
    found = [Installed(point.name, _distribution(point), point.value) for point in entry_points(group=GROUP)]
    return sorted(found, key=lambda plugin: (plugin.name, plugin.distribution))


def find(name: str) -> Plugin:
    """Load the plugin `name`.

    Raises:
        PluginError: it is not installed, installed twice, cannot be imported, or breaks the contract.
    """
    return load([name])[name]


def distribution_of(name: str) -> str | None:
    """Distribution and version that offer the plugin `name`; None for a plugin that was handed in by a test."""
    return next((plugin.distribution for plugin in installed() if plugin.name == name), None)


def load(names: Iterable[str]) -> dict[str, Plugin]:
    """Load exactly the plugins `names`.

    Raises:
        PluginError: one is not installed, installed twice, cannot be imported, or breaks the contract.
    """
    wanted = list(dict.fromkeys(names))
    _refuse_doubles(wanted)
    manager: _Manager = _Manager(
        GROUP, wanted, on_load_failure_callback=_cannot_import, on_missing_entrypoints_callback=_not_installed
    )
    return {found.name: _checked(found.name, found.entry_point, cast(object, found.plugin)) for found in manager}


class _Manager(NamedExtensionManager[Any]):
    """stevedore over live metadata: its cache hides fresh installations, and forgets distributions."""

    def list_entry_points(self) -> list[EntryPoint]:
        return list(entry_points(group=self.namespace))


def _refuse_doubles(wanted: Sequence[str]) -> None:
    """Counted here: stevedore only notices doubles that are neighbours, and then takes the last."""
    for name in wanted:
        offers = [plugin for plugin in installed() if plugin.name == name]
        if len(offers) > 1:
            raise PluginError(
                f"{len(offers)} distributions offer it: {' and '.join(offer.distribution for offer in offers)}",
                plugin=name,
                hint="uninstall all but one",
            )


def _not_installed(missing: Iterable[str]) -> None:
    name = sorted(missing)[0]
    names = sorted({plugin.name for plugin in installed()})
    close = get_close_matches(name.lower().replace("-", "_"), names, n=1)
    known = f"installed: {', '.join(names)}" if names else "no plugin is installed"
    hint = f"did you mean {close[0]!r}?" if close else "install the distribution that offers it"
    raise PluginError(f"it is not installed ({known})", plugin=name, hint=hint)


def _cannot_import(_manager: ExtensionManager[Any], point: EntryPoint, error: BaseException) -> None:
    if not isinstance(error, Exception):
        raise error
    raise PluginError(
        f"{point.value} cannot be imported: {type(error).__name__}: {error}",
        plugin=point.name,
        distribution=_distribution(point),
        hint="install what it needs, or ask who wrote it; --debug shows where it fails",
    ) from error


def _checked(name: str, point: EntryPoint, plugin: object) -> Plugin:
    def refuse(message: str, hint: str | None = None) -> PluginError:
        return PluginError(message, plugin=name, distribution=_distribution(point), hint=hint)

    if not isinstance(plugin, Plugin):
        raise refuse(f"{point.value} is a {type(plugin).__name__}, not a crossdock.contract.Plugin")
    if plugin.name != name:
        raise refuse(f"it calls itself {plugin.name!r}", "entry point and Plugin(name=…) must be equal")
    _check_range(plugin, refuse)
    _check_parts(plugin, refuse)
    if plugin.connection is not None:
        _check_verbs(name, plugin.connection, refuse)
        if not verbs_of(plugin.connection):
            raise refuse(f"{plugin.connection.__name__} answers no verb", "mark its methods @hookimpl")
    if isinstance(plugin.extension, type):  # what a function makes is checked when it was made
        _check_verbs(name, plugin.extension, refuse)
    return plugin


Refuse = Callable[..., PluginError]


def _check_range(plugin: Plugin, refuse: Refuse) -> None:
    try:
        fits = SpecifierSet(plugin.contract).contains(CONTRACT)
    except InvalidSpecifier as error:
        raise refuse(f"its contract range {plugin.contract!r} is no version range", 'such as ">=1,<2"') from error
    if not fits:
        hint = "install a version of the plugin that supports it, or the crossdock that it was written for"
        raise refuse(f"it supports contract {plugin.contract}, and this crossdock speaks {CONTRACT}", hint)


def _check_parts(plugin: Plugin, refuse: Refuse) -> None:
    settings: object = plugin.settings
    if not (isinstance(settings, type) and issubclass(settings, Settings)):
        raise refuse("its settings are not a subclass of crossdock.contract.Settings")
    if plugin.connect is None and plugin.extension is None:
        raise refuse("it offers neither a system nor an extension", "give Plugin connect= or extension=")
    if (plugin.connect is None) != (plugin.connection is None):
        raise refuse("connect= and connection= belong together: one opens, the other tells what it can do")


def _check_verbs(name: str, kind: type, refuse: Refuse) -> None:
    try:
        check(name, kind)
    except PluginError as error:
        raise refuse(error.message, error.hint) from error


def _distribution(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "an unnamed distribution"
