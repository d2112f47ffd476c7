from datetime import UTC, datetime

import pytest

from crossdock.errors import TryLater, Unclear
from crossdock.http import Request, Response, classify_status, retry_after

READ = Request("GET", "https://far.invalid/")
WRITE = Request("POST", "https://far.invalid/", effect=True)


@pytest.mark.parametrize(
    ("status", "read", "write"),
    [
        (200, None, None), (204, None, None), (302, None, None), (400, None, None), (401, None, None),
        (409, None, None), (428, None, None), (429, TryLater, TryLater), (431, None, None), (499, None, None),
        (500, TryLater, Unclear), (502, TryLater, Unclear), (503, TryLater, TryLater), (504, TryLater, Unclear),
        (520, TryLater, Unclear),
    ],
)  # fmt: skip
def test_a_status_says_what_happens_next(status, read, write):
    assert type(classify_status(READ, Response(status, {}))) is (read or type(None))
    assert type(classify_status(WRITE, Response(status, {}))) is (write or type(None))


def test_only_429_says_that_we_call_too_often():
    assert classify_status(READ, Response(429, {})).throttled
    assert not classify_status(READ, Response(503, {})).throttled


def test_the_error_keeps_status_and_wish():
    error = classify_status(WRITE, Response(503, {"retry-after": "7"}))
    assert isinstance(error, TryLater)
    assert (error.status, error.after) == (503, 7.0)


NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": " 120 "}, 120.0),
        ({"Retry-After": "Sat, 21 Nov 2026 08:00:30 GMT"}, 30.0),
        ({"Retry-After": "Sat, 21 Nov 2026 08:00:30 -0000"}, 30.0),
        ({"Retry-After": "Sat, 21 Nov 2026 07:00:00 GMT"}, 0.0),
        ({"Retry-After": "Sat, 21 Nov 2026 09:00:30 GMT", "Date": "Sat, 21 Nov 2026 09:00:00 GMT"}, 30.0),
    ],
)
def test_retry_after_is_seconds_or_a_date_by_their_clock(headers, seconds):
    assert retry_after(Response(429, headers), NOW) == seconds
