"""One plugin that cannot be used, among others: it is named with its distribution, and what does without goes on."""

import pytest

from tests.core.cli.test_routes import files  # noqa: F401 - a fixture

BESIDE = """
[connections.other]
plugin = "torn"
[routes.aside]
channel = "other"
backend = "books"
[routes.aside.orders]
"""
NAMED = "connections.other.plugin: plugin torn (from torn 1.2): fake_torn_"
WHY = "cannot be imported: ModuleNotFoundError: No module named 'what_is_not_there'"


@pytest.fixture
def torn(files, distributions):  # noqa: F811
    distributions.install("torn", "import what_is_not_there\n")
    with (files.folder / "crossdock.toml").open("a") as file:
        file.write(BESIDE)
    return files


def test_check_names_the_broken_plugin_and_probes_the_others(crossdock, torn):
    found = crossdock("check", "--json")
    assert found.code == 2
    assert [(row["connection"], row["ok"]) for row in found.data["connections"]] == [("shop", True), ("books", True)]
    assert (list(found.data["left_out"]), [route["route"] for route in found.data["routes"]]) == (["aside"], ["main"])
    [problem] = found.data["problems"]
    assert NAMED in problem
    assert WHY in problem
    shown = crossdock("check").out
    assert NAMED in shown
    assert "hint install what it needs, or ask who wrote it; --debug shows where it fails" in shown
    assert "route aside is left out" in shown
    assert "All is well" not in shown


def test_check_probes_what_it_can_even_when_no_route_is_left(crossdock, torn):
    text = (torn.folder / "crossdock.toml").read_text().replace('channel = "shop"', 'channel = "other"')
    (torn.folder / "crossdock.toml").write_text(text)
    found = crossdock("check", "--json")
    assert (found.code, list(found.data["left_out"]), found.data["routes"]) == (2, ["main", "aside"], [])
    assert [row["ok"] for row in found.data["connections"]] == [True, True]


@pytest.mark.parametrize(
    "command",
    [
        ("plan", "main"),
        ("pull", "main"),
        ("trace-hooks", "main", "--only", "A2"),
        ("status",),
        ("parked", "list"),
        ("explain", "A1"),
    ],
    ids=lambda command: command[0],
)
def test_what_does_without_the_broken_plugin_goes_on_and_says_what_is_left_out(crossdock, torn, command):
    crossdock("pull", "main")
    ended = crossdock(*command)
    assert ended.code == 0
    assert ended.err.startswith("warning route aside is left out: ")
    assert NAMED in ended.err


@pytest.mark.parametrize(
    "command",
    [("plan", "aside"), ("pull", "aside"), ("trace-hooks", "aside", "--only", "A2"), ("reconcile", "aside")],
    ids=lambda command: command[0],
)
def test_what_needs_the_broken_plugin_is_refused_with_its_name(crossdock, torn, command):
    ended = crossdock(*command)
    assert ended.code == 2
    assert ended.errors[-2].startswith("error ")
    assert NAMED in ended.errors[-2]
    assert ended.errors[-1].startswith("hint install what it needs")


def test_signing_in_at_a_connection_of_a_broken_plugin_names_it(crossdock, torn):
    ended = crossdock("auth", "link", "other", "--redirect", "https://here.example")
    assert ended.code == 2
    assert NAMED in ended.err.split("error ")[1]
