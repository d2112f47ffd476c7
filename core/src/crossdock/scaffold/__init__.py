"""The scaffold: a new plugin's distribution, written from the templates that are shipped beside this file.

Copier renders them; it is an optional extra, since only plugin authors need it. Writing files is the only I/O.
"""

from __future__ import annotations

import keyword
import re
from enum import StrEnum
from pathlib import Path

from crossdock.errors import ConfigError

__all__ = ["Kind", "write"]

_TEMPLATE = Path(__file__).parent / "template"
_LONGEST_NAME = 24  # so that lines of the templates stay within their limit whatever the name


class Kind(StrEnum):
    """What a new plugin is."""

    CHANNEL = "channel"
    BACKEND = "backend"
    EXTENSION = "extension"


_PARTS = {
    Kind.CHANNEL: ("shared", "system", "channel"),
    Kind.BACKEND: ("shared", "system", "backend"),
    Kind.EXTENSION: ("shared", "extension"),
}
"""Folders of the template that make up each kind."""


def write(name: str, kind: Kind, title: str, port: int, folder: Path) -> list[Path]:
    """Write the distribution of a new plugin, and answer its files.

    Args:
        name: as config files will say it.
        kind: what it is.
        title: as people say it.
        port: where its sandbox is served unless told otherwise.
        folder: where to; must be empty or not there.

    Raises:
        ConfigError: the name or the title cannot be used, the folder is in use, or Copier is not installed.
    """
    _check_name(name)
    if not title.strip() or not re.fullmatch(r"[\w .&+-]{1,30}", title):
        raise ConfigError(f"the title {title!r} is not 1 to 30 letters, digits, spaces or one of .&+-", key="--title")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} is in use", hint="name another folder with --to, or empty this one")
    for part in _PARTS[kind]:
        _copy(folder, {"part": part, "name": name, "title": title, "kind": kind.value, "port": port})
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or len(name) > _LONGEST_NAME or keyword.iskeyword(name):
        suggestion = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:_LONGEST_NAME].strip("_")
        usable = re.match("[a-z]", suggestion) and not keyword.iskeyword(suggestion)
        raise ConfigError(
            f"a plugin cannot be called {name!r}: lower-case letters, digits and single '_', at most {_LONGEST_NAME},"
            " starting with a letter",
            key="NAME",
            hint=f"such as {suggestion if usable else 'acme_market'}",
        )


def _copy(folder: Path, answers: dict[str, object]) -> None:
    try:
        from copier import run_copy
    except ImportError:
        raise ConfigError("the scaffold needs Copier", hint="pip install 'crossdock[authors]'") from None
    try:
        run_copy(str(_TEMPLATE), folder, data=answers, defaults=True, quiet=True, overwrite=False)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written: {error.strerror}", key="--to") from None
