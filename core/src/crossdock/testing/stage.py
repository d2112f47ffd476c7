"""What a plugin author writes for the kit: a system that runs, and the people who work in it.

A stage knows the system, never the plugin's client. The kit starts it, puts its fault proxy in front of it, connects
the plugin through the proxy, and asks the stage to do what people would do.

    kit ── plugin ──▶ fault proxy ──▶ stage's system ◀── stage (people, oracle)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from crossdock.clock import Clock
from crossdock.contract import PushMessage, Route, Verbs
from crossdock.model import Money
from crossdock.testing.rehearsal import Act, Rehearsal

__all__ = ["Act", "Desk", "Kit", "NotStaged", "Stage", "StageOpener"]


class NotStaged(Exception):
    """This stage cannot do what a rule needs; the rule counts as not shown until it can or is exempt."""


@dataclass(frozen=True)
class Desk:
    """A connection of the plugin that goes straight to the system, past the proxy, for preparations.

    Attributes:
        ask: every verb of the connection.
        route: what its verbs are told.
        clock: by which it works; sleeping lets the system's time pass.
    """

    ask: Verbs
    route: Route
    clock: Clock


class Stage(ABC):
    """A simulated system that runs, or a test account, and what people do in it.

    Only `settings`, and for each declared ``pull_*`` verb `add`, are needed for the first tier. What a stage does not
    offer raises `NotStaged`, and the rules that need it stay unproven.
    """

    url: str
    """Root address of the system, such as ``http://127.0.0.1:8123``; the proxy forwards to it."""
    clock: Clock
    """The system's time, handed to the connection; with a simulated system, sleeping moves it and costs nothing."""

    @abstractmethod
    def settings(self, url: str) -> Mapping[str, object]:
        """The connection's settings, as under ``[connections.NAME]`` without `plugin`, with the system at `url`."""

    def page_size(self, verb: str) -> int:
        """Things on one page of the ``pull_*`` verb, with these settings; smaller pages make quicker rules."""
        return 100

    def route_options(self) -> Mapping[str, object]:
        """What the route says to this end; nothing unless the system needs it."""
        return {}

    async def pause(self) -> None:
        """Let enough time pass that what is made next is told apart from what was made before; called before a case."""
        await self.clock.sleep(1)

    def wrong_settings(self, url: str) -> Mapping[str, object]:
        """The settings with credentials that the system refuses."""
        raise NotStaged("wrong_settings: settings with credentials that the system refuses")

    async def add(self, verb: str, count: int, desk: Desk) -> Sequence[str]:
        """Make `count` things that the ``pull_*`` verb must show, all changed at the same moment.

        Args:
            verb: such as ``pull_orders``.
            count: how many, up to some thousands.
            desk: for a backend, whose orders are made with ``desk.ask.push_order``.

        Returns:
            Their ids, as the items carry them: `id` of orders, returns and products, `sku` of levels.
        """
        raise NotStaged(f"add({verb!r}): things for the verb to read")

    async def change(self, verb: str, key: str, desk: Desk) -> None:
        """Change the thing `key` of `add` in some way that counts as a change, later than all else."""
        raise NotStaged(f"change({verb!r}): a change of one of the things that the verb reads")

    async def prepare(self, verb: str, desk: Desk) -> Act:
        """Make everything ready for one successful call of `verb`, each time for another thing.

        Args:
            verb: a verb that does something, such as ``push_order`` or ``arrange_shipment``, or that reads by number.
            desk: to read what the verb is to be called with.
        """
        raise NotStaged(f"prepare({verb!r}): what the verb is called with")

    async def effects(self, verb: str, key: str) -> int:
        """How often the system carried `verb` out for `key`: asked of its oracle, never of the plugin.

        For absolute verbs, such as ``push_stock``, how often its state was *changed* by it.
        """
        raise NotStaged(f"effects({verb!r}): how often the system carried the verb out")

    async def level(self, sku: str) -> Decimal:
        """The level that the system shows of `sku` now: asked of the system, never of the plugin."""
        raise NotStaged("level: the level that the system shows now")

    async def total(self, key: str) -> Money:
        """What was paid for the order `key`: asked of the system, never of the plugin."""
        raise NotStaged("total: what was paid for an order")

    async def expire_sign_in(self) -> None:
        """Let the tokens that are in use now expire at once."""
        raise NotStaged("expire_sign_in: tokens that expire now")

    async def revoke_sign_in(self) -> None:
        """Take the authorisation back: no token that was given out is good any more, nor can one be renewed."""
        raise NotStaged("revoke_sign_in: an authorisation that is taken back")

    async def agree(self, link: str) -> Mapping[str, str]:
        """Open a sign-in link as the owner does, and say yes; answers the parameters with which the browser returns."""
        raise NotStaged("agree: what the owner does with a sign-in link")

    async def push_messages(self, desk: Desk) -> Sequence[PushMessage]:
        """At least two different, rightly signed push messages as the system sends them."""
        raise NotStaged("push_messages: rightly signed push messages")

    async def lose_push_messages(self, count: int, desk: Desk) -> Sequence[str]:
        """Let `count` things happen whose push messages do not arrive; answers the keys of the nudges they lead to."""
        raise NotStaged("lose_push_messages: messages that do not arrive")

    async def foreign_push(self, desk: Desk) -> bytes:
        """The body of a push message about somebody else whom the same address serves."""
        raise NotStaged("foreign_push: a message about somebody else")

    def bad_row(self, verb: str, row: Any) -> Any:
        """A row like `row` of a batch that the system refuses; of levels and prices one whose SKU nobody knows."""
        if verb == "push_listings":
            raise NotStaged("bad_row('push_listings'): a product that is refused")
        return row.model_copy(update={"sku": "NO-SUCH-SKU"})

    def redelivered(self, message: PushMessage) -> PushMessage:
        """The message as the system sends it once more, such as after an answer that was lost."""
        return message

    def forgeries(self, message: PushMessage) -> Iterator[tuple[str, PushMessage]]:
        """Messages that the system did not send, made of one that it did, each with what is wrong with it."""
        yield "another body", replace(message, body=message.body.replace(b"}", b" }", 1) + b" ")
        yield "no signature", replace(message, headers={"content-type": "application/json"})
        turned = {name: value[::-1] for name, value in message.headers.items() if name not in _PLAIN_HEADERS}
        yield "another signature", replace(message, headers={**message.headers, **turned})

    def poisoned(self, verb: str, key: str, body: bytes) -> bytes:
        """The body of an answer with something in the record of `key` that no model can say; else as it is.

        Called for each answer on the wire while `verb` runs.
        """
        raise NotStaged(f"poisoned({verb!r}): an answer in which one record cannot be read")

    def renamed_status(self, verb: str, key: str, body: bytes) -> bytes:
        """The body of an answer in which the status of `key` is a word that nobody knows: ``BRAND_NEW_STATUS``."""
        raise NotStaged(f"renamed_status({verb!r}): an answer with a status that nobody knows")

    def masked(self, verb: str, key: str, body: bytes) -> bytes:
        """The body of an answer in which the buyer's name, phone and address of `key` are withheld as ``****``."""
        raise NotStaged(f"masked({verb!r}): an answer in which personal data is withheld")

    def throttled(self, retry_after: int | None) -> tuple[int, Mapping[str, str], bytes]:
        """How the system says "too many requests": status, headers, body."""
        wait = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return 429, wait, b""

    def secrets(self) -> Sequence[str]:
        """What must never be seen in a log or an error: keys, tokens, buyers' names; settings' own are known."""
        return ()


_PLAIN_HEADERS = frozenset({"content-type", "content-length", "host", "user-agent", "accept", "accept-encoding"})

StageOpener = Callable[..., AbstractAsyncContextManager[Stage]]
"""Starts a stage: called without arguments, or with ``zero_decimal=True`` for one whose currency has no decimals."""


@dataclass(frozen=True)
class Kit:
    """What a plugin's `kit` names: how it is put through the rules.

    Attributes:
        stages: ``channel`` and/or ``backend``, the ends of a route that it can be, to how its stage is started.
        rehearsal: of an extension: what passes it, and what becomes of that; None for a plugin that only connects.
    """

    stages: Mapping[str, StageOpener] = field(default_factory=dict)
    rehearsal: Rehearsal | None = None
