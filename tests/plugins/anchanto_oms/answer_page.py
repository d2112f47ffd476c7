"""What the OMS may answer, as the page `answers.txt`.

After a change that is meant, `python -m tests.plugins.anchanto_oms.answer_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from crossdock.http import Request
from crossdock_anchanto_oms.judge import judge_by, unreadable
from crossdock_anchanto_oms.profile import load
from tests.plugins import answers
from tests.plugins.answers import STATUSES, Answer, told

PAGE = Path(__file__).with_name("answers.txt")
FIELDS = [{"path": f"lines.{n}.quantity", "problem": "at least 1"} for n in range(4)]
BODIES = {
    "nothing": b"",
    "a page": b"<html>",
    "a list": b"[1]",
    "data in which the word error stands": b'{"items": [{"error": null}]}',
    "an error that is null": b'{"error": null}',
    "an error without a code": b'{"error": {"message": "no"}}',
    "an empty code": b'{"error": {"code": ""}}',
    "a code without a sentence": b'{"error": {"code": "moon_phase"}}',
    "details that are a text": b'{"error": {"code": "unknown_sku", "message": "no", "details": "MUG"}}',
    "fields that are no list": b'{"error": {"code": "unknown_sku", "message": "no", "details": {"fields": "MUG"}}}',
    "fields that are a text each": b'{"error": {"code": "unknown_sku", "details": {"fields": ["sku", "name"]}}}',
    "four wrong fields": json.dumps(
        {"error": {"code": "validation_failed", "message": "invalid", "details": {"fields": FIELDS}}}
    ).encode(),
}


def page() -> str:
    """All sections."""
    sections = {
        "A status without a code": lambda: _judged(Answer(f"HTTP {one}", one, b"<html>") for one in STATUSES),
        "Bodies of a good status": lambda: _judged(Answer(name, 200, body) for name, body in BODIES.items()),
        "The border": lambda: _judged(Answer(f"HTTP {one}", one, b"{}") for one in (299, 300)),
        "Bodies of a refusal": lambda: _judged(Answer(name, 422, body) for name, body in BODIES.items()),
        "Codes": lambda: _judged(_codes()),
        "What cannot be read": lambda: "\n".join(
            told(unreadable(Request("GET", "http://far.test", verb="do_it", effect=effect), "2 bytes"))
            for effect in (False, True)
        ),
    }
    return answers.pages(sections)


def _judged(given: Iterator[Answer]) -> str:
    return answers.page(given, judge_by(load("oms_rest_neutral")))


def _codes() -> Iterator[Answer]:
    for code in sorted({*load("oms_rest_neutral").errors, "moon_phase"}):
        body = json.dumps({"error": {"code": code, "message": "their words", "details": {"order": "24"}}}).encode()
        yield Answer(code, 429 if code == "rate_limited" else 422, body, {"Retry-After": "7"})


if __name__ == "__main__":
    PAGE.write_text(page())
