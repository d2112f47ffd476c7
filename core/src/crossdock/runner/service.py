"""The headless service: shifts, one after the other, behind doors that stay open between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random

from crossdock.clock import Clock
from crossdock.config import ConfigErrors, Configuration, RunnerTable
from crossdock.errors import CrossdockError
from crossdock.log import get_logger
from crossdock.runner.board import Board
from crossdock.runner.shift import Shift

_CHANGE_SECONDS = 2.0
"""How long a request waits while shifts change; senders of push messages give up after three seconds."""


class Service:
    """Runs a configuration until it is told to stop, and takes a new one when it is told to.

    Args:
        load: reads the configuration; called at the start and for each reload.
        clock: the only source of time.
        random: where jitter comes from.
        listening: is told the address once it is open; None opens none.
    """

    def __init__(
        self, load: Callable[[], Configuration], clock: Clock, random: Random, listening: Callable[[str], None] | None
    ) -> None:
        self.board = Board()
        self.clock = clock
        self._load = load
        self._random = random
        self._listening = listening
        self._shift: Shift | None = None
        self._opened = asyncio.Event()
        self._stopping = False
        self._next: Configuration | None = None
        self._log = get_logger().bind(logger="crossdock.runner")

    async def run(self) -> None:
        """Work until `stop`.

        Raises:
            ConfigError: it cannot start.
        """
        configuration, before = self._load(), None
        for route, error in configuration.left_out.items():
            self._log.error("route.left_out", route=route, reason=str(error), hint=error.hint)
        async with self._doors(configuration.runner):
            while not self._stopping:
                try:
                    await self._work(configuration)
                    before = configuration
                except CrossdockError as error:
                    if before is None or before is configuration:
                        raise
                    self._log.error("config.refused", reason=str(error), hint=error.hint)
                    self._next = before
                configuration, self._next = self._next or configuration, None

    def stop(self) -> None:
        """Let what runs end, then return from `run`."""
        self._log.info("service.stopping")
        self._stopping = True
        if self._shift is not None:
            self._shift.stop()

    def reload(self) -> None:
        """Read the configuration again: the new one is taken whole, or the old one stays."""
        try:
            found = self._load()
            if found.left_out:  # at the start the others go on; here all of them already do
                raise ConfigErrors(tuple(found.left_out.values()))
        except CrossdockError as error:
            errors = error.errors if isinstance(error, ConfigErrors) else (error,)
            for one in errors:
                self._log.error("config.refused", reason=str(one), hint=one.hint)
            return
        self._next = found
        self._log.info("config.reloaded", changed_by_restart_only=["host", "port", "token", "public_url"])
        if self._shift is not None:
            self._shift.stop()

    async def on_duty(self) -> Shift | None:
        """The shift that runs; a change of shifts is waited for, a little."""
        if self._shift is None:
            try:
                await asyncio.wait_for(self._opened.wait(), _CHANGE_SECONDS)
            except TimeoutError:
                return None
        return self._shift

    async def _work(self, configuration: Configuration) -> None:
        async with Shift.open(configuration, self.board, self.clock, self._random) as shift:
            self._shift = shift
            self._opened.set()
            self._log.info("service.working", lanes=list(self.board.lanes))
            try:
                if not self._stopping and self._next is None:  # which may have come while it was opened
                    await shift.run()
            finally:
                self._shift = None
                self._opened.clear()

    @asynccontextmanager
    async def _doors(self, runner: RunnerTable) -> AsyncIterator[None]:
        if self._listening is None:
            yield
            return
        from crossdock.runner.listening import listening  # a worker listens on nothing, and starts in less time

        async with listening(self, runner, self._listening):
            yield
