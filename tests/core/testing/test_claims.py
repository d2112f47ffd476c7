"""quality.toml, and what is said about a claim that does not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossdock.errors import ConfigError
from crossdock.testing import Quality, Tier
from crossdock.testing.bodies import with_field
from crossdock.testing.rules import RULES, find
from crossdock.testing.verdict import Case, Outcome, Verdict, judge, reached


def claims(tmp_path: Path, text: str) -> Quality:
    file = tmp_path / "quality.toml"
    file.write_text(text)
    return Quality.read(file)


def verdict(name: str, outcome: Outcome, verb: str = "pull_orders") -> Verdict:
    rule = find(name)
    assert rule is not None
    return Verdict(Case(rule, "channel", verb), outcome, "seen")


def findings(quality: Quality, *verdicts: Verdict) -> list[tuple[bool, str]]:
    return [(found.is_error, found.text) for found in judge(quality, verdicts, RULES)]


def test_a_claim_is_read_with_its_exemptions(tmp_path):
    quality = claims(
        tmp_path,
        'tier = "gold"\n[rules]\nprobes = "done"\n'
        'token-expiry = { exempt = "It knows no tokens." }\n'
        'empty-answer = { exempt = { pull_products = "There are always some.", backend = "It is never empty." } }\n',
    )
    assert quality.tier is Tier.GOLD
    assert quality.exemption("token-expiry", "channel", "pull_orders") == "It knows no tokens."
    assert quality.exemption("empty-answer", "channel", "pull_products") == "There are always some."
    assert quality.exemption("empty-answer", "backend", "pull_orders") == "It is never empty."
    assert quality.exemption("empty-answer", "channel", "pull_orders") is None
    assert quality.exemption("probes", "channel", "probe") is None


def test_a_file_that_is_not_there_claims_nothing(tmp_path):
    assert Quality.read(tmp_path / "quality.toml") == Quality()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tier = ", "quality.toml: is no TOML"),
        ('tier = "wood"', "quality.toml: tier: Value error, 'wood' is no tier; allowed are bronze, silver, gold, plat"),
        ('[rules]\nprobes = "maybe"', 'rules.probes: must be "done" or { exempt = "why, in a sentence" }'),
        ("[rules]\nprobes = { exempt = '' }", 'rules.probes: must be "done" or { exempt ='),
        ("[rules]\nprobes = { exempt = {} }", 'rules.probes: must be "done" or { exempt ='),
        ("colour = 1", "quality.toml: colour: Extra inputs are not permitted"),
    ],
)
def test_a_claim_that_says_nothing_is_refused(tmp_path, text, said):
    with pytest.raises(ConfigError) as caught:
        claims(tmp_path, text)
    assert said in str(caught.value)


def test_a_rule_that_is_claimed_and_broken_is_an_error():
    quality = Quality.model_validate({"rules": {"probes": "done"}})
    wanted = "quality.toml: probes is claimed, but not kept: channel-probe-probes"
    assert findings(quality, verdict("probes", Outcome.BROKEN, "probe")) == [(True, wanted)]
    assert findings(quality, verdict("probes", Outcome.UNPROVEN, "probe")) == [(True, wanted)]


def test_a_rule_that_is_kept_and_not_claimed_is_a_hint():
    ((is_error, text),) = findings(Quality(), verdict("probes", Outcome.PASSED, "probe"))
    assert (is_error, text) == (False, 'probes is kept and not claimed: write probes = "done" into quality.toml')


def test_a_tier_asks_for_each_of_its_rules():
    quality = Quality.model_validate({"tier": "bronze"})
    assert findings(quality, verdict("probes", Outcome.PASSED, "probe"), verdict("killed", Outcome.BROKEN)) == [
        (True, "quality.toml: the tier bronze is claimed, which asks for probes: neither done nor exempt")
    ]


def test_an_unknown_rule_and_an_exemption_for_nothing_are_errors():
    quality = Quality.model_validate(
        {"rules": {"shines": "done", "empty-answer": {"exempt": {"pull_prices": "There are none."}}}}
    )
    assert findings(quality, verdict("empty-answer", Outcome.PASSED)) == [
        (True, "quality.toml: there is no rule shines; see crossdock plugins rule"),
        (True, "quality.toml: empty-answer is exempt for pull_prices, for which it is never tried"),
    ]


def test_the_tier_reached_is_the_one_below_the_first_that_is_broken():
    kept = [verdict("probes", Outcome.PASSED), verdict("empty-answer", Outcome.EXEMPT)]
    assert reached([]) is Tier.PLATINUM
    assert reached([*kept, verdict("lost-answer", Outcome.UNPROVEN)]) is Tier.SILVER
    assert reached([verdict("probes", Outcome.BROKEN)]) is None


def test_what_the_stage_lacks_is_said_as_such():
    sentence = verdict("probes", Outcome.UNPROVEN, "probe").sentence("acme (acme 1)")
    assert sentence == "plugin acme (acme 1), rule probes (bronze), probe as channel: not shown, because seen"


def test_one_record_of_a_body_is_changed_and_numbers_stay_as_they_were_written():
    body = b'{"rows": [{"id": "A", "total": 12.50, "deep": [1, {"id": "B", "total": 1e2}]}, {"id": "C"}]}'
    assert with_field(body, "B", "total", "x") == (
        b'{"rows":[{"id":"A","total":12.50,"deep":[1,{"id":"B","total":"x"}]},{"id":"C"}]}'
    )
    assert with_field(b"<html>A</html>", "A", "total", "x") == b"<html>A</html>"
    assert with_field(body, "Z", "total", "x") == body
