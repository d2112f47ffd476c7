"""`crossdock purge`: personal data that is no longer needed."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from crossdock.cli.api import whoever
from crossdock.cli.output import Json, Output
from crossdock.cli.state import state_of
from crossdock.errors import ConfigError
from crossdock.flows.options import Duration
from crossdock.ledger import Purged
from crossdock.runner import Engine

_DURATION: TypeAdapter[timedelta] = TypeAdapter(Duration)


def add_to(root: typer.Typer) -> None:
    """Add the command."""
    root.command("purge")(purge)


def purge(
    ctx: typer.Context,
    older_than: Annotated[
        str | None, typer.Option(help="Of orders that last changed so long ago, such as 180d; else as configured.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Only of this order, whenever it changed. Repeatable.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    as_json: Json = False,
) -> None:
    """Blank what is known of buyers, and keep the facts about their orders. This cannot be undone."""
    state = state_of(ctx)
    configuration = state.load_what_works()
    age = timedelta() if only and older_than is None else _age(older_than, configuration.retention.personal_data)

    async def work() -> Purged:
        async with Engine.open(configuration) as engine:
            if not dry_run:
                target = " ".join(only or []) or f"older than {age.days} days"
                await engine.ledger.access.note(whoever(), "purge", target)
            return await engine.purge(age, only or [], really=not dry_run)

    found = state.run(work())
    output = Output(as_json)
    output.data({"orders": found.orders, "received": found.received, "labels": found.labels, "dry_run": dry_run})
    verb = "would be blanked" if dry_run else "blanked"
    output.show(f"{found.orders} snapshots of orders and {found.received} parked items {verb}, {found.labels} labels")


def _age(given: str | None, configured: timedelta | None) -> timedelta:
    try:
        age = _DURATION.validate_python(given) if given is not None else configured
    except ValidationError:
        raise ConfigError(f"{given!r} is no duration", hint="a whole number and a unit, such as 180d") from None
    if age is None:
        raise ConfigError(
            "how old?",
            key="retention.personal_data",
            hint='give --older-than 180d, --only ORDER, or add [retention] personal_data = "180d"',
        )
    return age
