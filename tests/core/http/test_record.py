import asyncio

from crossdock.http import Recorder, Request, Response, redact_body
from crossdock.http.record import current
from crossdock.redaction import forget_secrets, register_secret

JSON = {"Content-Type": "application/json"}


def test_an_exchange_is_kept_with_private_values_masked():
    register_secret("tok-98765")
    recorder = Recorder()
    request = Request(
        "POST", "https://far.invalid/tok-98765/x", headers=JSON, body=b'{"phone":"+65","sku":"A"}', verb="v"
    )
    recorder.add(request, Response(400, JSON, b'{"error":"no","name":"Ann"}'))
    (seen,) = recorder.exchanges()
    forget_secrets()
    assert (seen.verb, seen.method, seen.url, seen.status) == ("v", "POST", "https://far.invalid/[redacted]/x", 400)
    assert seen.sent == b'{"phone":"[redacted]","sku":"A"}'
    assert seen.received == b'{"error":"no","name":"[redacted]"}'


def test_a_lost_answer_is_kept_as_none():
    recorder = Recorder()
    recorder.add(Request("GET", "https://far.invalid/"), None)
    (seen,) = recorder.exchanges()
    assert (seen.status, seen.sent, seen.received) == (None, b"", b"")


def test_only_the_last_exchanges_and_the_first_bytes_are_kept():
    recorder = Recorder(keep=2, longest=3)
    for status in (200, 201, 202):
        recorder.add(Request("GET", "u"), Response(status, JSON, b"[1,2,3]"))
    assert [(seen.status, seen.received) for seen in recorder.exchanges()] == [(201, b"[1,"), (202, b"[1,")]


async def test_a_recorder_listens_to_its_own_task_and_its_children_only():
    async def child() -> Recorder | None:
        return current.get()

    with Recorder() as outer:
        assert current.get() is outer
        with Recorder() as inner:
            assert await asyncio.ensure_future(child()) is inner
        assert current.get() is outer
    assert current.get() is None


def test_a_body_is_masked_by_what_it_is():
    assert redact_body(b"", {}) == b""
    assert redact_body(b'\xef\xbb\xbf [{"email":"a@b"}]', {}).startswith(b"[")
    assert b"a@b" not in redact_body(b'\xef\xbb\xbf [{"email":"a@b"}]', {})
    assert (
        redact_body(b"<a><Email>a@b</Email></a>", {"content-type": "text/xml"}) == b"<a><Email>[redacted]</Email></a>"
    )
    assert redact_body(b"<html>a@b", {"Content-Type": "text/html; charset=utf-8"}) == b"[text/html, 9 bytes]"
    assert redact_body(b"grant=x&client_secret=y", {}) == b"[unknown, 23 bytes]"
    assert redact_body(b"%PDF-1.7", {"content-type": "application/pdf"}) == b"[application/pdf, 8 bytes]"
