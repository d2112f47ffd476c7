from tests.core.flows.decisions import PAGE, page


def test_every_decision_is_told_in_the_words_of_the_page():
    now = page().split("\n\n")
    known = PAGE.read_text().split("\n\n")
    assert [text for text in now if text not in known] == []
    assert [text for text in known if text not in now] == []
