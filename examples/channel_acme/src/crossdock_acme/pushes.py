"""Webhooks of Acme Market: verified over the raw body before anything is read. Pure; the moment is handed in."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256

import msgspec
from crossdock.contract import Nudge, PushAnswer, PushMessage
from crossdock.errors import Refused

from crossdock_acme import wire
from crossdock_acme.config import AcmeSettings
from crossdock_acme.translate import moment

_event = msgspec.json.Decoder(wire.Event)


def read(settings: AcmeSettings, message: PushMessage, now: datetime) -> PushAnswer:
    """What a push message leads to.

    Raises:
        Refused: it is not signed, wrongly signed, too old, or no secret is set.
    """
    if settings.webhook_secret is None:
        raise Refused("push messages are not taken", hint="set webhook_secret")
    parts = dict(part.partition("=")[::2] for part in message.headers.get("acme-signature", "").split(","))
    stamp = parts.get("t", "")
    key = settings.webhook_secret.get_secret_value().encode()
    wanted = hmac.new(key, stamp.encode() + b"." + message.body, sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), parts.get("v1", "").encode()):
        raise Refused("the signature is wrong")
    if abs(now.timestamp() - int(stamp)) > settings.webhook_tolerance_seconds:
        raise Refused("the message is too old")
    try:
        event = _event.decode(message.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("rightly signed, but no event") from None
    return PushAnswer((Nudge("orders", event.order, event.topic, moment(event.at_ms)),), message_id=event.event_id)
