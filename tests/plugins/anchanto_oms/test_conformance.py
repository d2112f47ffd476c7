"""The plugin keeps what its quality.toml claims: one test a rule, verb and end."""

from __future__ import annotations

import pytest

from crossdock.pytest_plugin import Conformance

pytestmark = [
    pytest.mark.conformance("anchanto_oms", items=300),
    pytest.mark.no_cover,  # it would take twice as long, and others show the same lines
]


def test_the_plugin_keeps(conformance: Conformance) -> None:
    conformance.check()


@pytest.mark.long
@pytest.mark.conformance("anchanto_oms", thorough=True, items=10_000)
def test_the_plugin_keeps_it_whatever_goes_wrong_wherever(conformance: Conformance) -> None:
    conformance.check()
