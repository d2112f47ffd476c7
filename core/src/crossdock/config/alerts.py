"""What the file says about telling people."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, SecretStr

from crossdock.config.tables import Table
from crossdock.flows.options import Duration


class AlertsTable(Table):
    """`[alerts]`: whom the service tells, and of what. Each rule is off when it is not there or 0."""

    to: list[SecretStr] = Field(default_factory=list)
    """Addresses in the form of Apprise, such as `env:SLACK_ALERTS`; without any nobody is told."""
    order_waits: Duration | None = timedelta(minutes=30)
    """An order that is to be fulfilled has had no document in the backend for this long."""
    lane_lag: Duration | None = timedelta(minutes=15)
    """A lane has not been through for this long beyond its interval."""
    parked: int = Field(default=20, ge=0)
    """More items than this wait for a person in one lane; 0 tells nobody."""
    in_doubt: int = Field(default=10, ge=0)
    """More steps than this have no known outcome on one route; 0 tells nobody."""
    sign_in_ends: Duration | None = timedelta(days=7)
    """An authorisation ends within this time."""
    ship_by: Duration | None = timedelta(hours=4)
    """An order that is not arranged has to leave within this time, or should have left."""
    paused: bool = True
    """A connection has to sign in, and its lanes rest."""
    check_every: Duration = timedelta(minutes=1)
    """How often the rules are looked at."""
    again_after: Duration = timedelta(hours=6)
    """After this time somebody is told again of what still holds."""
