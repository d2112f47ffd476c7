"""Every documented code leads to the step that it should, row by row."""

import pytest

from crossdock.errors import Refused, SignInAgain, TryLater
from crossdock_ls_central.codes import CODES, error_of, fault_of, is_duplicate, problem_of

DOCUMENTED = [
    *("0004", "0020", "0030", "0099", "0131", "0403", "1000", "1106", "1107", "1400", "1410", "1601", "1603", "1604"),
    *("1605", "1606", "1607", "1610", "1611", "1613", "1670", "1673", "1674", "1675", "1676", "1677", "1678", "1700"),
    *("1900", "2201", "2202", "2203", "2224", "2230", "2231", "2252", "2253"),
]


@pytest.mark.parametrize("code", DOCUMENTED)
def test_every_documented_code_has_a_row_that_says_what_to_do(code):
    error = error_of(code, "their words")
    assert type(error) is (SignInAgain if code == "0131" else Refused)
    assert code in str(error)
    assert "their words" in str(error)
    assert error.hint


def test_the_table_has_no_row_that_is_not_documented():
    assert sorted(CODES) == sorted(DOCUMENTED)


@pytest.mark.parametrize("code", ["0000", ""])
def test_success_is_no_error(code):
    assert error_of(code, "") is None


def test_a_code_that_nobody_knows_is_refused_and_shown():
    error = error_of("7777", "")
    assert isinstance(error, Refused)
    assert error.code == "7777"
    assert "unknown code" in error.reason


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("2201", "", True),
        ("1000", "External ID 2601010ABCDEFG already exists", True),
        ("1000", "External ID in use: already exists in Posted CO", True),
        ("1000", "The External ID already exists", False),
        ("1000", "External ID is too long", False),
        ("1603", "External ID already exists", False),
    ],
)
def test_a_taken_external_id_is_known_by_its_code_or_by_what_it_says(code, message, expected):
    assert is_duplicate(code, message) is expected


@pytest.mark.parametrize(
    "message",
    [
        "The operation could not complete because a record in the LSC Inventory table was locked by another user.",
        "Your activity was deadlocked with another user who was modifying the Item table.",
        "The server is too busy.",
    ],
)
def test_a_fault_that_passes_is_tried_again_since_the_server_rolled_back(message):
    assert isinstance(fault_of("NavNCLDialogException", message), TryLater)


def test_any_other_fault_is_refused_with_its_words():
    error = fault_of("NavNCLDialogException", "The field Store No. must not be empty.")
    assert isinstance(error, Refused)
    assert "must not be empty" in error.reason
    assert error.code == "NavNCLDialogException"


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "Application_DialogException", Refused),
        (400, "Internal_EntityWithSameKeyExists", Refused),
        (401, "Authentication_InvalidCredentials", SignInAgain),
        (403, "Forbidden", Refused),
        (404, "BadRequest_NotFound", Refused),
        (404, "Internal_CompanyNotFound", Refused),
        (405, "BadRequest_MethodNotAllowed", Refused),
        (409, "Request_EntityChanged", TryLater),
        (412, "PreconditionFailed", TryLater),
        (413, "TooLarge", Refused),
    ],
)
def test_an_error_body_of_business_central_leads_to_the_step_that_it_should(status, code, expected):
    assert type(problem_of(status, code, "their words.")) is expected


def test_a_company_that_is_not_there_is_told_which_setting_to_correct():
    assert problem_of(404, "Internal_CompanyNotFound", "").hint == "correct `company` of the connection"


def test_what_looks_personal_and_their_correlation_id_are_left_out_of_messages():
    error = fault_of("X", "Email ann@example.org and +65 9123 4567 are wrong.  CorrelationId:  5e8a2f3c.")
    assert "example.org" not in str(error)
    assert "9123" not in str(error)
    assert "5e8a2f3c" not in str(error)
