"""`crossdock sandbox proxy`: what is asked of it is read exactly, and a mistake is one clear sentence."""

from __future__ import annotations

import pytest

from crossdock.cli.sandbox.rules import rule_of
from crossdock.sandbox import Fault, FaultKind


def test_a_fault_is_read_from_one_word_and_its_details():
    assert rule_of("lost_answer") == Fault(kind=FaultKind.LOST_ANSWER)
    wanted = Fault(kind=FaultKind.RATE_LIMITED, path="/orders", times=2, skip=1, seconds=5, probability=0.5)
    assert rule_of("rate_limited,path=/orders,times=2,skip=1,seconds=5,probability=0.5") == wanted
    assert rule_of("status,status=451").status == 451


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--target", "acme.example"], "error --target 'acme.example' is no address"),
        (["--target", "http://x", "--fault", "explode"], "--fault 'explode': kind: must be 'lost_answer', "),
        (["--target", "http://x", "--fault", "slow,second=1"], "second: Extra inputs are not permitted"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_allowed(crossdock, arguments, said):
    ended = crossdock("sandbox", "proxy", *arguments)
    assert ended.code == 2
    assert said in ended.errors[0]
    assert ended.errors[1].startswith("hint ")
