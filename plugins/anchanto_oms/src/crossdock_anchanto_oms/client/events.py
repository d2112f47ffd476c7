"""Push messages of the OMS: verified over the raw body, once each, and turned into what to look at. No I/O."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from crossdock.clock import Clock
from crossdock.contract import Nudge, PushAnswer, PushMessage
from crossdock.errors import Refused
from crossdock_anchanto_oms.config import AnchantoSettings
from crossdock_anchanto_oms.profile import Profile, at, decoded

__all__ = ["EventReader"]

_MOST_REMEMBERED = 10_000
_LONGEST_TIMESTAMP = 12


class EventReader:
    """Reads the push messages of one connection.

    Args:
        settings: with the secrets.
        profile: how messages are signed and what they say.
        clock: ours; a message that is too old or too early for it is refused.
    """

    def __init__(self, settings: AnchantoSettings, profile: Profile, clock: Clock) -> None:
        self._settings = settings
        self._words = profile.event
        self._clock = clock
        self._seen: dict[str, float] = {}

    def read(self, message: PushMessage) -> PushAnswer:
        """Verify `message`, and say what to look at.

        Raises:
            Refused: not signed with our secret, too old or too early, or a delivery that came before.
        """
        stamp = message.headers.get(self._words.timestamp_header, "")
        self._verify(stamp, message)
        self._check_time(stamp)
        delivery = message.headers.get(self._words.delivery_header, "")
        self._check_new(delivery)
        try:
            body = decoded(message.body)
        except ValueError:
            raise Refused("The push message is no JSON.", code="push") from None
        name = message.headers.get(self._words.name_header, "")
        event_id = at(body, self._words.event_id) if self._words.event_id else None
        return PushAnswer(tuple(self._nudges(name, body)), message_id=str(event_id or delivery))

    def _verify(self, stamp: str, message: PushMessage) -> None:
        secrets = [one for one in (self._settings.event_secret, self._settings.previous_event_secret) if one]
        if not secrets:
            raise Refused("The connection has no event_secret, so no push message is believed.", code="push")
        given = message.headers.get(self._words.signature_header, "").encode(errors="replace")
        signed = self._signed(stamp.encode(errors="replace"), message.body)
        matches = [
            hmac.compare_digest(given, self._signature(one.get_secret_value().encode(), signed)) for one in secrets
        ]
        if not any(matches):
            raise Refused("The push message is not signed with the connection's event_secret.", code="push")

    def _signed(self, stamp: bytes, body: bytes) -> bytes:
        before, _, after = self._words.signed.partition("{body}")
        return before.encode().replace(b"{timestamp}", stamp) + body + after.encode().replace(b"{timestamp}", stamp)

    def _signature(self, secret: bytes, signed: bytes) -> bytes:
        digest = hmac.digest(secret, signed, sha256)
        text = digest.hex().encode() if self._words.encoding == "hex" else b64encode(digest)
        return self._words.signature_prefix.encode() + text

    def _check_time(self, stamp: str) -> None:
        whole = stamp.isascii() and stamp.isdigit() and len(stamp) <= _LONGEST_TIMESTAMP
        skew = abs(self._clock.now().timestamp() - int(stamp)) if whole else float("inf")
        if skew > self._settings.event_skew_seconds:
            raise Refused(
                f"The push message's timestamp is more than {self._settings.event_skew_seconds} s off our clock.",
                code="push",
                hint="compare the clock of this machine with the real time",
            )

    def _check_new(self, delivery: str) -> None:
        """A delivery is remembered as long as its timestamp would be accepted."""
        now = self._clock.now().timestamp()
        while self._seen and (next(iter(self._seen.values())) < now or len(self._seen) >= _MOST_REMEMBERED):
            del self._seen[next(iter(self._seen))]
        if not delivery or delivery in self._seen:
            raise Refused("The push message carries no new delivery number.", code="push")
        self._seen[delivery] = now + 2 * self._settings.event_skew_seconds

    def _nudges(self, name: str, body: Any) -> Iterator[Nudge]:
        leads = self._words.flows.get(name)
        store = at(body, self._words.store)
        if leads is None or store not in (None, self._settings.store_code):
            return
        happened, why = _moment(at(body, self._words.occurred_at)), f"event {name}"
        if leads.key == "what":
            flow = str(at(body, self._words.what) or "")
            if flow in ("orders", "stock", "products"):
                yield Nudge(flow, "", why, happened)
            return
        found = at(body, getattr(self._words, leads.key)) if leads.key else ""
        for key in found if isinstance(found, list) else [found]:
            if isinstance(key, str):
                yield Nudge(leads.flow, key, why, happened)


def _moment(text: Any) -> datetime | None:
    try:
        return msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        return None
