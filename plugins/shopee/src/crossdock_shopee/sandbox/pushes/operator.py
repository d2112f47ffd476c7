"""What an operator does about push messages."""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction
from crossdock_shopee.sandbox.pushes.outbox import CODES
from crossdock_shopee.sandbox.pushes.sender import Sender
from crossdock_shopee.sandbox.settings import PARTNER_KEY
from crossdock_shopee.sandbox.state import State


class PushPlan(BaseModel):
    """Body of ``PUT /_sandbox/push``.

    Attributes:
        url: the callback address; empty sends nothing.
        codes: those that are sent; None is all.
        key: messages are signed with it; None is the partner key.
        lose: probability that a message is not sent; it can be fetched as lost.
        double: probability that a message is sent twice.
        reorder: messages that wait together are shuffled.
    """

    model_config = ConfigDict(extra="forbid")

    url: str
    codes: list[int] | None = None
    key: str | None = None
    lose: float = Field(default=0, ge=0, le=1)
    double: float = Field(default=0, ge=0, le=1)
    reorder: bool = False


class PushDesk:
    """The operator's actions on push messages."""

    def __init__(self, state: State, sender: Sender) -> None:
        self._state = state
        self._sender = sender

    def actions(self) -> list[OperatorAction]:
        """As the server offers them."""
        return [
            OperatorAction("PUT", "/push", "Say where push messages go, and how badly.", self.plan, PushPlan),
            OperatorAction("POST", "/push/deliver", "Send all that waits now, and say how many arrived.", self.deliver),
        ]

    async def plan(self, body: PushPlan, _path: dict[str, str]) -> dict[str, object]:
        """Set everything at once."""
        self._state.outbox.settings = replace(
            self._state.outbox.settings,
            url=body.url,
            codes=frozenset(CODES if body.codes is None else body.codes),
            key=body.key or PARTNER_KEY,
            lose=body.lose,
            double=body.double,
            reorder=body.reorder,
        )
        return {"url": body.url}

    async def deliver(self, _body: None, _path: dict[str, str]) -> dict[str, object]:
        """Do not wait for the next tick."""
        return {"arrived": await self._sender.drain()}
