"""Push messages: Business Central's webhooks, and the order messages of LS Central. Pure.

Neither is signed. Business Central repeats the `clientState` with which it was subscribed; order messages carry our
secret in a header, as a bearer token, or in the address that they were told, to whose end LS Central adds the kind of
the message. Nothing in a message is data: it only says where to look.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from crossdock.contract import Nudge, PushAnswer, PushMessage
from crossdock.errors import Refused
from crossdock_ls_central.wire.values import moment

__all__ = ["read_push"]

_FLOWS = {"items": "products", "itemVariants": "products", "itemCategories": "products", "salesOrders": "orders"}
_KINDS = ("orderMessage", "orderPayment", "orderShipping", "orderReturns")
_TAKEN = [{"success": True, "message": ""}]
_PAYMENT_TAKEN = {"OrderMessagePaymentResult": 1}
_MOST_TOKEN = 2_048


def read_push(message: PushMessage, secret: str) -> PushAnswer:
    """Verify `message`, and say what to look at.

    Args:
        message: as it came in.
        secret: of the connection; without one every message is refused, but for the handshake.

    Raises:
        Refused: it does not carry our secret, or is none of the messages that we know.
    """
    address = urlsplit(message.url)
    query = parse_qs(address.query)
    if "validationToken" in query:
        return PushAnswer(body=query["validationToken"][0][:_MOST_TOKEN].encode())
    told = _told(message.headers, query) or _told_before_kind(address.path)
    if told:
        _verify(told, secret)
    body = _decoded(message.body)
    if isinstance(body.get("value"), list):
        return _notifications(body["value"], secret)
    _verify(told, secret)
    return _order_message(body)


def _notifications(entries: Sequence[Mapping[str, Any]], secret: str) -> PushAnswer:
    """Changes of Business Central: of which record is told by an id of its own, so the whole flow is looked at."""
    if not entries:
        raise Refused("The push message is empty.", code="push")
    nudges: dict[str, Nudge] = {}
    for entry in entries:
        _verify(str(entry.get("clientState", "")) if isinstance(entry, dict) else "", secret)
        resource = str(entry.get("resource", "")).partition("?")[0].rstrip("/").rpartition("/")[2].partition("(")[0]
        flow = _FLOWS.get(resource)
        if flow:
            at = moment(str(entry.get("lastModifiedDateTime", "")))
            nudges[flow] = Nudge(flow, "", f"webhook: {resource} {entry.get('changeType', 'changed')}", at)
    return PushAnswer(tuple(nudges.values()))


def _order_message(body: Mapping[str, Any]) -> PushAnswer:
    kind, inner = _unwrapped(body)
    document = str(inner.get("OrderId", ""))
    if not document:
        raise Refused("The push message names no order.", code="push")
    answer = _PAYMENT_TAKEN if kind == "orderPayment" else _TAKEN
    return PushAnswer(
        nudges=(Nudge("orders", document, f"order message: {kind}"),),
        body=json.dumps(answer).encode(),
        content_type="application/json",
    )


def _unwrapped(body: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Messages come bare, or under the key that names their kind."""
    for kind in _KINDS:
        if isinstance(body.get(kind), dict):
            return kind, body[kind]
    if "ShipmentNo" in body:
        return "orderShipping", body
    return ("orderPayment" if "Amount" in body else "orderMessage"), body


def _told(headers: Mapping[str, str], query: Mapping[str, list[str]]) -> str:
    """The secret that the message carries, wherever its sender can put it."""
    bearer = headers.get("authorization", "")
    return (
        headers.get("x-crossdock-secret", "")
        or (bearer[7:] if bearer[:7].lower() == "bearer " else "")
        or query.get("secret", [""])[0]
    )


def _told_before_kind(path: str) -> str:
    """The part of the address before the kind, as in ``/push/central/SECRET/OrderMessageShipping``."""
    before, _, kind = path.rpartition("/")
    return unquote(before.rpartition("/")[2]) if kind.startswith("OrderMessage") else ""


def _verify(told: str, secret: str) -> None:
    if not secret:
        raise Refused("The connection has no webhook_secret, so no push message is believed.", code="push")
    if not hmac.compare_digest(told.encode(errors="replace"), secret.encode()):
        raise Refused("The push message does not carry the connection's secret.", code="push")


def _decoded(body: bytes) -> Mapping[str, Any]:
    try:
        decoded = json.loads(body)
    except (ValueError, RecursionError):
        decoded = None
    if not isinstance(decoded, dict):
        raise Refused("The push message is no JSON object.", code="push")
    return decoded
