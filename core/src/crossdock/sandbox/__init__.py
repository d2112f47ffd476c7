"""What every simulated system shares: virtual clock, faults, oracle, operator actions.

A sandbox is a real HTTP server that behaves like the system it stands for. It is written from that
system's documentation, never from the client that will be pointed at it, and shares no wire code with it.

    +-----------+   /the/system's/own/paths    +-------------------------------+
    |  client   | ---------------------------> | faults -> handlers -> oracle  |
    +-----------+                              |              |                |
    | operator  | -- /_sandbox/... ----------> |        virtual clock          |
    +-----------+                              +-------------------------------+
"""

from crossdock.sandbox.clock import VirtualClock
from crossdock.sandbox.faults import Fault, FaultKind, FaultSchedule
from crossdock.sandbox.operator import OperatorAction, OperatorError
from crossdock.sandbox.oracle import Oracle, Write
from crossdock.sandbox.proxy import FaultProxy, Passing, Watcher, proxying
from crossdock.sandbox.server import RunningSandbox, Sandbox, WorksAlone, World, application, running

__all__ = [
    "Fault",
    "FaultKind",
    "FaultProxy",
    "FaultSchedule",
    "OperatorAction",
    "OperatorError",
    "Oracle",
    "Passing",
    "RunningSandbox",
    "Sandbox",
    "VirtualClock",
    "Watcher",
    "WorksAlone",
    "World",
    "Write",
    "application",
    "proxying",
    "running",
]
