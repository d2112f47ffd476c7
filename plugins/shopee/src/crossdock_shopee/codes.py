"""From Shopee's error codes to ours: the only place where codes are read. Pure.

Source: Shopee Open Platform v2, the error lists of all API pages. A code alone is not enough, because
``error_auth`` and ``error_param`` mean several things: then a part of the message decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from crossdock.errors import Refused, RemoteError, SignInAgain, TryLater, Unclear

__all__ = ["RULES", "Next", "Rule", "TokenRejected", "error_of", "next_of"]


class Next(StrEnum):
    """What an error code leads to."""

    NEW_TOKEN = "new_token"  # noqa: S105 - a word, not a secret
    SIGN_IN = "sign_in"
    SETTINGS = "settings"
    THROTTLED = "throttled"
    DAY_IS_FULL = "day_is_full"
    CLOCK = "clock"
    NOT_YET = "not_yet"
    THEIR_FAULT = "their_fault"
    REFUSED = "refused"


class TokenRejected(SignInAgain):
    """The access token is not accepted: worth one new token before a person is asked."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: an error code, a part of its message, and what it leads to.

    Attributes:
        code: as they write it; a leading ``*`` matches any beginning.
        next: what happens.
        says: a part of the message, in lower case; empty matches all.
    """

    code: str
    next: Next
    says: str = ""

    def matches(self, code: str, message: str) -> bool:
        """Whether this row is about the error."""
        known = code.endswith(self.code[1:]) if self.code.startswith("*") else code == self.code
        return known and self.says in message


RULES = (
    Rule("invalid_acceess_token", Next.NEW_TOKEN),  # their spelling
    Rule("invalid_access_token", Next.NEW_TOKEN),
    Rule("error_auth", Next.NEW_TOKEN, "access_token"),
    Rule("error_auth", Next.SIGN_IN, "invalid code"),
    Rule("error_auth", Next.SIGN_IN, "refresh_token"),
    Rule("error_auth", Next.SETTINGS, "partner_id"),
    Rule("error_auth", Next.SETTINGS, "app is deleted"),
    Rule("error_auth", Next.THEIR_FAULT, "system error"),
    Rule("invalid_code", Next.SIGN_IN),
    Rule("*_refresh_token", Next.SIGN_IN),
    Rule("refresh_token_expired", Next.SIGN_IN),
    Rule("*_access_expired", Next.SIGN_IN),
    Rule("*_no_linked", Next.SIGN_IN),
    Rule("partner_shop_no_link", Next.SIGN_IN),
    Rule("shop_banned", Next.SIGN_IN),
    Rule("partner_frozen", Next.SIGN_IN),
    Rule("error_sign", Next.SETTINGS),
    Rule("invalid_partner_id", Next.SETTINGS),
    Rule("source_ip_undeclared", Next.SETTINGS),
    Rule("error_partner_key_expired", Next.SETTINGS),
    Rule("error_param", Next.SETTINGS, "partner_id"),
    Rule("error_param", Next.CLOCK, "timestamp is expired"),
    Rule("error_rate_limit", Next.THROTTLED),
    Rule("error_limit", Next.DAY_IS_FULL, "daily api call limit"),
    Rule("*error_system_busy", Next.THEIR_FAULT),
    Rule("*error_server", Next.THEIR_FAULT),
    Rule("*error_network", Next.THEIR_FAULT),
    Rule("*error_inner", Next.THEIR_FAULT),
    Rule("product.error_busi", Next.THEIR_FAULT, "too many connections"),
    Rule("logistics.error_param", Next.NOT_YET, "being allocated"),
    Rule("*lack_of_invoice_data", Next.NOT_YET),
    Rule("logistics.download_later", Next.NOT_YET),
    Rule("logistics.package_print_failed", Next.NOT_YET),
    Rule("order.order_unsplit_failed", Next.NOT_YET),
    Rule("*", Next.THEIR_FAULT, "taking some time to respond"),
    Rule("*", Next.THEIR_FAULT, "try later"),
    Rule("*", Next.THEIR_FAULT, "try again later"),
)
"""The first row that matches counts; what no row matches is refused."""

_DAY_SECONDS = 3_600.0


def next_of(code: str, message: str) -> Next:
    """Look up what `code` with `message` leads to."""
    text = message.lower()
    return next((rule.next for rule in RULES if rule.matches(code, text)), Next.REFUSED)


def error_of(code: str, message: str, *, effect: bool, request_id: str | None = None) -> RemoteError:
    """Make the error that the engine understands.

    Args:
        code: their `error`.
        message: their sentence, which holds no buyer's data.
        effect: whether the call may have made or moved something, so that their own failure leaves it unclear.
        request_id: theirs.
    """
    what = _MAKERS[next_of(code, message)](code, message or code, effect)
    return what.at(request_id=request_id)


def _sign_in(code: str, message: str, _effect: bool) -> RemoteError:
    return SignInAgain(f"Shopee no longer accepts the authorisation: {message} ({code})", hint=_SIGN_IN_HINT)


def _settings(code: str, message: str, _effect: bool) -> RemoteError:
    return SignInAgain(f"Shopee does not accept this app: {message} ({code})", hint=_SETTINGS_HINT)


def _their_fault(code: str, message: str, effect: bool) -> RemoteError:
    text = f"Shopee failed: {message} ({code})"
    return Unclear(text) if effect else TryLater(text)


_SIGN_IN_HINT = "sign the shop in again: the old refresh token cannot be used a second time"
_SETTINGS_HINT = "compare partner_id, partner_key and the declared IP addresses with the Open Platform console"
_CLOCK_HINT = "Shopee takes requests within 5 minutes of their timestamp: set this machine's clock right (NTP)"
_MAKERS: dict[Next, Callable[[str, str, bool], RemoteError]] = {
    Next.NEW_TOKEN: lambda code, message, _: TokenRejected(f"{message} ({code})", hint=_SIGN_IN_HINT),
    Next.SIGN_IN: _sign_in,
    Next.SETTINGS: _settings,
    Next.THROTTLED: lambda code, message, _: TryLater(f"{message} ({code})", throttled=True),
    Next.DAY_IS_FULL: lambda code, message, _: TryLater(f"{message} ({code})", throttled=True, after=_DAY_SECONDS),
    Next.CLOCK: lambda code, message, _: TryLater(f"{message} ({code})", hint=_CLOCK_HINT),
    Next.NOT_YET: lambda code, message, _: TryLater(f"{message} ({code})"),
    Next.THEIR_FAULT: _their_fault,
    Next.REFUSED: lambda code, message, _: Refused(message, code=code),
}
