"""The simulated market's webhooks: signed, sent to one address, dropped when that does not answer 2xx."""

from __future__ import annotations

import asyncio
import hmac
import json
from hashlib import sha256
from typing import Any

import aiohttp
from crossdock.sandbox import World

from crossdock_acme.sandbox.sign_in import WEBHOOK_SECRET


class Webhooks:
    """Sends what changed.

    Args:
        world: its clock, and the chance that gives events their ids.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: asyncio.Queue[tuple[str, bytes, str]] = asyncio.Queue()
        self.url = ""

    def tell(self, topic: str, order: dict[str, Any]) -> None:
        """Something about an order changed."""
        if self.url:
            self._waiting.put_nowait((self.url, *self.signed(topic, order)))

    def signed(self, topic: str, order: dict[str, Any]) -> tuple[bytes, str]:
        """Body and signature of a message."""
        event = f"evt-{self._world.random.getrandbits(48):012x}"
        body = json.dumps({"event_id": event, "topic": topic, "order": order["id"], "at_ms": order["updated_ms"]})
        stamp = str(self._world.clock.timestamp())
        sign = hmac.new(WEBHOOK_SECRET.encode(), f"{stamp}.{body}".encode(), sha256).hexdigest()
        return body.encode(), f"t={stamp},v1={sign}"

    async def keep_sending(self) -> None:
        """Send until cancelled."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as client:
            while True:
                url, body, signature = await self._waiting.get()
                try:
                    async with client.post(url, data=body, headers={"Acme-Signature": signature}) as answer:
                        await answer.read()
                except (aiohttp.ClientError, TimeoutError):
                    continue  # Acme sends each message once; whoever was away reads the list
