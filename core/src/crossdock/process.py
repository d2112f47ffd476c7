"""Running the main coroutine of a process: on uvloop where it is installed, and with few pauses for garbage."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_YOUNG_OBJECTS = 20_000  # orders die by themselves; at 700, looking for cycles among them took a tenth of all CPU


def run(work: Coroutine[Any, Any, T]) -> T:
    """Finish `work`, the one thing that this process does, and close the loop."""
    quicken()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(work)


def quicken() -> None:
    """Look for garbage seldom, and never again among what exists by now, which is mostly modules."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(_YOUNG_OBJECTS, 10, 10)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """What makes the event loop: uvloop's (extra `fast`) where it is installed, else asyncio's own."""
    if importlib.util.find_spec("uvloop") is None:
        return asyncio.new_event_loop
    import uvloop

    make: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return make
