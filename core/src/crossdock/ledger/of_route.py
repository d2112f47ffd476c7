"""What the ledger keeps of one route."""

from __future__ import annotations

from crossdock.clock import Clock
from crossdock.ledger.database import Database


class OfRoute:
    """Rows of one route.

    Args:
        database: of the ledger.
        clock: the only source of time.
        route: whose rows.
    """

    def __init__(self, database: Database, clock: Clock, route: str) -> None:
        self._database = database
        self._clock = clock
        self._route = route

    def _now(self) -> float:
        """Seconds since the epoch."""
        return self._clock.now().timestamp()
