"""What holds stock back: a source that was not read for long, and a run that would take much off sale at once. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crossdock.flows.options import StockOptions
from crossdock.ledger import Parking

STALE = "source-not-read"
BRAKE = "many-would-drop-to-zero"


@dataclass(frozen=True, slots=True)
class Guard:
    """What a run may send.

    Attributes:
        raises: whether levels may be raised.
        zeros: whether something may be taken off sale.
        parkings: what a person is told, by cause; a cause that is not here no longer holds.
    """

    raises: bool
    zeros: bool
    parkings: tuple[Parking, ...] = ()


def guard(
    options: StockOptions, read_at: datetime | None, now: datetime, drops: tuple[int, int], permitted: int
) -> Guard:
    """Decide what a run may send.

    Args:
        options: of the route.
        read_at: when the source was last read as a whole; None if never: then what is known was read by hand just now.
        now: the moment.
        drops: how many levels on sale are to drop to zero, and how many are on sale.
        permitted: how many drops a person has agreed to.
    """
    is_fresh = read_at is None or now - read_at <= options.fresh_for
    falling, on_sale = drops
    most = max(options.brake_from, on_sale * options.brake_percent // 100, permitted)
    parkings = []
    if read_at is not None and not is_fresh:
        parkings.append(_stale(read_at))
    if falling > most:
        parkings.append(_brake(falling, on_sale, options))
    return Guard(is_fresh, falling <= most, tuple(parkings))


def _stale(read_at: datetime) -> Parking:
    reason = f"The source of stock was not read since {read_at:%F %H:%M} UTC: levels are lowered, but not raised."
    choices = ["see why with crossdock check; it goes on by itself once the source is read again"]
    return Parking(STALE, STALE, reason, facts={"choices": choices})


def _brake(falling: int, on_sale: int, options: StockOptions) -> Parking:
    reason = (
        f"{falling} of {on_sale} SKUs on sale would drop to zero in one run, more than {options.brake_percent} %:"
        " they are left as they are, all others are sent."
    )
    choices = ["if the source is right, parked retry lets them drop", "else correct the source; it goes on by itself"]
    return Parking(BRAKE, BRAKE, reason, facts={"choices": choices, "drops": falling})
