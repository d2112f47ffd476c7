"""The kit itself: a good plugin passes every rule, and each defect fails with the message that names it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from crossdock.contract import Plugin
from crossdock.testing import Kit, Quality, Rehearsal
from crossdock.testing.rules import RULES, find
from crossdock.testing.scene import Effort
from crossdock.testing.suite import Subject, Suite
from crossdock.testing.verdict import Case, Outcome, Verdict
from tests.core.testing import broken, broken_extensions
from tests.core.testing.broken_extensions import Tidy, extension_of, rehearsed
from tests.core.testing.good import Good, kit, plugin_of

ALL = Effort(thorough=True, items=200)
HERE = "tests.core.testing"


def subject(plugin: Plugin, target: str = f"{HERE}.good:plugin") -> Subject:
    return Subject(plugin, kit, Quality(), target, "depot 1.0")


async def tried(plugin: Plugin, case: Case, target: str) -> Verdict:
    async with Suite(subject(plugin, target), ALL) as suite:
        return await suite.run(case)


def of(kind: type[Good]) -> Callable[[], Plugin]:
    return lambda: plugin_of(kind)


DEFECTS: list[tuple[Callable[[], Plugin], str, str, str, str]] = [
    (
        lambda: plugin_of(Good, settings=broken.SaysNothingOfItsSettings),
        "documented-settings", "channel", "", "nothing is said about SaysNothingOfItsSettings.timeout",
    ),
    (of(broken.ProbesInSilence), "probes", "channel", "probe", "its summary is '', not one line"),
    (
        of(broken.TakesAWrongKeyForTheSystemsFault), "wrong-credentials", "channel", "probe",
        "with credentials that the system refuses, probe ended with TryLater",
    ),
    (broken.opens_with_a_call, "opens-quietly", "channel", "", "1 calls were made before any verb was asked"),
    (of(broken.ForgetsItsCursor), "finds-everything", "channel", "pull_orders", "the last page carries no cursor"),
    (
        of(broken.OnlyPretendsToPush), "does-it-once", "backend", "push_order",
        "after one call, the system carried push_order out never, not once",
    ),
    (of(broken.AnswersForNoRow), "does-it-once", "channel", "push_stock", "outcomes were answered for [], not for"),
    (broken.leaves_a_verb_out, "says-what-it-cannot", "channel", "", "nothing is said about push_prices"),
    (
        of(broken.LogsTheBuyer), "no-secret-shown", "channel", "",
        "something that the stage calls secret stands in a log or an error",
    ),
    (
        of(broken.MovesItsCursorByOurClock), "empty-answer", "channel", "pull_orders",
        "of 1 things made after a run that found nothing, 1 did not come",
    ),
    (
        of(broken.AsksForWhatIsLater), "equal-timestamps", "channel", "pull_orders",
        "of one moment, when the run was cut after page 1, 11 did not come",
    ),
    (of(broken.RefusesLongWindows), "long-window", "channel", "pull_orders", "the run ended with Refused('at most"),
    (of(broken.ReadsAllOrNothing), "poison-record", "channel", "pull_orders", "the run ended with CannotTranslate"),
    (of(broken.ParksWhoeverIsThrottled), "throttled", "channel", "read_orders", "read_orders ended with Refused"),
    (of(broken.WaitsAsItLikes), "throttled", "channel", "pull_orders", "told at call 1 to wait 7 s, it waited 0"),
    (of(broken.ParksWhatTheServerFailed), "server-errors", "backend", "push_order", "push_order ended with Refused"),
    (
        of(broken.TakesAnythingForAnEmptyList), "broken-answers", "channel", "pull_orders",
        "did not come any more",
    ),
    (of(broken.StopsWhenItTakesLong), "slow-answers", "channel", "pull_orders", "did not come any more"),
    (of(broken.FindsNothing), "finds-what-it-made", "backend", "push_order", "asked after push_order made it"),
    (of(broken.RefusesWhatIsDone), "repeats-harmlessly", "channel", "cancel_order", "the second call with the same"),
    (
        of(broken.AddsToTheLevel), "stock-is-absolute", "channel", "push_stock",
        "level 9 was pushed, and the system shows 14",
    ),
    (
        of(broken.BelievesEverybody), "forged-messages", "channel", "read_push",
        "a message with another body ended with the answer",
    ),
    (of(broken.BelievesATokenForEver), "token-expiry", "channel", "pull_orders", "after the token expired, the run"),
    (
        of(broken.TakesAWrongKeyForTheSystemsFault), "revoked", "channel", "pull_orders",
        "pull_orders ended with TryLater: They do not like us today., not SignInAgain",
    ),
    (of(broken.LinksToNowhere), "sign-in-link", "channel", "sign_in_link", "its answer is no address"),
    (
        of(broken.ForgetsWhoSignedIn), "signs-in", "channel", "sign_in",
        "after signing in and a new start, probe ended with SignInAgain",
    ),
    (
        of(broken.RenewsWithoutLooking), "renewed-once", "channel", "probe",
        "when the token expired for the first time, 7 of 8 calls failed: SignInAgain",
    ),
    (
        lambda: broken.uses_before_it_keeps, "renewal-interrupted", "channel", "probe",
        "the process was killed at call 3 of 3 of a renewal, and after a new start probe ended with SignInAgain",
    ),
    (
        of(broken.ConfirmsWhatItFetches), "lost-pushes", "channel", "pull_lost_pushes",
        "asked for the second time, it named nothing that could be confirmed",
    ),
    (
        of(broken.ConfirmsEverything), "confirmed-pushes", "channel", "confirm_lost_pushes",
        "after earlier ones were confirmed, 1 things whose messages got lost were not told of",
    ),
    (
        of(broken.TakesItsNeighboursPost), "relayed-pushes", "channel", "read_relayed_push",
        "a message about somebody else was taken for one about this connection",
    ),
    (
        of(broken.StopsAtABadRow), "bad-row", "channel", "push_stock",
        "with one bad row, the whole batch ended with Refused",
    ),
    (
        of(broken.ListsAnew), "does-it-once", "backend", "push_listings",
        "the call ended with TryLater: they work on it",
    ),
    (of(broken.GuessesStatuses), "unknown-status", "channel", "read_orders", "status open beside their word"),
    (
        of(broken.KnowsOnlyKnownStatuses), "unknown-status", "channel", "pull_orders",
        "KeyError was raised, which is no error of the contract",
    ),
    (of(broken.BlanksWhatIsWithheld), "masked-data", "channel", "pull_orders", "does not say that it is withheld"),
    (of(broken.CountsInCents), "zero-decimal", "channel", "pull_orders", "24000 KRW were paid, and its total reads"),
    (of(broken.PaysInCents), "zero-decimal", "backend", "push_order", "an order of 24000 KRW reads back as"),
    (
        of(broken.RepeatsWhatWasSent), "lost-answer", "backend", "push_order",
        "the system carried push_order out twice, not once",
    ),
    (of(broken.SharesItsNotes), "overlapping-calls", "backend", "push_order", "carried push_order out never, not"),
    (of(broken.NudgesOnce), "push-messages", "channel", "read_push", "leads to different nudges"),
    (of(broken.ReadsASnapshot), "page-shift", "channel", "pull_orders", "as they were then"),
    (
        lambda: broken.remembers_in_memory, "killed", "backend", "push_order",
        "and started again, the system carried push_order out twice, not once",
    ),
    (lambda: broken.keeps_everything, "flat-memory", "channel", "pull_orders", "bytes each"),
]  # fmt: skip
TARGETS = {
    "renewal-interrupted": f"{HERE}.broken:uses_before_it_keeps",
    "killed": f"{HERE}.broken:remembers_in_memory",
    "flat-memory": f"{HERE}.broken:keeps_everything",
}


@pytest.mark.parametrize(
    ("make", "name", "end", "verb", "text"), DEFECTS, ids=[f"{name}-{text[:30]}" for _, name, _, _, text in DEFECTS]
)
def test_a_defect_fails_with_the_message_that_names_it(
    runner: asyncio.Runner, make: Callable[[], Plugin], name: str, end: str, verb: str, text: str
) -> None:
    rule = find(name)
    assert rule is not None
    verdict = runner.run(tried(make(), Case(rule, end, verb), TARGETS.get(name, "")))
    assert (verdict.outcome, verdict.text) == (Outcome.BROKEN, Containing(text))
    sentence = verdict.sentence("depot (depot 1.0)")
    assert sentence.startswith(f"plugin depot (depot 1.0), rule {name} ({rule.tier})")
    assert f"docs/reference/rules/{name}.md" in sentence


class Containing(str):
    """Equal to every text that contains it, so that a failure shows both."""

    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and str(self) in str(other)


@pytest.mark.parametrize(
    ("kind", "name", "verb", "text"), broken_extensions.DEFECTS, ids=[name for _, name, *_ in broken_extensions.DEFECTS]
)
def test_a_defect_of_an_extension_fails_with_the_message_that_names_it(
    runner: asyncio.Runner, kind: type[Tidy], name: str, verb: str, text: str
) -> None:
    rule = find(name)
    assert rule is not None
    made = Subject(extension_of(kind), rehearsed, Quality(), "", "tidy 1.0")
    verdict = runner.run(Suite(made, ALL).run(Case(rule, "extension", verb)))
    assert (verdict.outcome, verdict.text) == (Outcome.BROKEN, Containing(text))
    assert "Erika" not in verdict.sentence("tidy (tidy 1.0)")


def test_a_good_extension_keeps_every_rule(runner: asyncio.Runner) -> None:
    good = Subject(extension_of(Tidy), rehearsed, Quality(), "", "tidy 1.0")
    cases = list(good.cases())
    assert {case.verb for case in cases} == {"", "rewrite_order", "rewrite_stock", "rewrite_product"}
    assert {case.rule.id for case in cases} > {name for _, name, *_ in broken_extensions.DEFECTS}
    verdicts = [runner.run(Suite(good, ALL).run(case)) for case in cases]
    assert {str(v.case): v.text for v in verdicts if v.outcome is not Outcome.PASSED} == {}


def test_a_rehearsal_without_examples_or_acts_shows_nothing(runner: asyncio.Runner) -> None:
    empty = Subject(extension_of(Tidy), Kit(rehearsal=Rehearsal({}, ())), Quality(), "", "tidy 1.0")
    verdicts = {str(case): runner.run(Suite(empty, ALL).run(case)) for case in empty.cases()}
    lacking = {name: verdict.text for name, verdict in verdicts.items() if verdict.outcome is Outcome.UNPROVEN}
    assert lacking["extension-rewrite_stock-rewrites-as-said"].endswith("is changed or held back")
    assert "acts['push_order']" in lacking["extension-wrappers-let-go"]


def test_every_rule_has_a_plugin_that_breaks_it() -> None:
    extending = {name for _, name, *_ in broken_extensions.DEFECTS}
    assert {rule.id for rule in RULES} == {name for _, name, *_ in DEFECTS} | extending


def test_a_good_plugin_keeps_every_rule_at_both_ends(runner: asyncio.Runner) -> None:
    async def run() -> dict[str, str]:
        good = subject(plugin_of(Good))
        async with Suite(good, Effort(items=200)) as suite:
            verdicts: list[Any] = [await suite.run(case) for case in good.cases()]
        return {str(v.case): v.text for v in verdicts if v.outcome is not Outcome.PASSED}

    assert runner.run(run()) == {}
