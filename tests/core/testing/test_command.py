"""`crossdock plugins test` and the pytest plugin, as somebody uses them who wrote a plugin."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crossdock.cli.app import run
from tests.core.distributions import Distributions

pytest_plugins = ["pytester"]
MODULE = """
from dataclasses import replace
from tests.core.testing.broken import AnswersForNoRow
from tests.core.testing.good import kit, plugin as good, plugin_of
plugin = replace({made}, name="depot", kit="{kit}")
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Installs the depot, good or with a defect, with what it claims."""
    folder = tmp_path / "installed"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("COLUMNS", "200")
    made = Distributions(folder)

    def install(claims: str = "", made_by: str = "good", kit: str = "THIS_MODULE:kit", source: str = "") -> None:
        made.install("depot", source or MODULE.format(made=made_by, kit=kit))
        (folder / "quality.toml").write_text(claims)

    yield install
    for name in [name for name in sys.modules if name.startswith("fake_")]:
        del sys.modules[name]


@pytest.fixture
def crossdock(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def command(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        return code, *capsys.readouterr()

    return command


def test_what_is_kept_and_not_claimed_is_told_as_a_hint(crossdock: Any, install: Any) -> None:
    install()
    code, out, _ = crossdock("plugins", "test", "depot", "--rule", "probes", "--rule", "opens-quietly", "--quick")
    assert code == 0
    assert [line.split() for line in out.splitlines()[1:3]] == [
        ["bronze", "probes", "2"],
        ["bronze", "opens-quietly", "2"],
    ]
    assert 'hint probes is kept and not claimed: write probes = "done" into quality.toml' in out
    code, out, _ = crossdock("plugins", "test", "depot", "--rule", "probes", "--quick", "--json")
    told = json.loads(out)
    assert (told["plugin"], told["distribution"], told["claimed"], told["reached"]) == (
        "depot",
        "depot 1.2",
        None,
        None,
    )
    assert {row["outcome"] for row in told["results"]} == {"passed"}
    assert all(row["seconds"] > 0 for row in told["results"])


def test_one_verb_alone_is_no_reason_to_claim_a_rule(crossdock: Any, install: Any) -> None:
    install()
    code, out, _ = crossdock("plugins", "test", "depot", "--rule", "does-it-once", "--verb", "push_stock", "--quick")
    assert (code, "hint" in out) == (0, False)


def test_a_long_run_says_where_it_is_rule_by_rule(crossdock: Any, install: Any) -> None:
    install()
    _, out, err = crossdock("plugins", "test", "depot", "--rule", "probes", "--rule", "documented-settings", "--json")
    assert json.loads(out)["results"]
    assert err.splitlines() == [
        "0/4 channel documented-settings",
        "1/4 channel probes",
        "2/4 backend documented-settings",
        "3/4 backend probes",
    ]


STOPPED = """
import signal
from contextlib import asynccontextmanager
from dataclasses import replace
from tests.core.testing.good import kit as whole, plugin as good
opened = []
@asynccontextmanager
async def interrupted():
    opened.append(1)
    if len(opened) > 1:
        signal.raise_signal(signal.SIGINT)
    async with whole.stages["channel"]() as stage:
        yield stage
kit = replace(whole, stages={"channel": interrupted})
plugin = replace(good, name="depot", kit="THIS_MODULE:kit")
"""


def test_ctrl_c_shows_what_was_tried_and_judges_no_claim(crossdock: Any, install: Any) -> None:
    install('[rules]\nopens-quietly = "done"\nno-such-rule = "done"\n', source=STOPPED)
    asked = ("plugins", "test", "depot", "--rule", "opens-quietly", "--rule", "probes", "--rule", "does-it-once")
    code, out, err = crossdock(*asked, "--quick", "--json")
    told = json.loads(out)
    assert (code, err.splitlines()[-1]) == (130, "stopped")
    assert [row["outcome"] for row in told["results"]] == ["passed"]
    assert (told["untried"] > 1, told["findings"], told["reached"]) == (True, [], None)
    code, out, _ = crossdock(*asked, "--quick")
    total = 1 + told["untried"]
    said = f"0 of {total} cases were tried; what it claims is judged only when all were"
    assert (code, out.strip()) == (130, said)


def test_a_claim_that_does_not_hold_ends_with_an_error_that_says_what_was_seen(crossdock: Any, install: Any) -> None:
    install('[rules]\ndoes-it-once = "done"\n', "plugin_of(AnswersForNoRow)")
    code, out, _ = crossdock("plugins", "test", "depot", "--rule", "does-it-once", "--verb", "push_stock", "--quick")
    assert code == 1
    assert "plugin depot (depot 1.2), rule does-it-once (bronze), push_stock as channel: broken: outcomes were" in out
    assert "wanted: an act is carried out, once, and answered" in out
    assert "error quality.toml: does-it-once is claimed, but not kept: channel-push_stock-does-it-once" in out


def test_an_exemption_is_shown_with_its_reason(crossdock: Any, install: Any) -> None:
    install('[rules]\nprobes = { exempt = "It is always there." }\n')
    code, out, _ = crossdock("plugins", "test", "depot", "--rule", "probes", "--quick")
    assert (code, "exempt: It is always there." in out) == (0, True)


@pytest.mark.parametrize(
    ("kit", "said"),
    [
        ("nothing_like_this:kit", "its kit nothing_like_this:kit cannot be imported: No module named"),
        ("THIS_MODULE:nothing", "cannot be imported: module"),
        ("THIS_MODULE:good", "is no crossdock.testing.Kit of stages for channel and backend"),
    ],
)
def test_a_kit_that_cannot_be_used_is_named_with_its_distribution(
    crossdock: Any, install: Any, kit: str, said: str
) -> None:
    install(kit=kit)
    code, _, err = crossdock("plugins", "test", "depot")
    assert code == 2
    assert err.startswith("error plugin depot (from depot 1.2): ")
    assert said in err


def test_a_rule_that_there_is_not_is_a_usage_error(crossdock: Any, install: Any) -> None:
    install()
    code, _, err = crossdock("plugins", "test", "depot", "--rule", "shines")
    assert (code, "the rules are documented-settings, probes" in err) == (2, True)
    code, _, err = crossdock("plugins", "test", "depot", "--verb", "push_prices")
    assert (code, "no rule tries it for push_prices" in err, "it is tried for cancel_order" in err) == (2, True, True)
    assert crossdock("plugins", "rule", "shines")[0] == 2


def test_rules_are_listed_and_each_has_a_page(crossdock: Any) -> None:
    assert "lost-answer" in crossdock("plugins", "rule")[1]
    page = crossdock("plugins", "rule", "lost-answer")[1]
    assert page.startswith("# lost-answer")
    assert all(heading in page for heading in ("Wanted: ", "Tier: gold", "## Example", "## Exceptions"))
    assert json.loads(crossdock("plugins", "rule", "lost-answer", "--json")[1])["tier"] == "gold"


PLAIN = ("-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function")
TEST = """
import pytest
pytestmark = pytest.mark.conformance("depot", items=100)
def test_it_keeps(conformance):
    conformance.check()
"""


def test_pytest_runs_a_test_for_each_rule_verb_and_end(pytester: pytest.Pytester, install: Any) -> None:
    claims = '[rules]\ndoes-it-once = "done"\nprobes = { exempt = "It is always there." }\n'
    install(claims, "plugin_of(AnswersForNoRow)")
    pytester.makepyfile(TEST)
    chosen = "probe-probes or push_stock-does-it-once or push_order-does-it-once or push_stock-overlapping"
    result = pytester.runpytest_inprocess("-k", chosen, *PLAIN, "-rs")
    result.assert_outcomes(passed=1, failed=1, skipped=3)
    result.stdout.fnmatch_lines(["*rule does-it-once (bronze), push_stock as channel: broken: outcomes were answered*"])
    result.stdout.fnmatch_lines(["*exempt: It is always there.*", "*not claimed: plugin depot*overlapping-calls*"])


def test_a_test_without_the_marker_is_told_so(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(conformance): ...")
    result = pytester.runpytest_inprocess(*PLAIN)
    result.stdout.fnmatch_lines(['*the fixture `conformance` needs pytest.mark.conformance("NAME")*'])


EXTENSION = """
from dataclasses import replace
from tests.core.testing.broken_extensions import NeedsATotal, extension_of, rehearsed as kit
plugin = replace(extension_of(NeedsATotal), kit="THIS_MODULE:kit")
"""


def test_an_extension_is_put_through_rules_of_its_own(
    crossdock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    Distributions(tmp_path).install("tidy", EXTENSION)
    (tmp_path / "quality.toml").write_text('[rules]\ntakes-what-comes = "done"\n')
    code, out, _ = crossdock("plugins", "test", "tidy", "--json")
    told = json.loads(out)
    broken = [(row["rule"], row["verb"]) for row in told["results"] if row["outcome"] == "broken"]
    assert (code, told["reached"]) == (1, "bronze")
    assert ("takes-what-comes", "rewrite_order") in broken
    assert [row["end"] for row in told["results"]] == ["extension"] * len(told["results"])
    assert {found["text"] for found in told["findings"] if found["error"]} == {
        "quality.toml: takes-what-comes is claimed, but not kept: extension-rewrite_order-takes-what-comes"
    }
