"""Messages that LS Central sends by itself: change notifications and order messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp

from crossdock.sandbox import World


@dataclass
class Message:
    """One message.

    Attributes:
        url: where it goes.
        compose: makes the body when the message is sent for the first time.
        due: when it is sent next, seconds since the epoch.
        started: when it was due first.
        done: gets the status that ended it, or None when nobody ever answered.
    """

    url: str
    compose: Callable[[], Any]
    due: float
    started: float
    done: Callable[[int | None], None]
    attempts: int = 0
    body: Any = None


@dataclass
class Outbox:
    """Messages that wait for their time, sent in order; failures are tried again for 36 hours."""

    world: World
    waiting: list[Message] = field(default_factory=list)

    def put(
        self, url: str, compose: Callable[[], Any], after_seconds: float, done: Callable[[int | None], None]
    ) -> None:
        """Have what `compose` makes posted to `url`, `after_seconds` from now."""
        due = self.world.clock.seconds() + after_seconds
        self.waiting.append(Message(url, compose, due, due, done))

    async def send_due(self) -> int:
        """Send what is due; tells how many messages were sent."""
        now = self.world.clock.seconds()
        due = [message for message in self.waiting if message.due <= now]
        self.waiting = [message for message in self.waiting if message.due > now]
        for message in due:
            await self._send(message)
        return len(due)

    async def _send(self, message: Message) -> None:
        if message.attempts == 0:
            message.body = message.compose()
        status, _ = await post_json(message.url, message.body)
        message.attempts += 1
        now = self.world.clock.seconds()
        may_pass = status is None or status in (408, 429) or status >= 500
        if may_pass and now - message.started < timedelta(hours=36).total_seconds():
            message.due = now + min(60.0 * 2**message.attempts, 3600.0)
            self.waiting.append(message)
        else:
            message.done(status)


async def post_json(url: str, body: Any) -> tuple[int | None, str]:
    """POST `body` as JSON: status and text of the answer; None when there was no answer."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
            session.post(url, json=body) as response,
        ):
            return response.status, await response.text()
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None, ""
