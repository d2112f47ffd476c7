"""One row of the table a test."""

import pytest
from crossdock.http import Request, Response

from crossdock_acme.codes import judge


def problem(code):
    return f'{{"errors": [{{"code": "{code}"}}]}}'.encode()


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"{}", None),
        (400, problem("invalid_grant"), "SignInAgain"),
        (401, problem("token_expired"), "TokenRejected"),
        (404, problem("unknown_order"), "Refused"),
        (409, problem("order_locked"), "TryLater"),
        (418, b"<html>", "Refused"),
        (418, b'{"errors": []}', "Refused"),
        (429, b"{}", "TryLater"),
        (500, b"{}", "Unclear"),
        (503, b"{}", "TryLater"),
    ],
)
def test_every_answer_says_what_happens_next(status, body, error):
    found = judge(Request("POST", "https://acme/v1", effect=True), Response(status, {}, body))
    assert (type(found).__name__ if found else None) == error
