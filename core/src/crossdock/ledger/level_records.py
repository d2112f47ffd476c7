"""What the ledger remembers of stock levels, as the stock flow sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

SOURCE = "source: "
"""What causes begin with that lie in what the source says."""
DROPPED = "dropped: "
"""What causes begin with that nobody has to look at."""


@dataclass(frozen=True, slots=True)
class Level:
    """One SKU at one location.

    Attributes:
        available: what the source says may be sold, in the unit of sale.
        wanted: what the channel is to show.
        shown: what the channel confirmed last; None before the first time.
        version: of the source; a lower one never replaces a higher one.
        held: how much less the channel was shown than `shown`, because it was sold and not in the backend yet.
        drifted: what the channel showed instead, at the last comparison.
        as_of: when the source said so; seconds since the epoch.
        doubt_until: a call whose answer is not known may be carried out until then; seconds since the epoch.
        attempts: calls in a row that did not succeed.
        cause: groups problems of one kind; empty when all is well.
        problem: one sentence.
    """

    sku: str
    available: Decimal
    wanted: int
    location: str = ""
    product_id: str = ""
    version: int = 0
    shown: int | None = None
    doubt_until: float | None = None
    attempts: int = 0
    cause: str = ""
    problem: str = ""
    held: int = 0
    drifted: int | None = None
    as_of: float = 0.0


@dataclass(frozen=True, slots=True)
class Sold:
    """Units of one line of a channel order that a level may not contain yet.

    Attributes:
        settled_at: a level that was read later contains them; seconds since the epoch, None while none does.
    """

    sku: str
    quantity: Decimal
    settled_at: float | None


@dataclass(frozen=True, slots=True)
class Published:
    """How sending one level ended.

    Attributes:
        level: as it was sent.
        held: how much less than `level.wanted` was sent, because it is sold and not in the backend yet.
        retry_at: when to send the newest level again; None when there is nothing to send again.
        doubt_until: this or an earlier call may still be carried out until then; None when all answers are known.
        cause: set when it was refused.
        problem: why it was not shown, as one sentence.
    """

    level: Level
    retry_at: float | None = None
    doubt_until: float | None = None
    cause: str = ""
    problem: str = ""
    held: int = 0

    @property
    def is_done(self) -> bool:
        """Whether the channel shows it."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class Fault:
    """A level of the source of which nobody can say what to show."""

    sku: str
    cause: str
    problem: str
    location: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """All levels of one cause, for the one item that a person sees."""

    cause: str
    count: int
    examples: Sequence[tuple[str, str]]
    """(SKU, problem) of the first of them."""
