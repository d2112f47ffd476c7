"""What Shopee may answer, as the page `answers.txt`.

After a change that is meant, `python -m tests.plugins.shopee.answer_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

import json
from pathlib import Path

from crossdock.http import Request
from crossdock_shopee.judge import cut_off, judge, judge_file, judge_rows
from tests.plugins import answers
from tests.plugins.answers import STATUSES, Answer, told

PAGE = Path(__file__).with_name("answers.txt")
BODIES = {
    "nothing": b"",
    "a page": b"<html>please wait</html>",
    "a file": b"%PDF-1.7",
    "blanks before an object": b' \n{"error": "error_param", "message": "no"}',
    "a good answer": b'{"error":"","message":"","response":{}}',
    "a good answer in another order": b'{"message": "", "error": "-", "response": {}}',
    "no error, and no message": b'{"response": {"result_list": [{"fail_error": "x"}]}}',
    "a refusal without a sentence": b'{"error": "error_param"}',
    "rows that failed": b'{"error": "product.error_busi", "response": {"result_list": [{"fail_error": "x"}]}}',
    "an error and an empty response": b'{"error": "product.error_busi", "message": "no", "response": {}}',
    "all rows failed": b'{"error": "common.batch_api_all_failed", "message": "all failed"}',
}
CODES = (
    "error_sign",
    "error_server",
    "error_rate_limit",
    "invalid_access_token",
    "order.order_not_exist",
    "moon_phase",
)
JUDGES = {"an answer": judge, "rows": judge_rows, "a file": judge_file}


def page() -> str:
    """All sections."""
    sections = {
        f"{name}, HTTP {status}": lambda status=status, kind=kind: answers.page(
            (Answer(body, status, text) for body, text in BODIES.items()), kind
        )
        for name, kind in JUDGES.items()
        for status in (200, 400)
    }
    for name in ("a good answer", "a file"):
        sections[f"The border: {name}"] = lambda name=name: answers.page(
            (Answer(f"HTTP {one}", one, BODIES[name]) for one in (201, 399, 400)), judge_file
        )
    sections["Statuses"] = lambda: answers.page((Answer(f"HTTP {one}", one, b"<html>") for one in STATUSES), judge)
    for status in (200, 429):
        sections[f"Codes, HTTP {status}"] = lambda status=status: answers.page(map(_coded(status), CODES), judge)
    sections["An answer that ends in the middle"] = lambda: "\n".join(
        told(cut_off(Request("GET", "http://far.test", verb="do_it", effect=effect), 7)) for effect in (False, True)
    )
    return answers.pages(sections)


def _coded(status: int):
    def made(code: str) -> Answer:
        body = json.dumps({"error": code, "message": "their words", "request_id": "e3e3"}).encode()
        return Answer(code, status, body, {"Retry-After": "7"})

    return made


if __name__ == "__main__":
    PAGE.write_text(page())
