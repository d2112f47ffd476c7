"""Chance that depends on the seed alone.

Hypothesis likes to draw numbers that it finds in the modules that are loaded. Which modules those are depends on what
other tests ran before in the same process, so a run that is to be the same everywhere does without.
"""

from __future__ import annotations

from typing import Any

from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

PLAIN = "plain-chance"
"""The name for `settings(backend=…)`."""


class PlainChance(HypothesisProvider):
    """Hypothesis' own way to draw, without the constants of modules."""

    def _maybe_draw_constant(self, choice_type: Any, constraints: Any, *, p: float = 0.05) -> None:
        """None: there are no constants to choose from."""


AVAILABLE_PROVIDERS[PLAIN] = f"{__name__}.{PlainChance.__qualname__}"
