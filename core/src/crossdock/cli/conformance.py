"""`crossdock plugins test` and `crossdock plugins rule`: what a plugin keeps of what it promises."""

from __future__ import annotations

from asyncio import CancelledError
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crossdock.cli.exits import Code
from crossdock.cli.output import Json, Output, table
from crossdock.cli.state import state_of
from crossdock.errors import ConfigError

if TYPE_CHECKING:
    from crossdock.testing.scene import Effort
    from crossdock.testing.suite import Subject
    from crossdock.testing.verdict import Case, Finding, Verdict

__all__ = ["put_through", "show_rules"]


def put_through(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The plugin's name.")],
    rules: Annotated[list[str] | None, typer.Option("--rule", help="Only this rule. Repeatable.")] = None,
    verbs: Annotated[list[str] | None, typer.Option("--verb", help="Only for this verb. Repeatable.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Each fault and each call once, instead of all with all; 1,000 items.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put a plugin through the conformance rules, and compare the results with what it claims.

    Ctrl-C shows what was tried so far.
    """
    from crossdock.testing.rules import RULES
    from crossdock.testing.scene import Effort
    from crossdock.testing.suite import tested
    from crossdock.testing.verdict import judge, reached

    subject = tested(name)
    cases = list(subject.cases())
    chosen = [case for case in cases if _wanted(case, rules, verbs)]
    if not chosen:
        raise _nothing_chosen(cases, verbs)
    effort = Effort(items=1000) if quick else Effort(thorough=True)
    output = Output(as_json)
    verdicts: list[Verdict] = []
    try:
        state_of(ctx).run(_run(subject, chosen, effort, verdicts))
    except (KeyboardInterrupt, CancelledError):
        _show_stopped(output, subject, verdicts, len(chosen) - len(verdicts))
        raise
    findings = [found for found in judge(subject.quality, verdicts, RULES) if found.is_error or not verbs]
    tier = None if rules or verbs else reached(verdicts)
    output.data(_facts(subject, verdicts, findings, str(tier) if tier else None) | {"untried": 0})
    _show(output, subject, verdicts, findings)
    if not (rules or verbs):
        output.lines(f"reached: {tier or 'no tier yet'}; claimed: {subject.quality.tier or 'none'}")
    if any(finding.is_error for finding in findings):
        raise typer.Exit(Code.FAILED)


def show_rules(
    name: Annotated[str | None, typer.Argument(metavar="[RULE]", help="Show its page; all in short without.")] = None,
    as_json: Json = False,
) -> None:
    """Show the conformance rules, or the page of one: why, an example, exceptions."""
    from crossdock.testing.rule import page
    from crossdock.testing.rules import RULES, find

    output = Output(as_json)
    if name is None:
        rows = [{"tier": str(rule.tier), "rule": rule.id, "wanted": rule.wants} for rule in RULES]
        output.rows(["tier", "rule", "wanted"], rows, "")
        return
    found = find(name)
    if found is None:
        raise ConfigError(f"there is no rule {name!r}", hint=f"the rules are {', '.join(rule.id for rule in RULES)}")
    output.data({"rule": found.id, "tier": str(found.tier), "wanted": found.wants, "page": page(found)})
    output.lines(page(found).rstrip())


def _nothing_chosen(cases: list[Case], verbs: list[str] | None) -> ConfigError:
    """What could be chosen instead: of the verbs those that it answers, else the rules."""
    known = sorted({case.verb for case in cases} - {""})
    strange = [verb for verb in verbs or () if verb not in known]
    if strange:
        return ConfigError(f"no rule tries it for {', '.join(strange)}", hint=f"it is tried for {', '.join(known)}")
    names = ", ".join(dict.fromkeys(case.rule.id for case in cases))
    return ConfigError("no rule is tried for what was asked", hint=f"the rules are {names}")


def _wanted(case: Case, rules: list[str] | None, verbs: list[str] | None) -> bool:
    return (not rules or case.rule.id in rules) and (not verbs or case.verb in verbs)


async def _run(subject: Subject, cases: list[Case], effort: Effort, verdicts: list[Verdict]) -> None:
    """Try every case, and add what became of it to `verdicts` at once: whoever stops it wants to see them."""
    from crossdock.testing.suite import Suite

    with _shown(len(cases)) as show:
        async with Suite(subject, effort) as suite:
            for number, case in enumerate(cases):
                show(number, case)
                verdicts.append(await suite.run(case))


@contextmanager
def _shown(total: int) -> Iterator[Callable[[int, Case], None]]:
    """Where it is and for how long: a bar that moves on a terminal, else a line for each rule at each end."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=total)
        yield lambda number, case: progress.update(bar, completed=number, description=str(case))


def _lines(console: Console, total: int) -> Callable[[int, Case], None]:
    told: set[tuple[str, str]] = set()
    width = len(str(total))

    def show(number: int, case: Case) -> None:
        if (case.end, case.rule.id) not in told:
            told.add((case.end, case.rule.id))
            console.print(f"{number:{width}}/{total} {case.end} {case.rule.id}", highlight=False)

    return show


def _facts(subject: Subject, verdicts: list[Verdict], findings: list[Finding], tier: str | None) -> dict[str, object]:
    return {
        "plugin": subject.plugin.name,
        "distribution": subject.distribution,
        "claimed": str(subject.quality.tier) if subject.quality.tier else None,
        "reached": tier,
        "results": [_row(verdict) for verdict in verdicts],
        "findings": [{"error": finding.is_error, "text": finding.text} for finding in findings],
    }


def _show_stopped(output: Output, subject: Subject, verdicts: list[Verdict], untried: int) -> None:
    """Show what was tried; what a plugin claims is not judged by a part of the cases."""
    output.data(_facts(subject, verdicts, [], None) | {"untried": untried})
    if verdicts:
        _show(output, subject, verdicts, [])
    tried = f"{len(verdicts)} of {len(verdicts) + untried} cases were tried"
    output.lines("", f"{tried}; what it claims is judged only when all were")


def _row(verdict: Verdict) -> dict[str, object]:
    case = verdict.case
    return {
        "tier": str(case.rule.tier),
        "rule": case.rule.id,
        "end": case.end,
        "verb": case.verb,
        "outcome": verdict.outcome.value,
        "text": verdict.text,
        "seconds": round(verdict.seconds, 2),
    }


def _show(output: Output, subject: Subject, verdicts: list[Verdict], findings: list[Finding]) -> None:
    counts = Counter((verdict.case.rule, verdict.outcome.value) for verdict in verdicts)
    outcomes = ("passed", "broken", "unproven", "exempt")
    rows = [
        [str(rule.tier), rule.id, *(counts[rule, outcome] or "" for outcome in outcomes)]
        for rule in dict.fromkeys(verdict.case.rule for verdict in verdicts)
    ]
    output.show(table(["tier", "rule", *outcomes], rows))
    for verdict in verdicts:
        if verdict.outcome.value != "passed":
            output.lines("", verdict.sentence(subject.name))
    for finding in findings:
        output.lines("", f"{'error' if finding.is_error else 'hint'} {finding.text}")
