"""How parts of the contract go away: a warning, then an error, then they are gone; one minor version each.

What warns in contract 1.3 is refused in 1.4 and is gone in 1.5. Its row stays, so that what is gone is explained
to those who still ask for it. Docs: guide/contract-policy.md.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from packaging.version import Version


class ContractDeprecationWarning(DeprecationWarning):
    """Something of the contract that is going away is in use. Have your tests turn it into an error."""


class Step(StrEnum):
    """How far something has gone."""

    CURRENT = "current"
    WARNING = "warning"
    ERROR = "error"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Something that goes away.

    Attributes:
        what: as its users write it, such as ``push_label`` or ``crossdock.contract.Receipt``.
        since: the contract version, ``MAJOR.MINOR``, that is the first to warn.
        instead: what to write now, as an imperative.
    """

    what: str
    since: str
    instead: str

    @property
    def refused_in(self) -> str:
        """The contract version in which using it is an error."""
        return self._later(1)

    @property
    def removed_in(self) -> str:
        """The contract version in which it is gone."""
        return self._later(2)

    @property
    def hint(self) -> str:
        """What to do."""
        return f'{self.instead}, and say contract=">={self.since},<{Version(self.since).major + 1}"'

    def step(self, contract: str) -> Step:
        """How far it has gone in the version `contract`."""
        here = Version(contract)
        for since, step in (
            (self.removed_in, Step.REMOVED),
            (self.refused_in, Step.ERROR),
            (self.since, Step.WARNING),
        ):
            if here >= Version(since):
                return step
        return Step.CURRENT

    def sentence(self) -> str:
        """What happens to it, and when."""
        return (
            f"{self.what} is deprecated since contract {self.since}, refused from {self.refused_in} on"
            f" and gone in {self.removed_in}"
        )

    def warn(self, user: str) -> None:
        """Warn on behalf of `user`, such as ``plugin acme``."""
        warnings.warn(f"{user}: {self.sentence()}; {self.instead}", ContractDeprecationWarning, stacklevel=3)

    def _later(self, minors: int) -> str:
        version = Version(self.since)
        return f"{version.major}.{version.minor + minors}"


DEPRECATED_VERBS: Mapping[str, Deprecation] = {}
"""Verb to what becomes of it."""

DEPRECATED_NAMES: Mapping[str, tuple[Deprecation, str]] = {}
"""Former name of ``crossdock.contract`` to what becomes of it, and the name under which it is found now."""


def former(
    module: str, names: Mapping[str, tuple[Deprecation, str]], found: Mapping[str, object], contract: str
) -> Callable[[str], object]:
    """The ``__getattr__`` of a module some of whose names are on their way out.

    Args:
        module: its name.
        names: former name to deprecation and present name.
        found: the module's present names.
        contract: the version of the contract.
    """

    def look_up(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        deprecation, present = names[name]
        if deprecation.step(contract) in (Step.ERROR, Step.REMOVED):
            raise ImportError(f"{module}.{deprecation.sentence()}; {deprecation.instead}")  # which import lets through
        deprecation.warn(f"{module}.{name}")
        return found[present]

    return look_up
