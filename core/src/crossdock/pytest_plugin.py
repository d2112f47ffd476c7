"""The kit as a pytest plugin: one test a rule, verb and end, each on a stage of its own.

    pytestmark = pytest.mark.conformance("acme")

    def test_acme_keeps(conformance):
        conformance.check()

Loaded by every pytest where crossdock is installed, so it imports the kit only when a test asks for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from crossdock.testing.suite import Subject, Suite
    from crossdock.testing.verdict import Case

__all__ = ["Conformance"]

_FIXTURE = "conformance"


@dataclass(frozen=True)
class Conformance:
    """One case, and what runs it.

    Attributes:
        case: the rule, for which verb, at which end.
        subject: the plugin with its kit and its claims.
        suite: over the running stages.
        runner: of the event loop in which they run.
    """

    case: Case
    subject: Subject
    suite: Suite
    runner: asyncio.Runner

    def check(self) -> None:
        """Pass when the rule is kept; skip where the plugin is exempt or does not claim it; else fail with why."""
        verdict = self.runner.run(self.suite.run(self.case))
        sentence = verdict.sentence(self.subject.name)
        if verdict.outcome == "exempt":
            pytest.skip(sentence)
        if verdict.outcome == "passed":
            return
        if not self.subject.claims(self.case.rule):
            pytest.skip(f"not claimed: {sentence}")
        pytest.fail(sentence, pytrace=False)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers", "conformance(name, thorough=False, items=1000): put a crossdock plugin through the conformance kit"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a case, for tests that take `conformance`."""
    if _FIXTURE not in metafunc.fixturenames:
        return
    name, _ = _asked(metafunc.definition)
    from crossdock.testing.suite import tested

    cases = list(tested(name).cases())
    metafunc.parametrize("conformance_case", cases, ids=[str(case) for case in cases])


@pytest.fixture(scope="module")
def conformance_runner() -> Iterator[asyncio.Runner]:
    """The event loop in which the stages of a module run."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def conformance_suites(conformance_runner: asyncio.Runner) -> Iterator[dict[Any, tuple[Subject, Suite]]]:
    """The suites of a module, by what their markers say."""
    suites: dict[Any, tuple[Subject, Suite]] = {}
    yield suites
    for _, suite in suites.values():
        conformance_runner.run(suite.aclose())


@pytest.fixture
def conformance(
    request: pytest.FixtureRequest,
    conformance_case: Case,
    conformance_runner: asyncio.Runner,
    conformance_suites: dict[Any, tuple[Subject, Suite]],
) -> Conformance:
    """The case that this test is about."""
    from crossdock.testing.scene import Effort
    from crossdock.testing.suite import Suite, tested

    name, effort = _asked(request.node)
    if (name, effort) not in conformance_suites:
        subject = tested(name)
        conformance_suites[name, effort] = subject, Suite(subject, Effort(*effort))
    return Conformance(conformance_case, *conformance_suites[name, effort], conformance_runner)


def _asked(node: Any) -> tuple[str, tuple[bool, int]]:
    marker = node.get_closest_marker(_FIXTURE)
    if marker is None or len(marker.args) != 1:
        raise pytest.UsageError(f'{node.nodeid}: the fixture `conformance` needs pytest.mark.conformance("NAME")')
    return marker.args[0], (marker.kwargs.get("thorough", False), marker.kwargs.get("items", 1000))
