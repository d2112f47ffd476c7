"""`crossdock label`: the shipping labels of an order."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from crossdock.cli.output import Json, Output
from crossdock.cli.state import state_of
from crossdock.errors import ConfigError, CrossdockError
from crossdock.flows.orders.plan import StepKind
from crossdock.ledger import StepState
from crossdock.runner import Engine


def add_to(root: typer.Typer) -> None:
    """Add the command."""
    root.command("label")(label)


def label(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help="The order's number on either side.")],
    out: Annotated[
        Path | None, typer.Option(help="Write it to this file; of several parcels, each to a file named after it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show where the shipping labels of an order are, or write them to a file."""
    state = state_of(ctx)
    configuration = state.load_what_works()

    async def work() -> dict[str, Path]:
        async with Engine.open(configuration) as engine:
            return {
                step.reference.partition(":")[0]: engine.labels.path(step.result)
                for _, pair, _, _ in await engine.explain(order)
                for step in pair.steps.values()
                if step.kind == StepKind.LABEL and step.state is StepState.DONE
            }

    kept = state.run(work())
    if not kept:
        hint = (
            "labels are fetched after the parcel is arranged, with labels = true in [routes.ROUTE.orders]; "
            f"how far it is: crossdock explain {order}"
        )
        raise CrossdockError(f"there is no label of order {order!r}", hint=hint)
    files = kept if out is None else _written(kept, out)
    rows = [{"parcel": parcel, "file": str(file)} for parcel, file in files.items()]
    Output(as_json).rows(["parcel", "file"], rows, "")


def _written(kept: Mapping[str, Path], out: Path) -> dict[str, Path]:
    """One label to `out` itself; of several, each beside it with its parcel's number in the name."""
    alone = len(kept) == 1
    files = {parcel: out if alone else out.with_stem(f"{out.stem}-{parcel}") for parcel in kept}
    try:
        for parcel, file in files.items():
            shutil.copyfile(kept[parcel], file)
    except OSError as error:
        raise ConfigError(f"the label cannot be written: {error.strerror}", file=str(out)) from error
    return files
