"""What a rule sees: one end of one plugin, its stage, and the verb that is tried."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web

from crossdock.contract import Plugin, Window
from crossdock.sandbox import Fault, FaultProxy, proxying
from crossdock.testing.nursery import Job, Nursery, ahead
from crossdock.testing.rule import require
from crossdock.testing.stage import Desk, Stage, StageOpener
from crossdock.testing.toolbox import CALL, Held, connected
from crossdock.testing.watch import Watch

__all__ = ["Effort", "Means", "Scene", "proxied"]


@dataclass(frozen=True)
class Effort:
    """How much is tried.

    Attributes:
        thorough: everything with everything, or each thing once.
        items: how many things are read where memory is measured.
    """

    thorough: bool = False
    items: int = 10_000

    def turns(self, calls: int) -> list[int]:
        """At which of so many calls something happens; the last is most often the deed."""
        return list(range(1, calls + 1)) if self.thorough else [calls]


@dataclass(frozen=True)
class Means:
    """What the kit itself needs.

    Attributes:
        folder: vault and files of all connections.
        nursery: starts processes that may be killed.
        opener: starts one more stage, for rules that need another one.
        proxy: stands before the system.
        held: the calls that the proxy holds.
        effort: how much is tried.
        calls: how many calls each verb makes at each end when nothing is wrong, once it was counted.
    """

    folder: Path
    nursery: Nursery
    opener: StageOpener
    proxy: FaultProxy
    held: Held
    effort: Effort
    calls: dict[tuple[str, str], int]


@dataclass
class Scene:
    """Where one rule is tried for one verb.

    Attributes:
        plugin: what is tested.
        end: ``channel`` or ``backend``.
        verb: what is tried; empty for rules that are tried once.
        stage: the system that runs, and its people.
        desk: a connection past the proxy.
        means: of the kit.
    """

    plugin: Plugin
    end: str
    verb: str
    stage: Stage
    desk: Desk
    means: Means
    began: datetime = field(init=False)
    """Just before the attempt began, by the system's clock."""

    def __post_init__(self) -> None:
        self.began = self.stage.clock.now() - timedelta(seconds=1)

    @property
    def url(self) -> str:
        """Where the system is reached through the proxy."""
        return self.means.proxy.url

    def can(self, verb: str) -> bool:
        """Whether the plugin declares `verb`."""
        return self.side_verbs() >= {verb}

    def side_verbs(self) -> frozenset[str]:
        """The verbs that the plugin declares."""
        side = self.desk.route.side(self.end)
        return side.verbs

    @asynccontextmanager
    async def connection(self, settings: Mapping[str, object] | None = None) -> AsyncIterator[Desk]:
        """A fresh connection through the proxy, as after a start; what its vault keeps is still there."""
        given = settings or self.stage.settings(self.url)
        options = self.stage.route_options()
        async with connected(
            self.plugin, self.end, (given, options), self.stage.clock, self.means.folder, self.means.held
        ) as desk:
            yield desk

    @asynccontextmanager
    async def another(self, **options: bool) -> AsyncIterator[Scene]:
        """The same scene with a stage of its own, and no proxy before it."""
        with TemporaryDirectory(prefix="crossdock-kit-") as name:
            async with self.means.opener(**options) as stage:
                given = (stage.settings(stage.url), stage.route_options())
                async with connected(self.plugin, self.end, given, stage.clock, Path(name)) as desk:
                    yield replace(self, stage=stage, desk=desk, means=replace(self.means, folder=Path(name)))

    @asynccontextmanager
    async def afresh(self) -> AsyncIterator[Scene]:
        """The same scene with a system, a vault and a proxy of its own."""
        with TemporaryDirectory(prefix="crossdock-kit-") as name:
            async with self.means.opener() as stage, proxied(stage) as proxy:
                given = (stage.settings(stage.url), stage.route_options())
                folder = Path(name)
                async with connected(self.plugin, self.end, given, stage.clock, folder) as desk:
                    yield replace(self, stage=stage, desk=desk, means=replace(self.means, folder=folder, proxy=proxy))

    def job(self, url: str, arguments: tuple[Any, ...], result: Path | None = None) -> Job:
        """One call of the verb in a process of its own, to the system at `url`."""
        settings, options = dict(self.stage.settings(url)), dict(self.stage.route_options())
        seconds = ahead(self.stage.clock.now())
        return Job(self.end, settings, options, seconds, self.means.folder, self.verb, arguments, result)

    @asynccontextmanager
    async def disturbed(self, watch: Watch | None = None, *faults: Fault) -> AsyncIterator[Watch]:
        """Faults, and somebody beside the proxy, until the block ends."""
        standing = watch or self.watch()
        before, self.means.proxy.watcher = self.means.proxy.watcher, standing
        self.means.proxy.faults.replace(faults)
        try:
            yield standing
        finally:
            standing.released.set()
            self.means.proxy.watcher = before
            self.means.proxy.faults.replace(())

    def watch(self, **what: int) -> Watch:
        """Somebody who stands beside the proxy."""
        return Watch(self.means.held, **what)  # type: ignore[arg-type]  # numbers by name

    def rewriting(self, rewrite: Callable[[bytes], bytes]) -> Watch:
        """Somebody who changes every answer."""
        return Watch(self.means.held, rewrite)

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


@asynccontextmanager
async def proxied(stage: Stage) -> AsyncIterator[FaultProxy]:
    """A proxy before the stage's system, which says "too many requests" as the system does."""

    def rate_limited(retry_after: float | None) -> web.Response:
        status, headers, body = stage.throttled(None if retry_after is None else round(retry_after))
        return web.Response(status=status, headers=dict(headers), body=body)

    proxy = FaultProxy(stage.url, rate_limited=rate_limited, keeps_back=frozenset({CALL.lower()}))
    async with proxying(proxy):
        yield proxy
