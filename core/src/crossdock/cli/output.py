"""What a command shows: tables for people, one JSON document for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


class Output:
    """Prints to standard output in one of the two ways.

    Args:
        as_json: for machines.
    """

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self.console = Console(soft_wrap=False)

    def data(self, data: object) -> None:
        """Print `data` when the output is for machines."""
        if self.as_json:
            sys.stdout.write(json.dumps(data, default=_plain, indent=2, ensure_ascii=False) + "\n")
            sys.stdout.flush()

    def show(self, *parts: RenderableType) -> None:
        """Print `parts` when the output is for people."""
        if not self.as_json:
            for part in parts:
                self.console.print(part, highlight=False)

    def lines(self, *lines: str) -> None:
        """Print `lines` as they are, however long, when the output is for people."""
        if not self.as_json:
            for line in lines:
                self.console.print(line, soft_wrap=True, highlight=False, markup=False)

    def rows(self, columns: Sequence[str], rows: Sequence[Mapping[str, object]], none: str) -> None:
        """Print `rows` as a table or as a JSON list; `none` is the sentence for people when there are none."""
        if self.as_json:
            self.data(rows)
        elif not rows:
            self.show(none)
        else:
            self.show(table(columns, [[row.get(column) for column in columns] for row in rows]))


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str | None = None) -> Table:
    """A plain table; the column names are the keys that ``--json`` prints."""
    found = Table(
        title=title, title_justify="left", box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0)
    )
    for column in columns:
        words = column.split("_")
        found.add_column(" ".join(words), overflow="fold", min_width=max(map(len, words)))
    for row in rows:
        found.add_row(*(cell if isinstance(cell, Table) else escape(text(cell)) for cell in row))
    return found


def text(value: object) -> str:
    """A cell for people."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(item) for item in value)
    return str(value)


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)
