"""From what LS Central and Business Central answer to what happens next, row by row. Pure.

Source: response codes as LS's own Commerce Service maps them; SOAP Faults and error bodies as Microsoft documents them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from crossdock.errors import Refused, RemoteError, SignInAgain, TryLater

__all__ = ["ALREADY_EXISTS", "CODES", "NOT_FOUND", "OK", "error_of", "fault_of", "is_duplicate", "problem_of"]

OK = frozenset({"0000", ""})
ALREADY_EXISTS = "2201"
NOT_FOUND = "2202"

_ITEM = "map the SKU, or create the item in LS Central; then retry the order"
_SETUP = "correct the setting or the setup in LS Central; then retry the order"

CODES: Mapping[str, tuple[type[RemoteError], str, str]] = {
    "0004": (Refused, "the function is not known to this version", "check which codeunits are published"),
    "0020": (Refused, "the request has no body", "report this as a defect of the plugin"),
    "0030": (Refused, "a value in the request is invalid", _SETUP),
    "0099": (Refused, "general error", "look into LS Central's event log"),
    "0131": (SignInAgain, "the password is invalid", "correct the credentials of the connection"),
    "0403": (Refused, "the request is refused", "check the permissions of the connection's user"),
    "1000": (Refused, "error", "look at the message of LS Central"),
    "1106": (Refused, "a quantity must be positive", "correct the order"),
    "1107": (Refused, "a line number is missing", "report this as a defect of the plugin"),
    "1400": (Refused, "an item number is missing", _ITEM),
    "1410": (Refused, "the store number is missing", _SETUP),
    "1601": (Refused, "the store does not exist", "correct `store` of the connection"),
    "1603": (Refused, "an item does not exist", _ITEM),
    "1604": (Refused, "the VAT setup is missing", _SETUP),
    "1605": (Refused, "a unit of measure is invalid for its item", _ITEM),
    "1606": (Refused, "an item is blocked", "unblock the item in LS Central, then retry; or cancel the order"),
    "1607": (Refused, "a variant does not exist", _ITEM),
    "1610": (Refused, "a price is too high", _SETUP),
    "1611": (Refused, "a discount percentage is invalid", _SETUP),
    "1613": (Refused, "a tender type does not exist", "correct `tender_types` or `default_tender` of the route"),
    "1670": (Refused, "the customer does not exist", "correct `customer_no` of the route"),
    "1673": (Refused, "no entries were found", _SETUP),
    "1674": (Refused, "the member account does not exist", "correct `member_card` of the route"),
    "1675": (Refused, "the member card does not exist", "correct `member_card` of the route"),
    "1676": (Refused, "no entries were found", _SETUP),
    "1677": (Refused, "no entries were found", _SETUP),
    "1678": (Refused, "no entries were found", _SETUP),
    "1700": (Refused, "the card is in use", "correct `member_card` of the route"),
    "1900": (Refused, "the status is invalid", "look at the document in LS Central"),
    "2201": (Refused, "an order with this External ID exists", "look for it in LS Central"),
    "2202": (Refused, "the order is not among the open ones", "look among the posted customer orders"),
    "2203": (Refused, "the member card was not found", "correct `member_card` of the route"),
    "2224": (Refused, "payment error", _SETUP),
    "2230": (Refused, "the card is invalid", "correct `member_card` of the route"),
    "2231": (Refused, "the member card was not found", "correct `member_card` of the route"),
    "2252": (Refused, "the point balance is too low", _SETUP),
    "2253": (Refused, "the status of the card is invalid", "correct `member_card` of the route"),
}
"""Code to what happens next, what it means, and what to do."""

_PASSING = re.compile(
    r"deadlock|lock(ed)?\b.*\b(another|other) (user|session|process)|another user|lock timeout"
    r"|could not be completed because .* table was locked|try again later|server is (too )?busy|connection pool",
    re.IGNORECASE | re.DOTALL,
)
_PERSONAL = re.compile(r"\S+@\S+|\+?\d[\d \-()]{7,}\d")


def is_duplicate(code: str, message: str) -> bool:
    """Whether the answer says that the External ID is taken: code 2201, or 1000 with a telling message."""
    if code == ALREADY_EXISTS:
        return True
    return code == "1000" and message.startswith("External ID") and "already exists" in message


def error_of(code: str, message: str) -> RemoteError | None:
    """The error that a response code is, or None for success."""
    if code in OK:
        return None
    kind, meaning, hint = CODES.get(code, (Refused, "unknown code", "look into LS Central's event log"))
    said = f"{meaning} (code {code})" + (f": {_clean(message)}" if message else "")
    if kind is Refused:
        return Refused(f"LS Central refuses: {said}.", code=code, hint=hint)
    return kind(f"LS Central answers: {said}.", hint=hint)


def fault_of(code: str, message: str) -> RemoteError:
    """The error that a SOAP Fault is. The server has rolled back, so a passing cause may simply be tried again."""
    if _PASSING.search(message):
        return TryLater(f"LS Central was interrupted ({code}): {_clean(message)}.")
    return Refused(
        f"LS Central fails with {code}: {_clean(message)}.", code=code, hint="look into LS Central's event log"
    )


def problem_of(status: int, code: str, message: str) -> RemoteError:
    """The error that a JSON error body of Business Central's OData and API routes is."""
    if status == 401:
        return SignInAgain(f"Business Central does not accept the credentials ({code}).", hint=_SIGN_IN)
    if status in {409, 412} or _PASSING.search(message):
        return TryLater(f"Business Central was interrupted ({code}): {_clean(message)}.")
    if code == "Internal_CompanyNotFound":
        return Refused("The company does not exist.", code=code, hint="correct `company` of the connection")
    return Refused(f"Business Central refuses ({code}): {_clean(message)}.", code=code, hint=_HINTS.get(status))


_SIGN_IN = (
    "online: check client_id, its secret and consent, and that Business Central's page Microsoft Entra Applications has"
    " it; on premises: check username and key"
)
_HINTS = {
    403: "the user or application lacks a permission set in Business Central",
    404: "check base_url, environment and company, and that the web service is published",
    405: "this service type is switched off on the server",
    413: "lower `page_size` of the connection",
}


def _clean(message: str) -> str:
    """Their sentence without what looks personal, their correlation id and their line breaks; at most 300 signs."""
    said = message.partition("CorrelationId:")[0]
    return _PERSONAL.sub("…", " ".join(said.split()))[:300].rstrip(".")
