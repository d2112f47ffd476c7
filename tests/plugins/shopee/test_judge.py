"""Whether an answer is a good one: the envelope is read before the HTTP status is believed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crossdock.errors import Refused, SignInAgain, TryLater, Unclear
from crossdock.http import Request, Response
from crossdock_shopee.codes import TokenRejected
from crossdock_shopee.judge import cut_off, judge, judge_file, judge_rows, request_id
from crossdock_shopee.wire.envelope import cannot_read, envelope_of
from tests.plugins.shopee import answer_page

READ = Request("GET", "http://shopee.test/api/v2/order/get_order_list")
WRITE = Request("POST", "http://shopee.test/api/v2/logistics/ship_order", effect=True)


def answer(body: Any, status: int = 200) -> Response:
    return Response(status, {}, body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.mark.parametrize(
    "body",
    [
        b'{"error":"","message":"","response":{}}',
        {"message": "", "error": "", "response": {}},
        {"error": "-", "message": "-"},
        {"error": " ", "message": " "},
        {"error": None},
        {"shop_list": [], "more": False},
    ],
)
def test_an_empty_dashed_blank_or_missing_error_is_a_success(body):
    assert judge(READ, answer(body)) is None


@pytest.mark.parametrize("status", [200, 400, 403])
@pytest.mark.parametrize(
    ("code", "kind"),
    [("invalid_acceess_token", TokenRejected), ("error_sign", SignInAgain), ("error_rate_limit", TryLater)],
)
def test_an_error_is_read_whatever_the_status_says(status, code, kind):
    error = judge(WRITE, answer({"error": code, "message": "no", "request_id": "r1"}, status))
    assert type(error) is kind
    assert error.request_id == "r1"


def test_a_refusal_keeps_code_and_sentence_also_when_it_is_called_msg():
    error = judge(READ, answer({"error": "error_param", "msg": "bad domain"}))
    assert isinstance(error, Refused)
    assert (error.code, error.reason) == ("error_param", "bad domain")


def test_too_many_calls_slow_the_connection_down_whatever_the_code_says():
    error = judge(WRITE, answer({"error": "whatever", "message": "slow down"}, 429))
    assert isinstance(error, TryLater)
    assert error.throttled


@pytest.mark.parametrize(
    "body", [b"<html>please wait</html>", b"", b"[1, 2]", b'{"error": 5}', b'{"error": "\xff"}', b"[" * 9_000]
)
def test_what_is_no_answer_of_the_api_is_never_taken_for_one(body):
    assert type(judge(READ, answer(body))) is TryLater
    assert type(judge(WRITE, answer(body))) is Unclear


@pytest.mark.parametrize(
    ("status", "read", "write"), [(500, TryLater, Unclear), (503, TryLater, TryLater), (404, TryLater, Unclear)]
)
def test_a_bad_status_without_an_error_code_is_no_success(status, read, write):
    for body in (b"", {"error": "", "message": ""}):
        assert type(judge(READ, answer(body, status))) is read
        assert type(judge(WRITE, answer(body, status))) is write


def test_a_batch_that_failed_is_read_row_by_row():
    rows = {"result_list": [{"fail_error": "x"}]}
    for code in ("common.batch_api_all_failed", "product.error_busi"):
        assert judge_rows(READ, answer({"error": code, "response": rows})) is None
    assert isinstance(judge_rows(READ, answer({"error": "product.error_busi", "response": {}})), Refused)
    assert isinstance(judge_rows(READ, answer({"error": "product.error_busi", "response": [1]})), Refused)
    assert isinstance(judge_rows(READ, answer({"error": "invalid_access_token", "response": rows})), TokenRejected)


def test_a_file_is_a_file_and_json_in_its_place_an_error():
    assert judge_file(READ, answer(b"%PDF-1.7")) is None
    assert isinstance(judge_file(READ, answer({"error": "logistics.package_can_not_print"})), Refused)
    assert isinstance(judge_file(READ, answer(b"%PDF-1.7", 500)), TryLater)


def test_shopees_name_for_a_call_is_in_the_body():
    assert request_id(answer({"error": "", "request_id": "e3e3"})) == "e3e3"
    assert request_id(answer({"error": ""})) is None
    assert request_id(answer(b"%PDF")) is None


def test_an_answer_that_was_cut_off_is_unclear_for_an_effect():
    assert isinstance(cut_off(READ, 5), TryLater)
    assert isinstance(cut_off(WRITE, 5), Unclear)


def test_an_envelope_that_cannot_be_read_is_none():
    assert envelope_of(b"nonsense") is None


def test_where_a_record_breaks_is_told_without_the_value():
    import msgspec

    error = cannot_read(msgspec.ValidationError("Expected `int`, got `str` - at `$.item_list[0].item_id`"), "response")
    assert (error.path, error.seen) == ("response.item_list[0].item_id", None)
    assert cannot_read(msgspec.ValidationError("Expected `object`")).path == "the answer"


def test_every_answer_means_what_the_page_says():
    assert answer_page.page().splitlines() == answer_page.PAGE.read_text().splitlines(), (
        f"meant? python -m {answer_page.__name__}"
    )
