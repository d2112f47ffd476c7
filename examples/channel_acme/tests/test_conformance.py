"""The promises of the contract, a test a rule: what quality.toml claims must hold."""

import pytest

pytestmark = pytest.mark.conformance("acme")


def test_acme_keeps(conformance):
    conformance.check()
