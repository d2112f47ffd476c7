"""What pluggy lets pass and we do not: each is found while loading, not in the middle of a sync."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from crossdock.contract.deprecation import DEPRECATED_VERBS, Deprecation, Step
from crossdock.contract.marks import CONTRACT
from crossdock.contract.verbs import VERBS
from crossdock.errors import PluginError

_NAMED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


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
        _refuse_removed(name, attribute, DEPRECATED_VERBS.get(attribute))
        close = get_close_matches(attribute, VERBS, n=1)
        raise PluginError(
            f"{attribute} is marked @hookimpl but is no verb of the contract",
            plugin=name,
            hint=f"did you mean {close[0]}?" if close else f"the verbs are {', '.join(sorted(VERBS))}",
        )
    _check_deprecation(name, attribute)
    _check_colour(name, attribute, method, options)
    _check_signature(name, attribute, method)


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


def _refuse_removed(name: str, verb: str, deprecation: Deprecation | None) -> None:
    if deprecation is not None:
        raise PluginError(f"{verb} is no verb any more: {deprecation.sentence()}", plugin=name, hint=deprecation.hint)


def _check_deprecation(name: str, verb: str) -> None:
    deprecation = DEPRECATED_VERBS.get(verb)
    if deprecation is None:
        return
    if deprecation.step(CONTRACT) is Step.WARNING:
        deprecation.warn(f"plugin {name}")
    else:
        raise PluginError(deprecation.sentence(), plugin=name, hint=deprecation.hint)


def _check_signature(name: str, verb: str, method: Any) -> None:
    """Arguments are handed over by name: fewer than the contract has are fine, in any order; others are not."""
    allowed = list(inspect.signature(VERBS[verb]).parameters)[1:]
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        if parameter.kind not in _NAMED:
            raise PluginError(
                f"{verb}: {parameter} is none of the contract's arguments", plugin=name, hint=_has(allowed)
            )
        if parameter.name not in allowed:
            close = get_close_matches(parameter.name, allowed, n=1)
            hint = f"did you mean {close[0]}? {_has(allowed)}" if close else _has(allowed)
            raise PluginError(f"{verb} asks for {parameter.name!r}, which no caller hands over", plugin=name, hint=hint)
        if parameter.default is not parameter.empty:
            message = f"{verb} gives {parameter.name!r} a default, which would be taken instead of the caller's value"
            raise PluginError(message, plugin=name, hint=f"write {parameter.name} without a default")


def _has(allowed: list[str]) -> str:
    return f"the contract's are {', '.join(allowed)}" if allowed else "the contract's verb has no arguments"
