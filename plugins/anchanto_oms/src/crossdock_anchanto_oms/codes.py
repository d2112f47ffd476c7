"""From the error codes of the OMS to ours: the only place where a code decides what happens next. Pure.

The codes are those of the right column of the profile's table of errors. What no row names is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from crossdock.errors import Refused, RemoteError, SignInAgain, TryLater

__all__ = ["CODES", "CONFLICTS", "LinkEnded", "Next", "TokenRejected", "error_of"]


class Next(StrEnum):
    """What an error code leads to."""

    NEW_TOKEN = "new_token"  # noqa: S105 - a word, not a secret
    SIGN_IN = "sign_in"
    THROTTLED = "throttled"
    LATER = "later"
    REFUSED = "refused"


class LinkEnded(Refused):
    """A link to a file no longer leads there: worth asking for a new one."""


class TokenRejected(SignInAgain):
    """The access token is not accepted: worth one new token before a person is asked."""


CODES: Mapping[str, Next] = {
    "token_rejected": Next.NEW_TOKEN,
    "invalid_client": Next.SIGN_IN,
    "rate_limited": Next.THROTTLED,
    "unavailable": Next.LATER,
    "not_yet": Next.LATER,
    "store_not_allowed": Next.REFUSED,
    "wrong_profile": Next.REFUSED,
    "unknown_store": Next.REFUSED,
    "unknown_order": Next.REFUSED,
    "unknown_return": Next.REFUSED,
    "unknown_product": Next.REFUSED,
    "unknown_listing": Next.REFUSED,
    "unknown_feed": Next.REFUSED,
    "unknown_problem": Next.REFUSED,
    "no_shipment": Next.REFUSED,
    "end_of_list": Next.REFUSED,
    "duplicate_reference": Next.REFUSED,
    "state_conflict": Next.REFUSED,
    "version_conflict": Next.REFUSED,
    "validation_failed": Next.REFUSED,
    "illegal_move": Next.REFUSED,
    "illegal_state": Next.REFUSED,
    "order_on_hold": Next.REFUSED,
    "order_has_problems": Next.REFUSED,
    "goods_await_putaway": Next.REFUSED,
    "total_mismatch": Next.REFUSED,
    "wrong_currency": Next.REFUSED,
    "unknown_carrier": Next.REFUSED,
    "unknown_warehouse": Next.REFUSED,
    "wrong_mode": Next.REFUSED,
    "not_shipped": Next.REFUSED,
    "too_many_returned": Next.REFUSED,
    "missing_isku": Next.REFUSED,
    "brand_not_authorized": Next.REFUSED,
    "wrong_components": Next.REFUSED,
    "invalid_cursor": Next.REFUSED,
    "stale_request": Next.REFUSED,
    "unknown_sku": Next.REFUSED,
    "invalid_price": Next.REFUSED,
    "negative_stock": Next.REFUSED,
    "reference_required": Next.REFUSED,
    "duplicate_sku": Next.REFUSED,
}
"""Code to what happens next."""

CONFLICTS = frozenset({"state_conflict", "version_conflict", "illegal_move", "goods_await_putaway"})
"""Refusals that say that the order is no longer as it was read: it is read again, and planned again."""

_HINTS = {
    "store_not_allowed": "the store belongs to another seller: compare store_code and client_id",
    "unknown_store": "compare store_code with the stores that are connected in the OMS",
    "wrong_profile": "this installation speaks another wire: write a profile for it and name it in `profile`",
    "order_has_problems": "solve the order's problem in the OMS, then parked retry",
    "order_on_hold": "let the order go in the OMS, then parked retry",
    "wrong_currency": "the store sells in one currency only",
    "unknown_carrier": "set the carrier up in the OMS, or map it in `carriers`",
    "unknown_sku": "create the product in the OMS; orders that wait for it go on by themselves",
}


def error_of(
    code: str, message: str, *, after: float | None = None, facts: Mapping[str, object] | None = None
) -> RemoteError:
    """Make the error that the engine understands.

    Args:
        code: ours.
        message: their sentence.
        after: seconds to wait, when they named them.
        facts: details for the person who looks at it, free of buyers' data.
    """
    makers: dict[Next, Callable[[], RemoteError]] = {
        Next.NEW_TOKEN: lambda: TokenRejected(f"{message} ({code})", hint="compare client_id and client_secret"),
        Next.SIGN_IN: lambda: SignInAgain(
            f"The OMS refuses the client: {message}", hint="compare client_id and client_secret"
        ),
        Next.THROTTLED: lambda: TryLater(message, after=after, throttled=True),
        Next.LATER: lambda: TryLater(f"{message} ({code})", after=after),
        Next.REFUSED: lambda: Refused(message, code=code, facts=facts, hint=_HINTS.get(code)),
    }
    return makers[CODES.get(code, Next.REFUSED)]()
