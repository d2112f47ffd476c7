"""Schedules by cron expression. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

_LOOKED_AT = 10


@dataclass(frozen=True)
class Cron:
    """Moments of a clock on the wall, such as ``0 3 * * 1-5``.

    Attributes:
        expression: minute, hour, day of month, month, day of week.
        zone: whose clock, such as ``Asia/Singapore``. Where clocks are put forward or back, a moment that does not
            exist comes right after, and one that comes twice counts once.

    Raises:
        ValueError: one of them is not understood.
    """

    expression: str
    zone: str = "UTC"

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{self.zone!r} is no time zone; one is such as Asia/Singapore or UTC") from None
        if len(self.expression.split()) != 5:
            raise ValueError(f"{self.expression!r} is no cron expression: five fields are needed, as in 0 3 * * *")
        try:
            CronSim(self.expression, datetime(2026, 1, 1, tzinfo=self._zone))
        except CronSimError as error:
            raise ValueError(f"{self.expression!r} is no cron expression: {str(error).lower()}") from None

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def seconds_to_next(self, now: datetime) -> float:
        """Seconds from `now`, aware, to the next moment after it."""
        return (next(CronSim(self.expression, now.astimezone(self._zone))) - now).total_seconds()

    def longest_gap(self, now: datetime) -> float:
        """Seconds between two of the next moments that are furthest apart, as far as one looks."""
        moments = list(islice(CronSim(self.expression, now.astimezone(self._zone)), _LOOKED_AT))
        return max((later - earlier).total_seconds() for earlier, later in pairwise(moments))
