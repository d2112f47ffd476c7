"""The planner of orders and shipments: one pure, total function over both sides' snapshots and the route's policy.

It answers what is still missing, and nothing when both sides agree. It never guesses: a status that a plugin does
not know, or facts that cannot both be right, are a conflict that a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crossdock.flows.orders import cancel, part, ship, take_over, trouble
from crossdock.flows.orders.plan import Case, Plan, Policy, conflict
from crossdock.flows.orders.states import Channel, Document, channel_state, document_state
from crossdock.ledger import Pair

Rule = Callable[[Case], Plan]


def plan(pair: Pair, policy: Policy) -> Plan:
    """What is missing so that both sides of `pair` agree. Pure and total."""
    if pair.channel is None:
        return Plan("the channel's order has not been seen yet")
    case = Case(pair, pair.channel, pair.document, policy)
    rule = TABLE[channel_state(pair.channel.status), document_state(pair)]
    if rule in _NEVER_MIRRORED:
        return rule(case)
    parts = part.cancel_parts if rule in _WITH_PARTS else _no_parts
    planned = trouble.told(case, take_over.mirror(case) or parts(case) or rule(case))
    if planned.steps or planned.conflict:
        return planned
    return take_over.tell_returns(case) or planned


def _no_parts(_case: Case) -> Plan | None:
    return None


def _nothing(why: str) -> Rule:
    def nothing(_case: Case) -> Plan:
        return Plan(why)

    nothing.__doc__ = f"Nothing: {why}."
    return nothing


def _ask(cause: str, reason: str, *choices: str) -> Rule:
    def ask(_case: Case) -> Plan:
        return conflict(cause, reason, *choices)

    ask.__doc__ = f"Conflict: {reason}."
    return ask


_UNKNOWN_CHANNEL = _ask(
    "unknown-status",
    "the channel shows a status that its plugin does not know",
    "look at the order on the channel",
    "bring the plugin up to date",
)
_UNKNOWN_DOCUMENT = _ask(
    "unknown-status",
    "the backend shows a status that its plugin does not know",
    "look at the document in the backend",
    "bring the plugin up to date",
)
_GONE = _ask(
    "document-deleted",
    "the document exists neither among open nor among posted ones in the backend",
    "restore it in the backend, then parked retry",
    "parked drop to leave it as it is",
)
_TOO_EARLY = _ask(
    "posted-too-early",
    "posted in the backend, but the channel does not let it be fulfilled yet",
    "wait for the payment; it goes on by itself",
    "take the goods back",
)
_WISH_AFTER_POSTING = _ask(
    "wish-after-posting",
    "the buyer asks to cancel, and the goods are posted in the backend",
    "reject it on the channel",
    "accept it on the channel and take the goods back",
)
_CANCELLED_AFTER_POSTING = _ask(
    "cancelled-after-posting",
    "cancelled on the channel after it was posted in the backend",
    "take the goods back and post a return in the backend, then parked drop",
)
_AGREED_AND_GONE = _nothing("cancelled on the channel, and the document is gone")
_NEVER_MIRRORED = frozenset({_UNKNOWN_CHANNEL, _UNKNOWN_DOCUMENT, _GONE, _AGREED_AND_GONE})
_WITH_PARTS = frozenset({take_over.compare, take_over.post, ship.arrange_part, ship.arrange, ship.follow})
"""Rules for orders of which one side may have cancelled a part: that comes first."""

TABLE: Mapping[tuple[Channel, Document], Rule] = {
    **{(Channel.UNKNOWN, document): _UNKNOWN_CHANNEL for document in Document},
    **{(channel, Document.UNKNOWN): _UNKNOWN_DOCUMENT for channel in Channel},
    **{(channel, Document.GONE): _GONE for channel in Channel},
    (Channel.WAITING, Document.NONE): take_over.create_waiting,
    (Channel.WAITING, Document.OPEN): _nothing("waiting for the channel to let it be fulfilled"),
    (Channel.WAITING, Document.PARTLY): _TOO_EARLY,
    (Channel.WAITING, Document.POSTED): _TOO_EARLY,
    (Channel.WAITING, Document.CANCELLED): cancel.cancel_on_channel,
    (Channel.OPEN, Document.NONE): take_over.create,
    (Channel.OPEN, Document.OPEN): take_over.compare,
    (Channel.OPEN, Document.PARTLY): ship.arrange_part,
    (Channel.OPEN, Document.POSTED): ship.arrange,
    (Channel.OPEN, Document.CANCELLED): cancel.cancel_on_channel,
    (Channel.WISH, Document.NONE): take_over.create_wished,
    (Channel.WISH, Document.OPEN): cancel.answer_wish,
    (Channel.WISH, Document.PARTLY): _WISH_AFTER_POSTING,
    (Channel.WISH, Document.POSTED): _WISH_AFTER_POSTING,
    (Channel.WISH, Document.CANCELLED): cancel.accept_wish,
    (Channel.PROCESSED, Document.NONE): take_over.create_processed,
    (Channel.PROCESSED, Document.OPEN): take_over.post,
    (Channel.PROCESSED, Document.PARTLY): ship.follow,
    (Channel.PROCESSED, Document.POSTED): ship.follow,
    (Channel.PROCESSED, Document.CANCELLED): cancel.cancel_processed,
    (Channel.CANCELLED, Document.NONE): take_over.create_cancelled,
    (Channel.CANCELLED, Document.GONE): _AGREED_AND_GONE,
    (Channel.CANCELLED, Document.OPEN): cancel.cancel_document,
    (Channel.CANCELLED, Document.PARTLY): _CANCELLED_AFTER_POSTING,
    (Channel.CANCELLED, Document.POSTED): _CANCELLED_AFTER_POSTING,
    (Channel.CANCELLED, Document.CANCELLED): cancel.both_cancelled,
}
"""The decision table: what each side means, to the rule that decides. `crossdock plan --table` prints it."""


def rows() -> list[tuple[str, str, str]]:
    """The table as text: the channel's state, the document's state, and what is done."""
    return [
        (channel.value, document.value, (TABLE[channel, document].__doc__ or "").strip())
        for channel in Channel
        for document in Document
    ]
