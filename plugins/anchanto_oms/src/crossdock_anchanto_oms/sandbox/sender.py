"""Carries events to the seller's URL."""

from __future__ import annotations

import asyncio

from aiohttp import ClientError, ClientSession, ClientTimeout

from crossdock_anchanto_oms.sandbox.outbox import Delivery, Outbox

ANSWER_SECONDS = 5.0


class Sender:
    """Makes the attempts that are due, one after another."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._one_at_a_time = asyncio.Lock()

    async def deliver_due(self) -> int:
        """Attempt everything that is due; tells how many attempts were made."""
        async with self._one_at_a_time:
            deliveries = self._outbox.take_due()
            if deliveries:
                async with ClientSession(timeout=ClientTimeout(total=ANSWER_SECONDS)) as session:
                    for delivery in deliveries:
                        await self._attempt(session, delivery)
            return len(deliveries)

    async def _attempt(self, session: ClientSession, delivery: Delivery) -> None:
        try:
            async with session.post(delivery.url, data=delivery.event.body, headers=delivery.headers) as answer:
                self._outbox.settle(delivery, str(answer.status), acknowledged=200 <= answer.status < 300)
        except (ClientError, OSError, TimeoutError) as error:
            self._outbox.settle(delivery, type(error).__name__, acknowledged=False)
