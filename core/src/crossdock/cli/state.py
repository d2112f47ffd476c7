"""What every command may need: where the configuration is, and the configuration itself once asked for."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from crossdock import discovery, process
from crossdock.config import Configuration, load
from crossdock.log import configure

T = TypeVar("T")


@dataclass
class State:
    """The options that stand before the command.

    Attributes:
        config: the file or folder of the configuration.
        debug: show logs and tracebacks.
        errors: where messages go, apart from the output.
    """

    config: Path
    debug: bool = False
    errors: Console = field(default_factory=lambda: Console(stderr=True))

    def load_what_works(self) -> Configuration:
        """Read the configuration without the routes whose plugins cannot be used, and say which those are.

        Raises:
            ConfigErrors: all else that is wrong with it.
        """
        found = self.load(must_remain=0)
        for route, error in found.left_out.items():
            text = escape(f"route {route} is left out: {error}")
            self.errors.print(f"[yellow]warning[/yellow] {text}", soft_wrap=True, highlight=False)
        return found

    def load(self, *, must_remain: int | None = None) -> Configuration:
        """Read the configuration, and say what it warns of.

        Args:
            must_remain: go on without the routes whose plugins cannot be used, as long as so many others remain.

        Raises:
            ConfigErrors: all that is wrong with it.
        """
        found = load(self.config, discovery.find, must_remain=must_remain)
        for warning in found.warnings:
            self.errors.print(f"[yellow]warning[/yellow] {warning}", soft_wrap=True, highlight=False)
        return found

    def run(self, work: Coroutine[Any, Any, T], *, if_stopped: str = "") -> T:
        """Finish `work`; Ctrl-C and SIGTERM cancel it, so that it leaves everything closed.

        Args:
            work: what the command does.
            if_stopped: what a person is told who stopped it: what is kept, and how it goes on.
        """
        configure(level="debug" if self.debug else "error")
        try:
            return process.run(_cancellable(work))
        except (KeyboardInterrupt, asyncio.CancelledError):
            if if_stopped:
                self.errors.print(escape(if_stopped), soft_wrap=True, highlight=False)
            raise


def state_of(ctx: typer.Context) -> State:
    """The state of the command that runs."""
    state: State = ctx.find_root().obj
    return state


async def _cancellable(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work
