"""Calls are counted, and faults are met, where a connection has a token that is good: a renewal is none of them."""

from __future__ import annotations

import asyncio

import pytest

from crossdock.contract import Plugin
from crossdock.testing import Quality, Tier
from crossdock.testing.rule import Rule, require
from crossdock.testing.rules.calls import calls_of, signed_in
from crossdock.testing.scene import Scene
from crossdock.testing.suite import Subject, Suite
from crossdock.testing.verbs import SYSTEMS
from crossdock.testing.verdict import Case, Outcome
from tests.core.testing.good import Good, kit, plugin_of

PLUGIN: Plugin = plugin_of(Good)


@pytest.mark.parametrize(("verb", "wanted"), [("pull_orders", 2), ("push_stock", 1), ("find_order", 1), ("probe", 3)])
def test_a_first_run_with_an_expired_token_counts_only_the_calls_of_the_verb(
    runner: asyncio.Runner, verb: str, wanted: int
) -> None:
    async def count(scene: Scene) -> None:
        await signed_in(scene)
        await scene.stage.expire_sign_in()
        seen = await calls_of(scene)  # of `probe`: the refused call, the renewal, and the call again
        require(seen == wanted, f"{seen} calls were counted")

    rule = Rule("counts", Tier.BRONZE, "calls are counted", frozenset({verb}), SYSTEMS, count)
    suite = Suite(Subject(PLUGIN, kit, Quality(), "", "depot 1.0"))
    verdict = runner.run(suite.run(Case(rule, "channel", verb)))
    assert (verdict.outcome, verdict.text) == (Outcome.PASSED, "")
