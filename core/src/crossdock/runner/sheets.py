"""Excel files: written row by row, read cell by cell as text, so that no code, number or price changes on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crossdock.errors import ConfigError
from crossdock.runner.sheet_guard import check_sheet

_MISSING = "Excel files need two libraries"
_INSTALL = "pip install 'crossdock[excel]'"


class SheetWriter:
    """Writes one sheet; memory stays flat however long it gets.

    Args:
        path: the file, made anew when the writer is closed without an error.
        head: the names of the columns.

    Raises:
        ConfigError: the library is not installed.
    """

    def __init__(self, path: Path, head: Sequence[str]) -> None:
        try:
            from openpyxl import Workbook  # type: ignore[import-untyped]
            from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
            from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # type: ignore[import-untyped]
        except ImportError:
            raise ConfigError(_MISSING, hint=_INSTALL) from None
        self._path = path
        self._made: Any = WriteOnlyCell
        self._illegal: Any = ILLEGAL_CHARACTERS_RE
        self._book: Any = Workbook(write_only=True)
        self._sheet: Any = self._book.create_sheet("products")
        self._sheet.freeze_panes = "A2"
        self._sheet.append(list(head))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            return
        try:
            self._book.save(self._path)
        except OSError as problem:
            raise ConfigError(f"{self._path} cannot be written: {problem.strerror}") from None

    def write(self, row: Iterable[str]) -> None:
        """Add a row of texts."""
        self._sheet.append([self._cell(self._illegal.sub("", text)) for text in row])

    def _cell(self, text: str) -> Any:
        """Text is never taken for a formula."""
        if not text.startswith("="):
            return text
        cell = self._made(self._sheet, value=text)
        cell.data_type = "s"
        return cell


def read_rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of the first sheet by the names in its first row, each with its number in the file.

    Raises:
        ConfigError: it is no such file, it is a bomb, or a column is missing.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise ConfigError(_MISSING, hint=_INSTALL) from None
    check_sheet(path)
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    except (CalamineError, OSError) as error:
        raise ConfigError(f"{path} cannot be read as an Excel file: {error}") from None
    head: list[str] = []
    start = (sheet.start or (0, 0))[0]
    for number, cells in enumerate(sheet.iter_rows(), start=start + 1):
        texts = [_text(cell) for cell in cells]
        if not head:
            head = [text.strip().lower().replace(" ", "_") for text in texts]
            _check_head(path, head, needed)
        elif any(texts):
            yield number, {name: text for name, text in zip(head, texts, strict=False) if name}


def _check_head(path: Path, head: Sequence[str], needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in head]
    if missing:
        seen = ", ".join(filter(None, head)) or "nothing"
        hint = "start from a file that crossdock products export made"
        raise ConfigError(f"{path}: the first row has no column {', '.join(missing)}; it has {seen}", hint=hint)


def _text(cell: object) -> str:
    """A cell as text; Excel keeps every number as a fraction, codes among them."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell).strip()
