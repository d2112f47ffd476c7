"""`crossdock label`: the shipping labels of an order."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from crossdock.cli.output import Json, Output
from crossdock.cli.state import state_of
from crossdock.errors import CrossdockError
from crossdock.flows.orders.plan import StepKind
from crossdock.ledger import StepState
from crossdock.runner import Engine


def add_to(root: typer.Typer) -> None:
    """Add the command."""
    root.command("label")(label)


def label(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help="The order's number on either side.")],
    into: Annotated[Path | None, typer.Option("--into", help="Copy the labels into this folder.")] = None,
    as_json: Json = False,
) -> None:
    """Show where the shipping labels of an order are, or copy them."""
    state = state_of(ctx)
    configuration = state.load()

    async def work() -> list[tuple[str, Path]]:
        async with Engine.open(configuration) as engine:
            return [
                (step.reference, engine.labels.path(step.result))
                for _, pair, _, _ in await engine.explain(order)
                for step in pair.steps.values()
                if step.kind == StepKind.LABEL and step.state is StepState.DONE
            ]

    found = state.run(work())
    if not found:
        hint = "labels are fetched after the parcel is arranged, with labels = true in [routes.ROUTE.orders]"
        raise CrossdockError(f"there is no label of order {order!r}", hint=hint)
    rows = [{"parcel": parcel, "file": str(_copied(path, order, into))} for parcel, path in found]
    Output(as_json).rows(["parcel", "file"], rows, "")


def _copied(path: Path, order: str, into: Path | None) -> Path:
    if into is None:
        return path
    into.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(path, into / f"{order}-{path.name[:8]}{path.suffix}"))
