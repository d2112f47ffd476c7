"""A stage made of a plugin's sandbox: started in this process, with a clock that only moves when somebody waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any, ClassVar

from crossdock.sandbox import RunningSandbox, Sandbox, VirtualClock, World, running
from crossdock.testing.stage import NotStaged, Stage, StageOpener

__all__ = ["SandboxStage", "WorldClock", "sandboxed"]

START = 1_795_600_000.0
"""When every stage begins, in seconds since the epoch: the same run on every day."""


class WorldClock:
    """A sandbox's time for the connection that calls it; sleeping moves it.

    Args:
        world: of the sandbox.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        """The moment: aware, UTC."""
        return self._world.clock.now()

    def monotonic(self) -> float:
        """Seconds since an unknown moment; never goes back."""
        return self._world.clock.seconds()

    async def sleep(self, seconds: float) -> None:
        """Move the world forward, and let others run."""
        self._world.clock.advance(max(seconds, 0.0))
        await asyncio.sleep(0)


class SandboxStage(Stage):
    """A running sandbox and its people; a plugin's own stage says how they work.

    Args:
        server: accepts connections.
    """

    effect_kinds: ClassVar[Mapping[str, str]] = {}
    """Verb to the kind of write by which the sandbox's oracle knows it, such as ``{"push_order": "create_order"}``."""

    def __init__(self, server: RunningSandbox) -> None:
        self.url = server.url
        self.world = server.sandbox.world
        self.clock = WorldClock(self.world)
        self.sandbox = server.sandbox

    @property
    def credentials(self) -> Mapping[str, Any]:
        """What the sandbox tells a stranger's client."""
        return self.sandbox.credentials()

    async def act(self, method: str, path: str, body: object = None) -> Any:
        """Do what an operator does, as ``METHOD /_sandbox/path`` would.

        Args:
            method: HTTP method of the action.
            path: below ``/_sandbox``.
            body: what would be sent as JSON.

        Raises:
            LookupError: the sandbox offers no such action.
            OperatorError: it is not possible now, which is a mistake of the stage.
        """
        for action in self.sandbox.actions():
            values = _values(action.path, path) if action.method == method else None
            if values is not None:
                wanted = action.body.model_validate(body or {}) if action.body else None
                return await action.run(wanted, values)
        raise LookupError(f"the sandbox {self.sandbox.name} has no action {method} /_sandbox{path}")

    async def pause(self) -> None:
        """An hour: longer than any overlap of two looks."""
        await self.clock.sleep(3600)

    async def effects(self, verb: str, key: str) -> int:
        """Count the oracle's writes of the verb's kind."""
        if verb not in self.effect_kinds:
            raise NotStaged(f"effect_kinds[{verb!r}]: the kind of write by which the sandbox's oracle knows it")
        return self.world.oracle.counts(self.effect_kinds[verb])[key]

    def throttled(self, retry_after: int | None) -> tuple[int, Mapping[str, str], bytes]:
        """As the sandbox says it."""
        answer = self.sandbox.rate_limited(retry_after)
        return answer.status, {**answer.headers}, bytes(answer.body) if isinstance(answer.body, bytes) else b""


def _values(template: str, path: str) -> dict[str, str] | None:
    """What stands in `path` for the names of `template`; None where they do not fit."""
    parts, given = template.split("/"), path.split("/")
    if len(parts) != len(given):
        return None
    pairs = list(zip(parts, given, strict=True))
    if any(part != value for part, value in pairs if not part.startswith("{")):
        return None
    return {part[1:-1]: value for part, value in pairs if part.startswith("{")}


def sandboxed(
    stage: type[SandboxStage],
    create: Callable[..., Sandbox],
    *,
    zero_decimal: Mapping[str, object] | None = None,
    **options: object,
) -> StageOpener:
    """How a stage is started from a sandbox.

    Args:
        stage: the plugin's own.
        create: makes the sandbox, as the plugin's `sandbox` names it.
        zero_decimal: the sandbox's options for a currency without decimals; None where it has none.
        options: of the sandbox.
    """

    @asynccontextmanager
    async def start(chosen: Mapping[str, object]) -> AsyncIterator[SandboxStage]:
        world = World(seed=1, clock=VirtualClock(lambda: START))
        async with running(create(world, **chosen)) as server:
            yield stage(server)

    def opener(*, zero_decimal: bool = False) -> AbstractAsyncContextManager[SandboxStage]:
        if zero_decimal and other is None:
            raise NotStaged("zero_decimal: the sandbox's options for a currency without decimals")
        return start({**options, **(other or {})} if zero_decimal else options)

    other = zero_decimal
    return opener
