"""Who wakes lanes, and when. A dispatcher knows schedules and nudges, and nothing of orders or connections."""

from crossdock.dispatch.dispatcher import Cause, Dispatcher, DispatcherSettings, Lane, Opens, Turn, Work
from crossdock.dispatch.named import GROUP, find

__all__ = ["GROUP", "Cause", "Dispatcher", "DispatcherSettings", "Lane", "Opens", "Turn", "Work", "find"]
