"""What pluggy lets pass and we do not: each is found while loading, not in the middle of a sync."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from crossdock.contract.verbs import VERBS
from crossdock.errors import PluginError


def check(name: str, plugin: object) -> None:
    """Refuse a connection or extension, or the class of one, that breaks the contract.

    Raises:
        PluginError: names the plugin, the method, what is wrong and what is allowed.
    """
    kind: Any = plugin if isinstance(plugin, type) else type(plugin)
    if kind.__eq__ is not object.__eq__:
        raise PluginError(
            "it defines ==, by which two connections would be taken for one",
            plugin=name,
            hint="leave == alone; for a dataclass use @dataclass(eq=False)",
        )
    for attribute in dir(kind):
        method = inspect.getattr_static(plugin, attribute)
        _check_method(name, attribute, method, getattr(method, "crossdock_impl", None))


def _check_method(name: str, attribute: str, method: Any, options: Mapping[str, Any] | None) -> None:
    if options is None:
        if attribute in VERBS and not _inherited(method):
            raise PluginError(f"{attribute} is a verb but lacks @hookimpl", plugin=name)
        return
    if attribute not in VERBS:
        close = get_close_matches(attribute, VERBS, n=1)
        raise PluginError(
            f"{attribute} is marked @hookimpl but is no verb of the contract",
            plugin=name,
            hint=f"did you mean {close[0]}?" if close else f"the verbs are {', '.join(sorted(VERBS))}",
        )
    _check_colour(name, attribute, method, options)


def _inherited(method: Any) -> bool:
    """A verb's specification itself, inherited by naming the Protocol as a base."""
    return hasattr(method, "crossdock_spec")


def _check_colour(name: str, verb: str, method: Any, options: Mapping[str, Any]) -> None:
    waits = inspect.iscoroutinefunction(VERBS[verb])
    if any(options[name] for name in ("hookwrapper", "specname", "tryfirst", "trylast", "optionalhook")):
        raise PluginError(f"{verb}: the only option of @hookimpl is wrapper=True", plugin=name)
    if options["wrapper"]:
        if not waits:
            raise PluginError(f"{verb} cannot be wrapped: only `async def` verbs can", plugin=name)
        if not inspect.isgeneratorfunction(method):
            raise PluginError(f"{verb}: a wrapper is a plain generator with one bare yield", plugin=name)
    elif inspect.iscoroutinefunction(method) != waits:
        must = "must be `async def`" if waits else "must not be `async def`"
        raise PluginError(f"{verb} {must}, as in the contract", plugin=name)
