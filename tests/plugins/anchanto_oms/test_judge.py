"""Each answer of the OMS means what the page says."""

from tests.plugins.anchanto_oms import answer_page


def test_every_answer_means_what_the_page_says() -> None:
    assert answer_page.page().splitlines() == answer_page.PAGE.read_text().splitlines(), (
        f"meant? python -m {answer_page.__name__}"
    )
