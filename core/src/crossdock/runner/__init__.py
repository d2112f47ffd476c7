"""The runner: opens connections, joins them into routes, and runs their lanes."""

from crossdock.runner.connections import Connections
from crossdock.runner.engine import Engine

__all__ = ["Connections", "Engine"]
