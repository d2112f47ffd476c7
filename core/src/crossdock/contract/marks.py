"""How a verb is asked, as pluggy's own markers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pluggy

CONTRACT = "1.0"
"""Version of the contract. A plugin names the range that it supports."""

PROJECT = "crossdock"

F = TypeVar("F", bound=Callable[..., Any])

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


def one(verb: F) -> F:
    """Plugins are asked in turn; the first answer that is not None counts."""
    return hookspec(verb, firstresult=True)


def chain(verb: F) -> F:
    """Each plugin is handed, as first argument, what the plugin before it returned."""
    return hookspec(verb)
