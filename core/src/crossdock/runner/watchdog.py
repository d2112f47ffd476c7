"""A watchdog: notices that the event loop stands still, and names the plugin that holds it.

A plugin that computes or waits without `await` stops every lane of the process. Nothing is measured around calls, so
that watching costs nothing: a thread asks the loop for a sign of life, and looks at what it is doing when none comes.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Self

from crossdock.contract import VERBS, Plugin
from crossdock.discovery import distribution_of
from crossdock.errors import PluginError
from crossdock.log import get_logger
from crossdock.runner.board import Board


@dataclass(frozen=True, slots=True)
class Culprit:
    """What the loop was doing.

    Attributes:
        plugin: whose code; empty where it is nobody's of the plugins.
        verb: what the plugin was asked; empty where it was not asked anything just now.
        place: file, line and function.
    """

    plugin: str
    verb: str
    place: str


class Watchdog:
    """Watches the running loop while the block lasts.

    Args:
        plugins: those that may be at work.
        tell: is called from another thread, once for each time that the loop stands still; while it still does.
        limit_seconds: how long that may last.
        every_seconds: how often the loop is asked.
    """

    def __init__(
        self,
        plugins: Iterable[Plugin],
        tell: Callable[[Culprit], None],
        limit_seconds: float = 1.0,
        every_seconds: float = 0.5,
    ) -> None:
        self._names = {module: plugin.name for plugin in plugins for module in _modules_of(plugin)}
        self._tell = tell
        self._limit_seconds = limit_seconds
        self._every_seconds = every_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._watched = threading.get_ident()
        self._thread.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(self._every_seconds):
            alive = threading.Event()
            try:
                self._loop.call_soon_threadsafe(alive.set)
            except RuntimeError:  # the loop is closed
                return
            if not alive.wait(self._limit_seconds):
                frame = sys._current_frames().get(self._watched)  # noqa: SLF001 - documented, and the only way to look
                if frame is not None:
                    self._tell(culprit(frame, self._names))
                while not (alive.wait(self._every_seconds) or self._ended.is_set()):
                    pass  # told once


def telling(board: Board) -> Callable[[Culprit], None]:
    """What a service's watchdog does: log who holds the loop, and count it."""
    log = get_logger().bind(logger="crossdock.runner")
    hint = "have it await, or do it in a thread: await asyncio.to_thread(...)"

    def tell(found: Culprit) -> None:
        board.blocked[found.plugin, found.verb] += 1
        doing = found.verb or "what it does by itself" if found.plugin else "code of no plugin"
        message = f"{doing} has held the event loop for more than a second, and everything waits for it"
        reason = PluginError(message, plugin=found.plugin or None, distribution=distribution_of(found.plugin))
        log.error(
            "loop.blocked", plugin=found.plugin, verb=found.verb, reason=str(reason), place=found.place, hint=hint
        )

    return tell


def culprit(frame: FrameType, names: Mapping[str, str]) -> Culprit:
    """Who is at work in `frame`, the innermost of a thread.

    Args:
        frame: where the thread is.
        names: a plugin's package to its name.
    """
    plugin, verb, place = "", "", _place(frame)
    outer: FrameType | None = frame
    while outer is not None:
        owner = names.get(str(outer.f_globals.get("__name__", "")).partition(".")[0])
        if owner and not plugin:
            plugin, place = owner, _place(outer)
        if owner == plugin and outer.f_code.co_name in VERBS:
            verb = outer.f_code.co_name
        outer = outer.f_back
    return Culprit(plugin, verb, place)


def _place(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_name}"


def _modules_of(plugin: Plugin) -> set[str]:
    """The packages that are the plugin's own."""
    parts = (plugin.connection, plugin.connect, plugin.extension, plugin.settings)
    modules = {str(getattr(part, "__module__", "")).partition(".")[0] for part in parts if part is not None}
    return modules - {"crossdock", ""}
