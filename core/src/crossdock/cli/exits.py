"""How a command ends: its code, and one line with a hint when it fails."""

from __future__ import annotations

from enum import IntEnum

from rich.console import Console
from rich.markup import escape

from crossdock.config import ConfigErrors
from crossdock.errors import ConfigError, CrossdockError, PluginError, SignInAgain, TryLater, Unclear


class Code(IntEnum):
    """Exit codes; documented in the guide, so they do not change."""

    OK = 0
    FAILED = 1
    USAGE = 2
    UNREACHABLE = 3
    STOPPED = 130


def code_of(error: CrossdockError) -> Code:
    """The exit code that `error` leads to."""
    if isinstance(error, ConfigError | PluginError):
        return Code.USAGE
    if isinstance(error, TryLater | SignInAgain | Unclear):
        return Code.UNREACHABLE
    return Code.FAILED


def hint_of(error: CrossdockError) -> str | None:
    """What to do about `error`: its own hint, or the first thing to look at when a system cannot be reached."""
    if isinstance(error, TryLater) and not error.hint:
        return "see whether the system is up, and whether its address in the configuration is right"
    return error.hint


def tell(error: CrossdockError, console: Console) -> Code:
    """Say what went wrong, one line and a hint for each problem, and answer the exit code."""
    problems = error.errors if isinstance(error, ConfigErrors) else (error,)
    for problem in problems:
        say(str(problem), hint_of(problem), console)
    if len(problems) > 1:
        console.print(f"[dim]{len(problems)} problems[/dim]")
    return code_of(error)


def say(sentence: str, hint: str | None, console: Console) -> None:
    """One line that says what went wrong, and one that says what to do."""
    console.print(f"[bold red]error[/bold red] {escape(sentence)}", soft_wrap=True, highlight=False)
    if hint:
        console.print(f"  [cyan]hint[/cyan] {escape(hint)}", soft_wrap=True, highlight=False)
