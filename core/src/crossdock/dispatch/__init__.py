"""Who wakes lanes, and when. A dispatcher knows schedules and nudges, and nothing of orders or connections."""

from crossdock.dispatch.dispatcher import Cause, Dispatcher, DispatcherSettings, Fare, Lane, Opens, Rests, Turn, Work
from crossdock.dispatch.named import GROUP, find
from crossdock.flows.schedule import Cron

__all__ = [
    "GROUP",
    "Cause",
    "Cron",
    "Dispatcher",
    "DispatcherSettings",
    "Fare",
    "Lane",
    "Opens",
    "Rests",
    "Turn",
    "Work",
    "find",
]
