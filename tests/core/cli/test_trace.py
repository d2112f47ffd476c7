"""`crossdock trace-hooks`, on the route of files that test_routes uses."""

from tests.core.cli.test_routes import files  # noqa: F401 - a fixture


def test_every_call_for_one_order_is_shown_with_plugin_duration_and_outcome(crossdock, files):  # noqa: F811
    shown = crossdock("trace-hooks", "main", "--only", "A2", "--json")
    calls = shown.data["calls"]
    assert (shown.code, shown.data["error"]) == (0, None)
    pushed = next(call for call in calls if call["verb"] == "push_order")
    assert (pushed["asked"], pushed["plugin"], pushed["about"]) == ("books", "json_books", "A2")
    assert pushed["outcome"].startswith("done ")
    assert pushed["ms"] >= 0
    assert {call["about"] for call in calls} <= {"A2", ""}
    assert [row["of"] for row in files.books.values()] == ["A2"]


def test_a_trace_may_stop_after_planning(crossdock, files):  # noqa: F811
    shown = crossdock("trace-hooks", "main", "--only", "A2", "--plan")
    assert shown.code == 0
    assert "read_orders" in shown.out
    assert files.books == {}


def test_the_calls_that_led_to_an_error_are_shown_before_it(crossdock, files):  # noqa: F811
    files.items("mug")
    shown = crossdock("trace-hooks", "main", "--only", "A2", "--json")
    assert shown.code == 1
    assert "there is no item lamp" in next(call["outcome"] for call in shown.data["calls"] if not call["ok"])


def test_a_product_flow_that_is_off_is_refused_like_everywhere(crossdock, files):  # noqa: F811
    assert crossdock("trace-hooks", "main", "stock", "--only", "mug").code == 2


def test_a_trace_of_nothing_says_what_to_look_at(crossdock, files):  # noqa: F811
    assert crossdock("trace-hooks", "main").errors[0].startswith("error Missing option")
