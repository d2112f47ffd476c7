"""The rules, tier by tier."""

from crossdock.testing.rule import Rule
from crossdock.testing.rules import acting, declared, faults, memory, paging, pushes, records, signing_in

__all__ = ["RULES", "find"]

_MODULES = (declared, signing_in, paging, records, faults, acting, pushes, memory)

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
