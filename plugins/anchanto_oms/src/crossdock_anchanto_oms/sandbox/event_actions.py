"""Operator actions on events: where they go, what became of them, and the three "Sync" buttons."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction
from crossdock_anchanto_oms.sandbox.desk import Desk, Json
from crossdock_anchanto_oms.sandbox.outbox import Target
from crossdock_anchanto_oms.sandbox.settings import EVENT_SECRET


class TargetBody(BaseModel):
    """Where events go; `lose`, `double` and `reorder` are probabilities."""

    model_config = ConfigDict(extra="forbid")
    url: str | None = Field(default=None, pattern=r"^https?://")
    secret: str = EVENT_SECRET
    lose: float = Field(default=0, ge=0, le=1)
    double: float = Field(default=0, ge=0, le=1)
    reorder: float = Field(default=0, ge=0, le=1)


class Sync(BaseModel):
    """Which button was pressed."""

    model_config = ConfigDict(extra="forbid")
    what: Literal["orders", "stock", "products"]


class EventDesk:
    """What a person sets up about events."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def actions(self) -> list[OperatorAction]:
        """The actions as routes below ``/_sandbox``."""
        act, wait = self._desk.action, self._desk.waiting_action
        return [
            act("PUT", "/events/target", "Set the URL that events go to.", self.set_target, TargetBody),
            act("GET", "/events", "All events and what became of them.", self.show),
            wait("POST", "/events/deliver", "Make every attempt that is due now.", self.deliver),
            act("POST", "/events/retry-dead", "Send the dead letters again.", self.retry_dead),
            act("POST", "/stores/{store_code}/sync", "Press a Sync button.", self.sync, Sync),
        ]

    def set_target(self, asked: TargetBody, _path: dict[str, str]) -> Json:
        """From now on; what happened before is not sent."""
        self._desk.seller.outbox.target = Target(**asked.model_dump())
        return {"url": asked.url}

    def show(self, _body: None, _path: dict[str, str]) -> Json:
        """Oldest first."""
        return {
            "events": [
                {"status": each.status, "attempts": each.attempts, **json.loads(each.body)}
                for each in self._desk.seller.outbox.events
            ]
        }

    async def deliver(self) -> Json:
        """So that a test need not wait."""
        return {"attempts": await self._desk.sender.deliver_due()}

    def retry_dead(self, _body: None, _path: dict[str, str]) -> Json:
        """As the vendor's support would."""
        return {"retried": self._desk.seller.outbox.retry_dead()}

    def sync(self, asked: Sync, path: dict[str, str]) -> Json:
        """Sync Orders, Sync Stock or Sync Products of a connected store."""
        seller = self._desk.seller
        store = seller.shop(path["store_code"]).store
        seller.outbox.emit("sync_request", store.store_code, {"what": asked.what})
        if asked.what == "stock":
            names = dict.fromkeys(seller.shops[store.store_code].offers.values())
            seller.affected.setdefault(store.store_code, {}).update(names)
        return {"requested": asked.what}
