"""Each answer of LS Central and Business Central means what the page says."""

from crossdock.http import Response
from crossdock_ls_central.judge import correlation_id
from tests.plugins.ls_central import answer_page


def test_every_answer_means_what_the_page_says():
    assert answer_page.page().splitlines() == answer_page.PAGE.read_text().splitlines(), (
        f"meant? python -m {answer_page.__name__}"
    )


def test_business_centrals_name_for_a_call_is_in_one_of_two_headers():
    assert correlation_id(Response(200, {"X-MS-Correlation-Request-Id": "a", "Request-Id": "b"})) == "a"
    assert correlation_id(Response(200, {"Request-Id": "b"})) == "b"
    assert correlation_id(Response(200, {})) is None
