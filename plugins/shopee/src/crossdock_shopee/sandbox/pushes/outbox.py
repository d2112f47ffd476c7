"""Messages on their way to the callback address, and those that did not arrive."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crossdock.sandbox import World
from crossdock_shopee.sandbox.agenda import Agenda
from crossdock_shopee.sandbox.wire import dump

RETRY_SECONDS = (300, 1800, 10800)
KEPT_SECONDS = 3 * 24 * 60 * 60
LOST_PAGE = 100
CODES = (1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 15, 16, 22, 23, 24, 25, 27, 28, 29, 30, 37, 38, 47)


@dataclass(frozen=True)
class Message:
    """One push; `body` is what goes over the wire, byte for byte."""

    number: int
    code: int
    shop_id: int | None
    timestamp: int
    body: bytes


@dataclass
class PushSettings:
    """How messages are sent.

    Attributes:
        url: the callback address; empty sends nothing.
        key: messages are signed with it.
        codes: those that are sent.
        blocked_shop_ids: shops of which nothing is sent.
        lose: probability that a message is never sent (but can be fetched as lost).
        double: probability that a message is sent twice.
        reorder: messages that wait together are shuffled.
    """

    url: str = ""
    key: str = ""
    codes: frozenset[int] = frozenset(CODES)
    blocked_shop_ids: frozenset[int] = frozenset()
    lose: float = 0
    double: float = 0
    reorder: bool = False


class Outbox:
    """Every message from the moment it is due until it arrived or was given up."""

    def __init__(self, world: World, agenda: Agenda, settings: PushSettings) -> None:
        self.settings = settings
        self._world = world
        self._agenda = agenda
        self._waiting: list[tuple[Message, int]] = []
        self._lost: list[Message] = []
        self._last_number = 176_600

    def emit(self, code: int, shop_id: int | None, data: Mapping[str, Any], **envelope: object) -> None:
        """Let something be told, if that is switched on."""
        settings = self.settings
        if not settings.url or code not in settings.codes or shop_id in settings.blocked_shop_ids:
            return
        self._last_number += 1
        now = self._world.clock.timestamp()
        shop = {} if shop_id is None else {"shop_id": shop_id}
        body = dump({"data": data, **shop, **envelope, "code": code, "timestamp": now})
        message = Message(self._last_number, code, shop_id, now, body)
        if self._world.random.random() < settings.lose:
            self._lost.append(message)
            return
        copies = 2 if self._world.random.random() < settings.double else 1
        self._waiting.extend([(message, 0)] * copies)

    def take(self) -> list[tuple[Message, int]]:
        """What is to be sent now, each with how often it was tried before."""
        taken, self._waiting = self._waiting, []
        if self.settings.reorder:
            self._world.random.shuffle(taken)
        return taken

    def failed(self, message: Message, tries: int) -> None:
        """Note that a message was not taken: it is tried again three times, then it is lost."""
        if tries < len(RETRY_SECONDS):
            self._agenda.after(RETRY_SECONDS[tries], lambda _at: self._waiting.append((message, tries + 1)))
        else:
            self._lost.append(message)

    def sign(self, body: bytes) -> str:
        """The Authorization header: over the address and the very bytes."""
        text = self.settings.url.encode() + b"|" + body
        return hmac.new(self.settings.key.encode(), text, hashlib.sha256).hexdigest()

    def lost(self) -> tuple[list[Message], bool]:
        """The earliest hundred of the last three days that nobody confirmed, and whether there are more."""
        oldest = self._world.clock.timestamp() - KEPT_SECONDS
        self._lost = sorted((m for m in self._lost if m.timestamp >= oldest), key=lambda message: message.number)
        return self._lost[:LOST_PAGE], len(self._lost) > LOST_PAGE

    def confirm(self, last_message_id: int) -> None:
        """Forget the lost messages up to this one."""
        self._lost = [message for message in self._lost if message.number > last_message_id]
