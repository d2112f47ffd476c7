"""What a run of a lane did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

_EXAMPLES = 500
"""How many single results a report keeps; the counts are always whole."""


@dataclass(slots=True)
class StepResult:
    """How one step of one order ended."""

    key: str
    kind: str
    state: str
    text: str


@dataclass(slots=True)
class Report:
    """Counts of one run, and its first results one by one.

    Attributes:
        read: orders and documents that were read.
        changed: those that were new or different.
        steps: (kind, state) to count.
        parked: items put aside in this run.
        settled: steps in doubt of which the outcome was found out.
        in_doubt: orders with a step whose outcome is not known yet; counted where a person asked for the run.
        waiting: orders with a step that is tried again later; counted where a person asked for the run.
        retry_at: when the first of them is.
        more: the run gave way before it was through; the lane is due again at once.
        reached: the latest change of a channel's order that was read: how far a stretch of history has come.
        share: how much of the work is done, from 0 to 1; None where nobody can say.
        left_seconds: how long the rest will take at the pace so far; None where nobody can say.
        error: why the run ended early, as one sentence.
    """

    route: str
    read: int = 0
    changed: int = 0
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    parked: int = 0
    settled: int = 0
    in_doubt: int = 0
    waiting: int = 0
    retry_at: datetime | None = None
    more: bool = False
    error: str = ""
    reached: datetime | None = None
    share: float | None = None
    left_seconds: float | None = None
    results: list[StepResult] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    """Of changes on the channel that were found by asking for changes: seconds from the change to its being found."""
    progress: Callable[[Report], None] | None = None

    def step(self, key: str, kind: str, state: str, text: str) -> None:
        """Count a step that ended."""
        self.steps[kind, state] += 1
        if len(self.results) < _EXAMPLES:
            self.results.append(StepResult(key, kind, state, text))
        if self.progress is not None:
            self.progress(self)

    def advance(self, share: float, left_seconds: float | None) -> None:
        """Tell how much is done and how long the rest will take."""
        self.share, self.left_seconds = min(share, 1.0), left_seconds
        if self.progress is not None:
            self.progress(self)

    def count(self, kind: str, state: str = "done") -> int:
        """How many steps of `kind` ended in `state`."""
        return self.steps[kind, state]
