"""What a rule sees: one end of one plugin, its stage, and the verb that is tried."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crossdock.contract import Plugin, Window
from crossdock.sandbox import Fault, FaultProxy
from crossdock.testing.nursery import Job, Nursery, ahead
from crossdock.testing.rule import require
from crossdock.testing.stage import Desk, Stage, StageOpener
from crossdock.testing.toolbox import Held, connected
from crossdock.testing.watch import Watch

__all__ = ["Scene"]


@dataclass
class Scene:
    """Where one rule is tried for one verb.

    Attributes:
        plugin: what is tested.
        end: ``channel`` or ``backend``.
        stage: the system that runs, and its people.
        desk: a connection past the proxy.
        proxy: stands before the system.
        held: the calls that the proxy holds.
        folder: vault and files of all connections of this end.
        nursery: starts processes that may be killed.
        opener: starts one more stage, for rules that need another one.
        thorough: try every combination, instead of each part of one once.
        items: how many things `flat-memory` reads.
        verb: what is tried; empty for rules that are tried once.
    """

    plugin: Plugin
    end: str
    stage: Stage
    desk: Desk
    proxy: FaultProxy
    held: Held
    folder: Path
    nursery: Nursery
    opener: StageOpener
    thorough: bool = False
    items: int = 10_000
    verb: str = ""
    began: datetime = field(init=False)
    """Just before the attempt began, by the system's clock."""

    def __post_init__(self) -> None:
        self.began = self.stage.clock.now() - timedelta(seconds=1)

    def can(self, verb: str) -> bool:
        """Whether the plugin declares `verb`."""
        return self.side_verbs() >= {verb}

    def side_verbs(self) -> frozenset[str]:
        """The verbs that the plugin declares."""
        side = self.desk.route.side(self.end)
        return side.verbs

    def of(self, verb: str) -> Scene:
        """The same scene for `verb`."""
        return replace(self, verb=verb)

    @asynccontextmanager
    async def connection(self, settings: Mapping[str, object] | None = None) -> AsyncIterator[Desk]:
        """A fresh connection through the proxy, as after a start; what its vault keeps is still there."""
        given = settings or self.stage.settings(self.proxy.url)
        options = self.stage.route_options()
        async with connected(self.plugin, self.end, (given, options), self.stage.clock, self.folder, self.held) as desk:
            yield desk

    @asynccontextmanager
    async def another(self, **options: bool) -> AsyncIterator[Scene]:
        """The same scene with a stage of its own, and no proxy before it."""
        with TemporaryDirectory(prefix="crossdock-kit-") as name:
            async with self.opener(**options) as stage:
                given = (stage.settings(stage.url), stage.route_options())
                async with connected(self.plugin, self.end, given, stage.clock, Path(name)) as desk:
                    yield replace(self, stage=stage, desk=desk, folder=Path(name))

    def job(self, url: str, arguments: tuple[Any, ...], result: Path | None = None) -> Job:
        """One call of the verb in a process of its own, to the system at `url`."""
        settings, options = dict(self.stage.settings(url)), dict(self.stage.route_options())
        seconds = ahead(self.stage.clock.now())
        return Job(self.end, settings, options, seconds, self.folder, self.verb, arguments, result)

    @asynccontextmanager
    async def disturbed(self, watch: Watch | None = None, *faults: Fault) -> AsyncIterator[Watch]:
        """Faults, and somebody beside the proxy, until the block ends."""
        standing = watch or self.watch()
        before, self.proxy.watcher = self.proxy.watcher, standing
        self.proxy.faults.replace(faults)
        try:
            yield standing
        finally:
            standing.released.set()
            self.proxy.watcher = before
            self.proxy.faults.replace(())

    def watch(self, **what: int) -> Watch:
        """Somebody who stands beside the proxy."""
        return Watch(self.held, **what)  # type: ignore[arg-type]  # numbers by name

    def rewriting(self, rewrite: Callable[[bytes], bytes]) -> Watch:
        """Somebody who changes every answer."""
        return Watch(self.held, rewrite)

    def window(self, cursor: str | None = None, days: float = 0) -> Window:
        """From when the attempt began, or so many days before, or from `cursor`."""
        return Window(self.began - timedelta(days=days), cursor=cursor)

    async def later(self, seconds: float = 5.0) -> None:
        """Let some of the system's time pass."""
        await self.stage.clock.sleep(seconds)

    async def add(self, count: int, verb: str = "") -> list[str]:
        """Have people make `count` things that the verb must show."""
        keys = await self.stage.add(verb or self.verb, count, self.desk)
        require(len(set(keys)) == count, f"the stage made {len(set(keys))} things instead of {count}")
        return list(keys)
