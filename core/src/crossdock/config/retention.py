"""What the file says about how long personal data is kept."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, field_validator

from crossdock.config.tables import Table
from crossdock.flows.options import Duration


class RetentionTable(Table):
    """`[retention]`: how long personal data is kept; the facts about orders are kept for good."""

    personal_data: Duration | None = None
    """Names, addresses, telephone numbers and notes of buyers, and labels, are blanked this long after the order
    last changed; nightly, and by `crossdock purge`. Without it they are kept."""
    purge_at: str = Field(default="03:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """Time of day (UTC) at which they are blanked."""

    @field_validator("personal_data")
    @classmethod
    def _long_enough(cls, value: timedelta | None) -> timedelta | None:
        if value is not None and value < timedelta(days=1):
            raise ValueError("must be at least 1d: orders that are under way need their addresses")
        return value
