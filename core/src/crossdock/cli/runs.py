"""How a run of a lane is shown: a line that moves while it works, then what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from crossdock.cli.exits import Code
from crossdock.cli.output import Output, table
from crossdock.flows.orders.report import Report

Shown = Callable[[Report], None]


class _Left(TimeRemainingColumn):
    """How long it will take: as the run itself reckons where it does, else by how fast the bar moves."""

    def render(self, task: Task) -> Text:
        """The time, or dashes."""
        seconds = task.fields.get("left")
        if seconds is None or task.finished:
            return super().render(task)
        minutes, rest = divmod(int(seconds), 60)
        return Text(f"{minutes // 60}:{minutes % 60:02}:{rest:02}", style="progress.remaining")


GOES_ON = "What was read and sent is kept, and nothing is done twice: run the command again, and it goes on from there."
"""What a person is told who stops a run."""


@contextmanager
def shown_progress(title: str, as_json: bool) -> Iterator[Shown]:
    """A line that moves while a person watches; nothing anywhere else."""
    console = Console(stderr=True)
    if as_json or not console.is_terminal:
        yield lambda _report: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        _Left(elapsed_when_finished=True),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(title, total=None)

        def show(report: Report) -> None:
            done = sum(count for (_, state), count in report.steps.items() if state == "done")
            if report.share is not None:
                progress.update(task, total=1.0, completed=report.share, left=report.left_seconds)
            progress.update(task, description=f"{title}: {report.read} read, {done} done, {report.parked} parked")

        yield show


def finish(report: Report, output: Output) -> None:
    """Say what a run did; the exit code tells whether anything needs a person."""
    steps = [
        {"step": kind, "state": state, "count": count} for (kind, state), count in sorted(report.steps.items()) if count
    ]
    output.data(
        {
            "route": report.route,
            "read": report.read,
            "changed": report.changed,
            "steps": steps,
            "parked": report.parked,
            "settled": report.settled,
            "in_doubt": report.in_doubt,
            "waiting": report.waiting,
            "retry_at": report.retry_at,
            "more": report.more,
            "results": report.results,
        }
    )
    output.show(f"{escape(report.route)}: {report.read} read, {report.changed} new or changed")
    if steps:
        output.show(table(["step", "state", "count"], [list(row.values()) for row in steps]))
    failed = [result for result in report.results if result.state != "done"]
    if failed:
        output.show("", table(["what", "step", "state", "text"], [[r.key, r.kind, r.state, r.text] for r in failed]))
    _show_open(report, output)
    left = report.parked or report.in_doubt or report.waiting
    if not (steps or left):
        output.show("Nothing to do.")
    raise typer.Exit(Code.FAILED if left or failed else Code.OK)


def _show_open(report: Report, output: Output) -> None:
    """What is not done, and how it goes on."""
    if report.parked:
        output.show(f"[yellow]{report.parked} parked[/yellow]: see crossdock parked list {escape(report.route)}")
    if report.in_doubt:
        output.show(
            f"[yellow]{report.in_doubt} in doubt[/yellow]: sent, but nobody knows yet with what effect. They are looked"
            " up once the route's settle_after is over: pull again then; crossdock run does so by itself"
        )
    if report.waiting:
        when = f", the first at {report.retry_at:%H:%M:%S} UTC" if report.retry_at else ""
        output.show(
            f"[yellow]{report.waiting} waiting[/yellow]: what could not be done yet is tried again later{when}."
            " Pull again then; crossdock run does so by itself"
        )
