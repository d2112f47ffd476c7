"""What LS Central and Business Central may answer, as the page `answers.txt`.

After a change that is meant, `python -m tests.plugins.ls_central.answer_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

import json
from pathlib import Path

from crossdock.http import Request
from crossdock_ls_central.judge import ODATA, SIGN_IN, SOAP, judge, unreadable
from tests.plugins import answers
from tests.plugins.answers import STATUSES, Answer, told

PAGE = Path(__file__).with_name("answers.txt")
LOCKED = "The request was blocked: the table is locked by another user."


def _fault(message: str) -> bytes:
    inside = f"<s:Fault><faultcode>a:Dialog</faultcode><faultstring>{message}</faultstring></s:Fault>"
    envelope = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="urn:x"'
    return f"<s:Envelope {envelope}><s:Body>{inside}</s:Body></s:Envelope>".encode()


def _error(code: object, message: object) -> bytes:
    return json.dumps({"error": {"code": code, "message": message}}).encode()


BODIES = {
    "nothing": b"",
    "a page": b"<html>",
    "a list": b"[1]",
    "an error that is a text": b'{"error": "invalid_client"}',
    "an error that is null": b'{"error": null}',
    "nested without end": b"[" * 9_000,
    "an empty error": b'{"error": {}}',
    "a code and a sentence": _error("Internal_EntityNotFound", "no such entity"),
    "a missing company": _error("Internal_CompanyNotFound", "no such company"),
    "a lock": _error("Internal_Locked", LOCKED),
    "numbers": _error(7, 8),
    "a fault": _fault("no such store"),
    "a fault by a lock": _fault(LOCKED),
    "a refused sign-in": b'{"error": "invalid_client", "error_description": "AADSTS7000215: Invalid secret. Trace: 1"}',
    "an envelope without a fault": _fault("x").replace(b"Fault>", b"Other>"),
}
GROUPS = {"SOAP": SOAP, "OData": ODATA, "the sign-in": SIGN_IN}


def page() -> str:
    """All sections."""
    sections = {
        f"{name}: a status alone": lambda group=group: answers.page(
            (Answer(f"HTTP {one}", one, group=group) for one in (200, 299, *STATUSES)), judge
        )
        for name, group in GROUPS.items()
    }
    for name, group in GROUPS.items():
        for status in (300, 400, 500):
            sections[f"{name}: bodies of HTTP {status}"] = lambda group=group, status=status: answers.page(
                (Answer(body, status, text, group=group) for body, text in BODIES.items()), judge
            )
    sections["What cannot be read"] = lambda: "\n".join(
        told(unreadable(Request("GET", "http://far.test", effect=effect), "2 bytes")) for effect in (False, True)
    )
    return answers.pages(sections)


if __name__ == "__main__":
    PAGE.write_text(page())
