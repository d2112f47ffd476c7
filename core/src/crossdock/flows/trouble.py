"""What a person sees of many SKUs or products that have the same problem: one item a cause. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from crossdock.errors import CrossdockError
from crossdock.ledger import Parking, Trouble

BROKEN = "broken"
"""The cause of what a plugin's bug left undone."""


def told(error: CrossdockError) -> str:
    """What went wrong, and what to do about it where the error knows."""
    return f"{str(error).rstrip('.')}; {error.hint.rstrip('.')}." if error.hint else str(error)


def as_item(trouble: Trouble, until: str, advice: Mapping[str, str]) -> Parking:
    """The item of one cause.

    Args:
        trouble: all that have it.
        until: until when `parked drop` leaves them, such as ``their level changes``.
        advice: cause, or its beginning, to what a person can do about it.
    """
    key, problem = trouble.examples[0]
    first = problem if key in problem else f"{key}: {problem}"
    reason = f"{first.rstrip('.')} (and {trouble.count - 1} more)." if trouble.count > 1 else first
    known = [text for cause, text in advice.items() if trouble.cause.startswith(cause)]
    choices = [*(known or ["mend the cause, then parked retry"]), f"parked drop leaves them until {until}"]
    facts = {"count": trouble.count, **dict(trouble.examples), "choices": choices}
    return Parking(trouble.cause, trouble.cause, reason, facts=facts)
