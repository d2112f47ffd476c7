"""A rule: what is wanted, how it is tried, and why; its docstring is its page."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from crossdock.testing.quality import Tier
from crossdock.testing.verbs import SYSTEMS

__all__ = ["Broken", "Rule", "page", "require", "rule"]

Try = Callable[[Any], Awaitable[None]]
"""Takes the scene of its end: a `Scene` where a system is connected, a `RehearsalScene` for an extension."""


class Broken(Exception):
    """The plugin does not keep the rule; the text says what was seen."""


@dataclass(frozen=True)
class Rule:
    """One promise.

    Attributes:
        id: as ``quality.toml`` says it.
        tier: from which tier on it is asked.
        wants: what a plugin must do, in half a sentence.
        verbs: tried once for each of these that the plugin declares; empty means once for each end.
        ends: where it is tried: ``channel``, ``backend``, ``extension``.
        attempt: tries it; raises `Broken`, or `NotStaged` where the stage lacks something.
    """

    id: str
    tier: Tier
    wants: str
    verbs: frozenset[str]
    ends: frozenset[str]
    attempt: Try


def rule(
    name: str, tier: Tier, wants: str, verbs: Iterable[str] = (), ends: Iterable[str] = SYSTEMS
) -> Callable[[Try], Rule]:
    """Make a rule of the function that tries it; its docstring says why, with an example and exceptions."""

    def make(attempt: Try) -> Rule:
        return Rule(name, tier, wants, frozenset(verbs), frozenset(ends), attempt)

    return make


def require(kept: bool, seen: str) -> None:
    """Go on when `kept`.

    Raises:
        Broken: `seen` is what was seen instead.
    """
    if not kept:
        raise Broken(seen)


def page(found: Rule) -> str:
    """The rule's page, as Markdown."""
    once = "once for each end" if found.ends >= SYSTEMS else "once"
    verbs = ", ".join(f"`{verb}`" for verb in sorted(found.verbs)) or once
    text = inspect.getdoc(found.attempt) or ""
    head = [f"# {found.id}", "", f"Wanted: {found.wants}.", "", f"Tier: {found.tier}. Tried for: {verbs}.", ""]
    return "\n".join([*head, text.strip(), ""])
