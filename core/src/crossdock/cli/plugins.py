"""`crossdock plugins`: what is installed, and what it can do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossdock import discovery, scaffold
from crossdock.cli import conformance
from crossdock.cli.output import Json, Output, table
from crossdock.cli.sandbox.desk import default_port
from crossdock.contract import Plugin, verbs_of
from crossdock.documented import descriptions
from crossdock.errors import PluginError
from crossdock.scaffold import Kind

app = typer.Typer(help="Installed plugins, and what they can do.", no_args_is_help=True)


app.command("test")(conformance.put_through)
app.command("rule")(conformance.show_rules)


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="plugins")


@app.command("list")
def show_list(as_json: Json = False) -> None:
    """List the installed plugins, without importing any."""
    rows = [
        {"plugin": found.name, "distribution": found.distribution, "offered_by": found.target}
        for found in discovery.installed()
    ]
    none = "No plugin is installed; install one, such as crossdock-shopee."
    Output(as_json).rows(["plugin", "distribution", "offered_by"], rows, none)


@app.command()
def show(name: Annotated[str, typer.Argument(help="The plugin's name.")], as_json: Json = False) -> None:
    """Show what one plugin can do, what it cannot, and how it is configured."""
    plugin = discovery.find(name)
    output = Output(as_json)
    described = descriptions(plugin.settings)
    settings = [
        {"key": key, "required": field.is_required(), "what": described.get(key, "").split("\n")[0]}
        for key, field in plugin.settings.model_fields.items()
    ]
    verbs = sorted(verbs_of(plugin.connection)) if plugin.connection else []
    output.data({**_facts(plugin), "can": verbs, "cannot": plugin.cannot, "settings": settings})
    output.show(
        table(["plugin", ""], list(_facts(plugin).items())),
        "",
        table(["can"], [[verb] for verb in verbs]),
        "",
        table(["cannot", "because"], list(plugin.cannot.items())),
        "",
        table(["setting", "required", "what"], [[row["key"], row["required"], row["what"]] for row in settings]),
    )


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The plugin's name, as config files will say it: acme_market.")],
    kind: Annotated[Kind, typer.Option(help="What it is.")],
    title: Annotated[str | None, typer.Option(help="As people say it; made from the name unless given.")] = None,
    to: Annotated[Path | None, typer.Option(help="The folder; crossdock-NAME unless given.", file_okay=False)] = None,
    as_json: Json = False,
) -> None:
    """Write a new plugin: a distribution of its own that installs, runs and passes its tests as it stands."""
    taken = discovery.distribution_of(name)
    if taken:
        raise PluginError(f"{taken} offers a plugin of this name", plugin=name, hint="choose another name")
    folder = to or Path(f"crossdock-{name.replace('_', '-')}")
    files = scaffold.write(name, kind, title or name.replace("_", " ").title(), default_port(name), folder)
    output = Output(as_json)
    output.data({"plugin": name, "kind": kind.value, "folder": str(folder), "files": [str(file) for file in files]})
    output.lines(f"{folder}: {len(files)} files", f"next: pip install -e '{folder}[dev]', then read {folder}/README.md")


def _facts(plugin: Plugin) -> dict[str, object]:
    return {
        "name": plugin.name,
        "title": plugin.title,
        "contract": plugin.contract,
        "connects": plugin.connect is not None,
        "extends": plugin.extension is not None,
        "sandbox": plugin.sandbox is not None,
        "requests_per_second": plugin.requests_per_second,
    }
