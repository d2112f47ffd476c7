"""What the author of an extension writes for the kit: what passes it, and what becomes of that. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crossdock.model import Order, Product, StockLevel

__all__ = ["Act", "Example", "Rehearsal"]

Noun = Order | StockLevel | Product


@dataclass(frozen=True)
class Act:
    """One call of a verb that does something, made ready.

    Attributes:
        arguments: what the verb is called with, without the route, in the order of the contract.
        key: by which `Stage.effects` counts what came of it.
    """

    arguments: tuple[Any, ...]
    key: str


@dataclass(frozen=True)
class Example:
    """One thing that passes an extension.

    Attributes:
        given: what comes in; an order, a level or a product tells which ``rewrite_*`` verb is asked.
        wanted: what comes out; None when it is held back.
    """

    given: Noun
    wanted: Noun | None


@dataclass(frozen=True)
class Rehearsal:
    """How an extension is tried.

    Attributes:
        settings: as under ``[extensions.NAME]``.
        examples: for each ``rewrite_*`` verb at least one that changes something, and each veto.
        acts: verb that the extension stands around to what it is called with.
    """

    settings: Mapping[str, object]
    examples: Sequence[Example]
    acts: Mapping[str, Act] = field(default_factory=dict)

    def of(self, verb: str) -> list[Example]:
        """The examples by which `verb` is tried."""
        return [one for one in self.examples if isinstance(one.given, NOUNS[verb])]


NOUNS: Mapping[str, type[Noun]] = {"rewrite_order": Order, "rewrite_stock": StockLevel, "rewrite_product": Product}
"""Verb to what it rewrites."""
