"""One item a cause: what a person sees of many SKUs or products that have the same problem. Pure."""

from __future__ import annotations

from crossdock.ledger import Parking, Trouble


def as_item(trouble: Trouble, until: str) -> Parking:
    """The item of one cause.

    Args:
        trouble: all that have it.
        until: until when `parked drop` leaves them, such as ``their level changes``.
    """
    first = trouble.examples[0][1]
    others = f" (and {trouble.count - 1} more)" if trouble.count > 1 else ""
    choices = ["mend the cause, then parked retry", f"parked drop leaves them until {until}"]
    facts = {"count": trouble.count, **dict(trouble.examples), "choices": choices}
    return Parking(trouble.cause, trouble.cause, f"{first}{others}", facts=facts)
