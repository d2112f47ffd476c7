"""The rules, tier by tier."""

from crossdock.testing.rule import Rule
from crossdock.testing.rules import (
    acting,
    batches,
    declared,
    extending,
    faults,
    lost_pushes,
    memory,
    paging,
    pushes,
    records,
    renewing,
    signing_in,
)

__all__ = ["RULES", "find"]

_SYSTEMS = (declared, signing_in, renewing, paging, records, faults, acting, batches, pushes, lost_pushes, memory)
_MODULES = (*_SYSTEMS, extending)

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (found for module in _MODULES for found in vars(module).values() if isinstance(found, Rule)),
        key=lambda found: found.tier,
    )
)
"""All of them; bronze first."""


def find(name: str) -> Rule | None:
    """The rule of this name."""
    return next((one for one in RULES if one.id == name), None)
