"""`crossdock init`: a first configuration, by asking or from an example."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import wrap
from typing import Annotated

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import crossdock
from crossdock import discovery
from crossdock.cli.state import State, state_of
from crossdock.config import nearest
from crossdock.config.shapes import is_secret
from crossdock.contract import Plugin
from crossdock.documented import descriptions
from crossdock.errors import ConfigError
from crossdock.flows.options import FLOWS

_EXAMPLES = Path(crossdock.__file__).parent / "examples"

Ask = Callable[[str], str]


def add_to(root: typer.Typer) -> None:
    """Add the command."""
    root.command("init")(init)


def init(
    ctx: typer.Context,
    example: Annotated[str | None, typer.Option("--from", help="Copy an example, such as examples/NAME.")] = None,
    channel: Annotated[str | None, typer.Option(help="Plugin of the channel, where buyers are.")] = None,
    backend: Annotated[str | None, typer.Option(help="Plugin of the backend, where the business is run.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; what is required is left to fill in.")] = False,
) -> None:
    """Write a commented configuration by asking, or from an example."""
    state = state_of(ctx)
    if state.config.exists():
        raise ConfigError("is there already", file=str(state.config), hint="remove it, or name another: --config PATH")
    if example:
        text, source = _example(example)
        state.config.write_text(text)
        typer.echo(f"{state.config} written, as in {source}")
        return
    _write(state, channel, backend, yes)


def _write(state: State, channel: str | None, backend: str | None, yes: bool) -> None:
    names = sorted({plugin.name for plugin in discovery.installed()})
    if yes and not (channel and backend):
        raise ConfigError("with --yes, --channel and --backend must be given", hint=nearest("", names))
    ends = []
    for role, given in (("channel", channel), ("backend", backend)):
        name = given or typer.prompt(f"Plugin of the {role} ({', '.join(names)})")
        ends.append((role, discovery.find(name)))
    ask: Ask | None = None if yes else lambda question: str(typer.prompt(question))
    state.config.write_text("\n".join(_lines(ends, ask)) + "\n")
    typer.echo(f"{state.config} written; now: crossdock check")


def _lines(ends: list[tuple[str, Plugin]], ask: Ask | None) -> Iterator[str]:
    yield "# Configuration of crossdock. Secrets stand outside: env:NAME or file:PATH."
    yield from ("", "[ledger]", 'url = "sqlite:///crossdock.db"')
    for role, plugin in ends:
        yield from ("", f"[connections.{role}]  # {plugin.title}", f'plugin = "{plugin.name}"')
        for key, field in plugin.settings.model_fields.items():
            yield from _comment(plugin.settings, key)
            yield _setting(plugin, key, field, ask)
    yield from ("", "[routes.main]", 'channel = "channel"', 'backend = "backend"')
    for flow, model in FLOWS.items():
        yield from ("", f"{'' if flow == 'orders' else '# '}[routes.main.{flow}]")
        for key in model.model_fields:
            yield from _comment(model, key)
            yield f"# {key} = {_default(model, key)}"


def _setting(plugin: Plugin, key: str, field: FieldInfo, ask: Ask | None) -> str:
    optional = "" if field.is_required() else "# "
    if is_secret(plugin.settings, (key,)):
        return f'{optional}{key} = "env:{plugin.name.upper()}_{key.upper()}"'
    if optional:
        return f"# {key} = {_default(plugin.settings, key)}"
    if ask is None:
        return f"# {key} = …  (required)"
    what = _what(plugin.settings, key)
    answer = ask(f"{key} ({what})" if what else key)
    number = answer.isdecimal() and field.annotation is int
    return f"{key} = {answer if number else json.dumps(answer, ensure_ascii=False)}"


def _default(model: type[BaseModel], key: str) -> str:
    """The default as TOML writes it; JSON's scalars and lists are TOML's."""
    found = model.model_json_schema()["properties"][key].get("default")
    return "…" if found is None else json.dumps(found, ensure_ascii=False)


def _comment(model: type[BaseModel], key: str) -> list[str]:
    """What is documented about a key, above it."""
    return wrap(_what(model, key), 100, initial_indent="#   ", subsequent_indent="#   ")


def _what(model: type[BaseModel], key: str) -> str:
    return " ".join(descriptions(model).get(key, "").split())


def _example(name: str) -> tuple[str, Path]:
    places = [Path(name), Path("examples") / name, _EXAMPLES / name, _EXAMPLES / Path(name).name]
    for place in places:
        file = place / "crossdock.toml" if place.is_dir() else place
        if file.is_file():
            return file.read_text(), file
    known = sorted(path.parent.name for path in _EXAMPLES.glob("*/crossdock.toml"))
    raise ConfigError(f"there is no example {name!r}", hint=nearest(Path(name).name, known))
