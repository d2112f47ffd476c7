"""What a rule about an extension sees: the extension in a route between nobody and nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crossdock.contract import VERBS, Plugin, Route, Side, Verbs, scope
from crossdock.errors import ConfigError, PluginError
from crossdock.testing.reading import Ended, ended
from crossdock.testing.rehearsal import Noun, Rehearsal
from crossdock.testing.samples import SAMPLES

__all__ = ["RehearsalScene", "extension_of"]


def extension_of(plugin: Plugin, rehearsal: Rehearsal) -> object:
    """The extension that a plugin makes of the settings of its rehearsal.

    Raises:
        PluginError: the plugin extends nothing.
        ConfigError: the settings are not accepted.
    """
    if plugin.extension is None:
        raise PluginError("its kit has a rehearsal, and it extends nothing", plugin=plugin.name)
    try:
        settings = plugin.settings.model_validate(rehearsal.settings)
    except ValueError as error:
        raise ConfigError(f"the rehearsal's settings are not accepted by plugin {plugin.name}: {error}") from error
    return plugin.extension(settings)


@dataclass
class RehearsalScene:
    """Where one rule is tried for one verb of an extension.

    Attributes:
        plugin: what is tested.
        verb: what is tried; empty for rules that are tried once.
        rehearsal: by its author.
        extension: freshly made.
    """

    plugin: Plugin
    verb: str
    rehearsal: Rehearsal
    extension: object

    def samples(self) -> Sequence[Noun]:
        """What the verb is handed: the examples, and what systems send on a bad day."""
        return [*(example.given for example in self.rehearsal.of(self.verb)), *SAMPLES[self.verb]]

    def beside(self, **others: object) -> Verbs:
        """A scope of the extension, and of others behind it.

        Raises:
            PluginError: it breaks the contract.
        """
        return scope({self.plugin.name: self.extension, **others})

    def route(self) -> Route:
        """What its verbs are told."""
        nobody = scope({})
        return Route("tested-route", Side("channel", nobody), Side("backend", nobody), nobody)

    async def rewritten(self, given: Noun) -> Ended:
        """What comes out.

        Raises:
            Broken: it raised something that the engine does not know.
        """
        return await ended(getattr(self.beside(), self.verb)(given, self.route()))

    def wrapped(self) -> list[str]:
        """The verbs that it stands around."""
        return [verb for verb in VERBS if self._options(verb).get("wrapper")]

    def _options(self, verb: str) -> dict[str, Any]:
        return getattr(getattr(type(self.extension), verb, None), "crossdock_impl", None) or {}
