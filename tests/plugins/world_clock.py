"""A clock for connections to a sandbox whose time stands still."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from crossdock.sandbox import World


@dataclass
class WorldClock:
    """The sandbox's time; sleeping moves it."""

    world: World

    def now(self) -> datetime:
        return self.world.clock.now()

    def monotonic(self) -> float:
        return self.world.clock.seconds()

    async def sleep(self, seconds: float) -> None:
        self.world.clock.advance(max(seconds, 0.0))
        await asyncio.sleep(0)
