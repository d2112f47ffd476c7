"""Looks an Excel file over before it is opened: a small file may unpack to gigabytes, or claim a billion cells."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from crossdock.errors import ConfigError

__all__ = ["MOST_BYTES", "MOST_CELLS", "check_sheet"]

MOST_BYTES = 512 * 2**20
"""Unpacked; a hundred thousand rows of twenty columns unpack to some 100 MB."""
MOST_CELLS = 20_000_000
"""Rows times columns up to the farthest cell: each takes memory when it is read, empty or not."""

_PIECE = 2**20
_OVERLAP = 256
_FAR = re.compile(rb"<(?:\w+:)?(?:c|row)\s[^<>]{0,200}?\br\s*=\s*[\"']([A-Za-z]{0,3})([0-9]{1,9})[\"']")
_BOOK = "xl/workbook.xml"


def check_sheet(path: Path, most_bytes: int = MOST_BYTES) -> None:
    """Refuse what would fill the memory, before anything of it is kept.

    Args:
        path: the file.
        most_bytes: what it may unpack to.

    Raises:
        ConfigError: it is no .xlsx file, or unpacks to more than any sheet of products.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            known = path.suffix.lower() in (".xlsx", ".xlsm") and _BOOK in archive.namelist()
            _measure(path, archive, most_bytes)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read as an Excel file: {error.strerror or error}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read as an Excel file: {error}") from None
    if not known:
        raise ConfigError(f"{path} cannot be read as an Excel file: it is no .xlsx workbook")


def _measure(path: Path, archive: zipfile.ZipFile, most_bytes: int) -> None:
    left, rows, columns = most_bytes, 0, 0
    for member in archive.infolist():
        member.file_size = 2**62  # what it says of itself is no proof: unpack to its end, and count
        with archive.open(member) as unpacked:
            before = b""
            while piece := unpacked.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise _too_large(path, f"it unpacks to more than {most_bytes} bytes")
                for letters, number in _FAR.findall(before + piece):
                    rows, columns = max(rows, int(number)), max(columns, _column(letters))
                before = piece[-_OVERLAP:]
    if rows * columns > MOST_CELLS:
        raise _too_large(path, f"its last cell is in row {rows}, column {columns}")


def _column(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27; no letters is the first."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number or 1


def _too_large(path: Path, why: str) -> ConfigError:
    hint = "start from a file that crossdock products export made, and delete rows and columns beyond the last product"
    return ConfigError(f"{path} is no sheet of products: {why}", hint=hint)
