"""The kit knows every verb of the contract: where it is asked, and by which rule it is tried."""

from __future__ import annotations

from crossdock.contract import VERBS
from crossdock.testing.rehearsal import NOUNS
from crossdock.testing.rules import RULES
from crossdock.testing.samples import SAMPLES
from crossdock.testing.verbs import ACTS, AT, EXTENSION, NUMBERED, PULLS, REWRITES, SYSTEMS


def test_every_verb_of_the_contract_is_tried_by_a_rule_at_an_end_where_it_is_asked() -> None:
    tried = {verb for rule in RULES for end in rule.ends for verb in rule.verbs & AT[end]}
    assert set(VERBS) - tried == set()
    assert {verb for rule in RULES for verb in rule.verbs} == set(VERBS)


def test_every_verb_that_calls_a_system_meets_faults() -> None:
    faults = next(rule for rule in RULES if rule.id == "server-errors")
    assert faults.verbs == PULLS | NUMBERED | ACTS
    quiet = {
        "read_push",
        "read_relayed_push",
        "sign_in",
        "sign_in_link",
        "confirm_lost_pushes",
    }  # have rules of their own
    assert set(VERBS) - faults.verbs - REWRITES == quiet


def test_every_end_and_every_rewriting_verb_has_its_noun_and_its_samples() -> None:
    assert set(AT) == SYSTEMS | {EXTENSION}
    assert set(NOUNS) == set(SAMPLES) == REWRITES
    assert all(isinstance(sample, NOUNS[verb]) for verb, samples in SAMPLES.items() for sample in samples)
