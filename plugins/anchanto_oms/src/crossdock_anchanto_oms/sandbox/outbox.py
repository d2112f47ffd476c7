"""Events out: what is told to the seller's URL, signed, at least once, in no promised order."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from crossdock.sandbox import World
from crossdock_anchanto_oms.sandbox.settings import EVENT_SECRET, SELLER_CODE
from crossdock_anchanto_oms.sandbox.values import time_text

RETRY_AFTER_SECONDS = (10, 60, 300, 1800, 7200)
Status = Literal["waiting", "delivered", "dead", "lost", "no_url"]


@dataclass
class Event:
    """One thing that happened, and how telling it went."""

    event_id: str
    name: str
    body: bytes
    due: float
    status: Status = "waiting"
    attempts: list[str] = field(default_factory=list)


@dataclass
class Delivery:
    """One attempt: where to, with which headers and bytes."""

    event: Event
    url: str
    headers: dict[str, str]


@dataclass
class Target:
    """Where events go, and how badly: three probabilities from 0 to 1."""

    url: str | None = None
    secret: str = EVENT_SECRET
    lose: float = 0
    double: float = 0
    reorder: float = 0


class Outbox:
    """All events, oldest first, and those that still wait."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._deliveries = 0
        self.target = Target()
        self.events: list[Event] = []
        self.waiting: list[Event] = []
        self.under_way: set[str] = set()

    def emit(self, name: str, store_code: str | None, subject: Mapping[str, Any]) -> None:
        """Note that something happened; it is sent unless there is no URL or luck is bad."""
        now = self._world.clock.seconds()
        event_id = f"evt-{len(self.events) + 1:06d}"
        body = {
            "event": name,
            "event_id": event_id,
            "seller_code": SELLER_CODE,
            "store_code": store_code,
            "occurred_at": time_text(now),
            "subject": dict(subject),
        }
        event = Event(event_id, name, json.dumps(body, ensure_ascii=False).encode(), now)
        self.events.append(event)
        if self.target.url is None:
            event.status = "no_url"
        elif self._draw(self.target.lose):
            event.status = "lost"
        else:
            self._enqueue(event)

    def _enqueue(self, event: Event) -> None:
        place = len(self.waiting)
        if place and self._draw(self.target.reorder):
            place -= 1
        self.waiting.insert(place, event)
        if self._draw(self.target.double):
            self.waiting.append(event)

    def _draw(self, probability: float) -> bool:
        return probability > 0 and self._world.random.random() < probability

    def take_due(self) -> list[Delivery]:
        """Attempts to make now; each is followed by `settle`."""
        if self.target.url is None:
            return []
        now = self._world.clock.seconds()
        due = [event for event in self.waiting if event.due <= now]
        self.waiting = [event for event in self.waiting if event.due > now]
        self.under_way.update(event.event_id for event in due)
        return [self._delivery(event, self.target.url) for event in due]

    def _delivery(self, event: Event, url: str) -> Delivery:
        self._deliveries += 1
        timestamp = str(self._world.clock.timestamp())
        headers = {
            "Content-Type": "application/json",
            "X-Oms-Event": event.name,
            "X-Oms-Delivery-Id": f"dlv-{self._deliveries:06d}",
            "X-Oms-Timestamp": timestamp,
            "X-Oms-Signature": signature(self.target.secret, timestamp, event.body),
        }
        return Delivery(event, url, headers)

    def settle(self, delivery: Delivery, answer: str, *, acknowledged: bool) -> None:
        """Note how an attempt went, and plan the next one if it was not acknowledged."""
        event = delivery.event
        self.under_way.discard(event.event_id)
        event.attempts.append(f"{delivery.headers['X-Oms-Delivery-Id']} {answer}")
        if acknowledged:
            event.status = "delivered"
        elif event.status == "waiting":
            failed = len(event.attempts)
            if failed > len(RETRY_AFTER_SECONDS):
                event.status = "dead"
            else:
                event.due = self._world.clock.seconds() + RETRY_AFTER_SECONDS[failed - 1]
                self.waiting.append(event)

    def retry_dead(self) -> int:
        """Send the dead letters again from the first attempt; tells how many."""
        dead = [event for event in self.events if event.status == "dead"]
        for event in dead:
            event.status, event.due, event.attempts = "waiting", self._world.clock.seconds(), []
            self.waiting.append(event)
        return len(dead)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of ``X-Oms-Signature``."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={digest.hexdigest()}"
