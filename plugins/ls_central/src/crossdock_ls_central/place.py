"""Where the reading of changed documents is, as a cursor. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crossdock.contract import Window

__all__ = ["Place", "stamp"]


@dataclass(frozen=True, slots=True)
class Place:
    """As text ``SINCE``, or in the middle of a reading ``SINCE/AT/END/NUMBER``.

    Whoever goes on in the middle reads the rest, and not the overlap again: else a store whose overlap takes longer
    than a run would be read for ever. The end is kept, so that `SINCE` stays true however late the rest is read.

    Attributes:
        since: the newest change that was handed over; the next reading begins an overlap before it.
        at: last change handed over by this reading, to the second; None at its beginning.
        end: where this reading ends; None where the window ends.
        number: the last document of those that changed in the second `at`.
        live: whether it reads up to now; a stretch of history ends with its window, and no cursor has to say so.
    """

    since: datetime
    at: datetime | None = None
    end: datetime | None = None
    number: str = ""
    live: bool = True

    @classmethod
    def of(cls, window: Window) -> Place:
        """Where the engine is."""
        since, at, end, number = [*(window.cursor or "").split("/", 3), "", "", ""][:4]
        begins = datetime.fromisoformat(since) if since else window.start.astimezone(UTC)
        return cls(begins, _moment(at), _moment(end) or window.end, number, window.end is None)

    def is_behind(self, changed: tuple[datetime, str]) -> bool:
        """Whether this document, by the second of its change and its number, was handed over before."""
        return self.at is not None and changed <= (self.at, self.number)

    def beyond(self, changed: tuple[datetime, str], end: datetime | None) -> Place:
        """After this document was handed over."""
        at, number = changed
        return replace(self, since=max(self.since, at), at=at, end=end, number=number)

    def ended(self) -> Place:
        """After the last one."""
        return replace(self, at=None, end=None, number="")

    def __str__(self) -> str:
        if self.at is None:
            return stamp(self.since)
        end = stamp(self.end) if self.live and self.end else ""
        return f"{stamp(self.since)}/{stamp(self.at)}/{end}/{self.number}"


def stamp(time: datetime) -> str:
    """A moment as LS Central's filters take it."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
