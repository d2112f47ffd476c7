"""What the file says about the service."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from crossdock.config import RunnerTable
from crossdock.config.runner import is_loopback


def test_the_service_listens_on_this_machine_only_unless_told_otherwise():
    assert is_loopback(RunnerTable().host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.com"])
def test_listening_for_others_needs_a_token(host):
    with pytest.raises(ValidationError, match="so a token is needed"):
        RunnerTable(host=host)
    assert RunnerTable(host=host, token="long-enough-to-be-a-token").host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machines_own_addresses_need_none(host):
    assert RunnerTable(host=host).token is None


def test_a_token_that_can_be_guessed_is_refused():
    with pytest.raises(ValidationError, match="at least 16"):
        RunnerTable(token="short")


def test_the_public_address_must_be_one():
    with pytest.raises(ValidationError, match="must be an address"):
        RunnerTable(public_url="hooks.example.com")
    assert RunnerTable(public_url="https://hooks.example.com/").public_url == "https://hooks.example.com"
