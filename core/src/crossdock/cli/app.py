"""The command `crossdock`: the options before the command, the groups behind it, and how everything ends."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from crossdock.cli.exits import Code, say, tell
from crossdock.cli.state import State
from crossdock.errors import CrossdockError

app = typer.Typer(
    name="crossdock",
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_GROUPS = {
    "demo": "demo",
    "init": "init",
    "check": "check",
    "plan": "plan",
    "pull": "pull",
    "backfill": "pull",
    "drift": "drift",
    "reconcile": "reconcile",
    "purge": "purge",
    "run": "run",
    "worker": "run",
    "products": "products",
    "status": "status",
    "explain": "status",
    "trace-hooks": "trace",
    "parked": "parked",
    "returns": "returns",
    "label": "label",
    "auth": "auth",
    "api": "api",
    "alerts": "alerts",
    "sandbox": "sandbox",
    "plugins": "plugins",
    "config": "config",
    "db": "database",
}
"""Command to the module that adds it: only the one that is asked for is imported, which halves the start."""
_FIRST = ("--debug",)
_FIRST_WITH_VALUE = ("--config", "-c")


@app.callback(invoke_without_command=True)
def crossdock(
    ctx: typer.Context,
    config_path: Annotated[
        Path, typer.Option("--config", "-c", envvar="CROSSDOCK_CONFIG", help="The configuration: a file or a folder.")
    ] = Path("crossdock.toml"),
    debug: Annotated[bool, typer.Option("--debug", help="Show logs and tracebacks.")] = False,
    show_version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Keep marketplaces and back-office systems in step: orders, shipments, stock and products."""
    ctx.obj = State(config_path, debug)
    if show_version:
        typer.echo(f"crossdock {version('crossdock')}")
    elif ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def run(arguments: Sequence[str]) -> int:
    """Run one command and answer its exit code."""
    options, words = _hoisted(arguments)
    try:
        _add_groups(words)
        code = int(app(options + words, prog_name="crossdock", standalone_mode=False) or Code.OK)
    except (KeyboardInterrupt, CancelledError, typer.Abort):
        code = Code.STOPPED
    except BrokenPipeError:
        return Code.FAILED
    except Exception as error:  # noqa: BLE001 - the last line of defence: one line instead of a traceback
        return _failed(error, arguments)
    if code == Code.STOPPED:
        Console(stderr=True).print("stopped")
    return code


def _add_groups(words: Sequence[str]) -> None:
    """Add the command that the words name, or all of them where help is asked for or no command is named."""
    named = [module for word in words if (module := _GROUPS.get(word))]
    for module in dict.fromkeys(named[:1] or ([] if "--version" in words else _GROUPS.values())):
        if module not in _added:
            _added.add(module)
            import_module(f"crossdock.cli.{module}").add_to(app)


_added: set[str] = set()


def _failed(error: Exception, arguments: Sequence[str]) -> Code:
    """Say in one line what went wrong, and in a second what to do."""
    errors = Console(stderr=True)
    if isinstance(error, typer.TyperException):
        if error.format_message():  # a group without a command shows its help, which is no error
            say(error.format_message().rstrip("."), _usage_hint(arguments), errors)
        return Code.USAGE
    if "--debug" in arguments:
        errors.print_exception()
    if isinstance(error, CrossdockError):
        return tell(error, errors)
    say(f"internal error: {type(error).__name__}: {error}", "run it again with --debug to see where", errors)
    return Code.FAILED


def _hoisted(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """The options of the whole command, which may stand anywhere, and the command with all else."""
    first: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word in _FIRST or word.startswith("--config="):
            first.append(word)
        elif word in _FIRST_WITH_VALUE:
            first += [word, *([value] if (value := next(words, None)) is not None else [])]
        else:
            rest.append(word)
    return first, rest


def _usage_hint(arguments: Sequence[str]) -> str:
    known = [word for word in _hoisted(arguments)[1] if word in _GROUPS]
    return " ".join(["crossdock", *known[:1], "--help"])
