"""A rule: what is wanted, how it is tried, and why; its docstring is its page."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossdock.testing.quality import Tier

if TYPE_CHECKING:
    from crossdock.testing.scene import Scene

__all__ = ["Broken", "Rule", "page", "require", "rule"]

Try = Callable[["Scene"], Awaitable[None]]


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
        attempt: tries it; raises `Broken`, or `NotStaged` where the stage lacks something.
    """

    id: str
    tier: Tier
    wants: str
    verbs: frozenset[str]
    attempt: Try


def rule(name: str, tier: Tier, wants: str, verbs: Iterable[str] = ()) -> Callable[[Try], Rule]:
    """Make a rule of the function that tries it; its docstring says why, with an example and exceptions."""

    def make(attempt: Try) -> Rule:
        return Rule(name, tier, wants, frozenset(verbs), attempt)

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
    verbs = ", ".join(f"`{verb}`" for verb in sorted(found.verbs)) or "once for each end"
    text = inspect.getdoc(found.attempt) or ""
    head = [f"# {found.id}", "", f"Wanted: {found.wants}.", "", f"Tier: {found.tier}. Tried for: {verbs}.", ""]
    return "\n".join([*head, text.strip(), ""])
