"""What became of one rule for one verb, and what that means for what the plugin claims. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crossdock.testing.quality import Exempt, Quality, Tier
from crossdock.testing.rule import Rule

__all__ = ["Case", "Finding", "Outcome", "Verdict", "judge", "reached"]


@dataclass(frozen=True)
class Case:
    """One rule, tried for one verb (or none) at one end."""

    rule: Rule
    end: str
    verb: str = ""

    def __str__(self) -> str:
        return "-".join(part for part in (self.end, self.verb, self.rule.id) if part)


class Outcome(StrEnum):
    """How it went."""

    PASSED = "passed"
    BROKEN = "broken"
    UNPROVEN = "unproven"  # the stage lacks something
    EXEMPT = "exempt"


@dataclass(frozen=True)
class Verdict:
    """What became of a case.

    Attributes:
        case: what was tried.
        outcome: how it went.
        text: what was seen, what the stage lacks, or why it is exempt.
        seconds: how long it took; says nothing about the plugin, and much about where a run spends its time.
    """

    case: Case
    outcome: Outcome
    text: str = ""
    seconds: float = 0.0

    def sentence(self, plugin: str) -> str:
        """All that somebody needs who sees nothing else.

        Args:
            plugin: its name, with its distribution.
        """
        rule, verb = self.case.rule, f", {self.case.verb}" if self.case.verb else ""
        place = f"plugin {plugin}, rule {rule.id} ({rule.tier}){verb} as {self.case.end}"
        if self.outcome is Outcome.UNPROVEN:
            return f"{place}: not shown, because {self.text}"
        seen = f": {self.text}" if self.text else ""
        page = f"docs/reference/rules/{rule.id}.md, or crossdock plugins rule {rule.id}"
        return f"{place}: {self.outcome}{seen}\n  wanted: {rule.wants}\n  why: {page}"


@dataclass(frozen=True)
class Finding:
    """What is to be said about a claim; an error makes the whole run fail, a hint does not."""

    is_error: bool
    text: str


def judge(quality: Quality, verdicts: Sequence[Verdict], rules: Iterable[Rule]) -> Iterator[Finding]:
    """Compare what is claimed with what was seen.

    Args:
        quality: what the plugin claims.
        verdicts: of all cases that were run.
        rules: all that there are.
    """
    known = {rule.id: rule for rule in rules}
    for name in quality.rules:
        if name not in known:
            yield Finding(True, f"quality.toml: there is no rule {name}; see crossdock plugins rule")
    for name, rule in known.items():
        yield from _judge_rule(quality, rule, [verdict for verdict in verdicts if verdict.case.rule.id == name])


def _judge_rule(quality: Quality, rule: Rule, verdicts: Sequence[Verdict]) -> Iterator[Finding]:
    claim = quality.rules.get(rule.id)
    wanted = quality.tier is not None and rule.tier <= quality.tier
    failed = [verdict for verdict in verdicts if verdict.outcome in (Outcome.BROKEN, Outcome.UNPROVEN)]
    if claim is None and wanted and verdicts:
        text = f"the tier {quality.tier} is claimed, which asks for {rule.id}: neither done nor exempt"
        yield Finding(True, f"quality.toml: {text}")
    if claim is not None and failed:
        names = ", ".join(dict.fromkeys(str(verdict.case) for verdict in failed))
        yield Finding(True, f"quality.toml: {rule.id} is claimed, but not kept: {names}")
    if isinstance(claim, Exempt) and isinstance(claim.exempt, dict):
        tried = {name for verdict in verdicts for name in (verdict.case.verb, verdict.case.end)}
        for name in claim.exempt:
            if verdicts and name not in tried:
                yield Finding(True, f"quality.toml: {rule.id} is exempt for {name}, for which it is never tried")
    if claim is None and not wanted and verdicts and not failed:
        yield Finding(False, f'{rule.id} is kept and not claimed: write {rule.id} = "done" into quality.toml')


def reached(verdicts: Iterable[Verdict]) -> Tier | None:
    """The highest tier of which every rule, and every rule below it, is kept or exempt."""
    open_tiers = {v.case.rule.tier for v in verdicts if v.outcome in (Outcome.BROKEN, Outcome.UNPROVEN)}
    below = [tier for tier in Tier if tier < min(open_tiers, default=Tier.PLATINUM + 1)]
    return max(below, default=None)
