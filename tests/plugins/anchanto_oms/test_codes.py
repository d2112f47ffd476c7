"""Error codes and answers: what each leads to, row by row."""

from __future__ import annotations

import json

import pytest

from crossdock.errors import Refused, SignInAgain, TryLater, Unclear
from crossdock.http import Request, Response
from crossdock_anchanto_oms.codes import CODES, CONFLICTS, Next, TokenRejected, error_of
from crossdock_anchanto_oms.judge import judge_by
from crossdock_anchanto_oms.profile import load

PROFILE = load("oms_rest_neutral")
judge = judge_by(PROFILE)
GET, POST = Request("GET", "http://oms.test"), Request("POST", "http://oms.test", effect=True)
KINDS = {
    Next.NEW_TOKEN: TokenRejected,
    Next.SIGN_IN: SignInAgain,
    Next.THROTTLED: TryLater,
    Next.LATER: TryLater,
    Next.REFUSED: Refused,
}


def failure(code: str, message: str = "no", **details: object) -> bytes:
    return json.dumps({"error": {"code": code, "message": message, "details": details}}).encode()


def test_every_code_of_the_profile_has_a_row() -> None:
    assert set(PROFILE.errors.values()) == set(CODES)
    assert set(CODES) >= CONFLICTS


@pytest.mark.parametrize("theirs", sorted(PROFILE.errors))
@pytest.mark.parametrize("status", [200, 422])
def test_each_code_leads_to_its_error_whatever_the_http_status(theirs: str, status: int) -> None:
    error = judge(GET, Response(status, {}, failure(theirs)))
    assert type(error) is KINDS[CODES[PROFILE.errors[theirs]]]


def test_a_code_that_we_do_not_know_is_refused_under_its_own_name() -> None:
    error = error_of("moon_phase", "not tonight")
    assert isinstance(error, Refused)
    assert (error.code, str(error)) == ("moon_phase", "not tonight")


def test_too_many_calls_lower_the_rate_and_wait_as_asked() -> None:
    error = judge(GET, Response(429, {"Retry-After": "7"}, failure("rate_limited")))
    assert isinstance(error, TryLater)
    assert (error.after, error.throttled) == (7.0, True)


def test_a_refusal_inside_a_success_is_a_refusal() -> None:
    error = judge(POST, Response(200, {}, failure("illegal_move", "no such move", **{"from": "NEW"})))
    assert isinstance(error, Refused)
    assert error.facts == {"from": "NEW"}


def test_which_fields_are_wrong_is_part_of_the_sentence() -> None:
    body = failure("validation_failed", "invalid", fields=[{"path": "lines.0.quantity", "problem": "at least 1"}])
    assert str(judge(POST, Response(422, {}, body))) == "invalid (lines.0.quantity: at least 1)"


def test_the_word_error_inside_of_data_is_no_failure() -> None:
    assert judge(GET, Response(200, {}, b'{"items": [{"error": null}]}')) is None
    assert judge(GET, Response(200, {}, b'%PDF "error"')) is None


@pytest.mark.parametrize(
    ("request_", "status", "kind"),
    [
        (GET, 500, TryLater),
        (POST, 500, Unclear),
        (POST, 503, TryLater),
        (GET, 401, TokenRejected),
        (GET, 403, SignInAgain),
        (GET, 408, TryLater),
        (POST, 408, Unclear),
        (GET, 404, Refused),
        (GET, 302, Refused),
    ],
)
def test_an_answer_without_a_code_is_judged_by_its_status(request_: Request, status: int, kind: type) -> None:
    assert type(judge(request_, Response(status, {}, b"<html>"))) is kind


def test_a_good_answer_is_good() -> None:
    assert judge(GET, Response(200, {}, b'{"items": []}')) is None
