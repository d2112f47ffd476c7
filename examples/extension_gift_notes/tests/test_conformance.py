"""The promises of the contract, a test a rule: what quality.toml claims must hold."""

import pytest

pytestmark = pytest.mark.conformance("gift_notes")


def test_gift_notes_keeps(conformance):
    conformance.check()
