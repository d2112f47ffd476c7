"""Webhooks: signed over time and raw body."""

import hmac
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from crossdock.contract import PushMessage
from crossdock.errors import Refused

from crossdock_acme import plugin, pushes

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BODY = b'{"event_id": "evt-1", "topic": "order.updated", "order": "AC-1", "at_ms": 1767225600000}'
SETTINGS = plugin.settings(base_url="https://acme", client_id="x", client_secret="s", webhook_secret="k")


def message(body=BODY, stamp="1767225600", key=b"k"):
    sign = hmac.new(key, stamp.encode() + b"." + body, sha256).hexdigest()
    return PushMessage("https://here/push/acme", {"acme-signature": f"t={stamp},v1={sign}"}, body)


def test_an_event_is_a_nudge_for_its_order():
    answer = pushes.read(SETTINGS, message(), NOW)
    assert answer.message_id == "evt-1"
    assert [(nudge.flow, nudge.key, nudge.why, nudge.at) for nudge in answer.nudges] == [
        ("orders", "AC-1", "order.updated", NOW)
    ]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (message(key=b"other"), "the signature is wrong"),
        (PushMessage("https://here", {}, BODY), "the signature is wrong"),
        (message(stamp="1767220000"), "the message is too old"),
        (message(body=b"hello"), "rightly signed, but no event"),
    ],
)
def test_what_is_not_right_is_refused(given, reason):
    with pytest.raises(Refused, match=reason):
        pushes.read(SETTINGS, given, NOW)


def test_without_a_secret_none_are_taken():
    with pytest.raises(Refused, match="push messages are not taken"):
        pushes.read(SETTINGS.model_copy(update={"webhook_secret": None}), message(), NOW)
