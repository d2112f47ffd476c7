"""The files of a configuration, read and merged, with the place of every key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from crossdock.config.positions import KeyPath, Positions
from crossdock.config.problems import nearest
from crossdock.errors import ConfigError

SECTIONS = ("connections", "routes", "extensions")
"""Tables of named tables."""
ALONE = ("ledger", "runner", "alerts", "retention")
"""Tables without names."""
PLAIN_SECRETS = "allow_plain_secrets"


@dataclass(frozen=True)
class SourceFile:
    """One TOML file.

    Attributes:
        path: as the person named it.
        tables: its content; numbers with a point are Decimal.
        positions: the line of every key.
    """

    path: Path
    tables: Mapping[str, Any]
    positions: Positions

    @property
    def plain_secrets(self) -> bool:
        """Whether secrets may stand in it as they are: for test credentials that are public anyway."""
        return self.tables.get(PLAIN_SECRETS) is True


@dataclass
class Source:
    """All files of a configuration as one.

    Attributes:
        path: the file or folder that was asked for.
        tables: path of a table, such as ``("connections", "shop-sg")``, to its content.
        problems: what is wrong; whoever reads a table adds to it.
        unusable: tables of connections and extensions whose plugin cannot be used, and why.
    """

    path: Path
    tables: dict[KeyPath, Mapping[str, Any]] = field(default_factory=dict)
    problems: list[ConfigError] = field(default_factory=list)
    unusable: dict[KeyPath, ConfigError] = field(default_factory=dict)
    _owners: dict[KeyPath, SourceFile] = field(default_factory=dict)

    def add(self, file: SourceFile) -> None:
        """Take the tables of `file` in; a table belongs to one file only."""
        for section, content in file.tables.items():
            if section == PLAIN_SECRETS:
                self._check_flag(file, content)
            elif section in ALONE:
                self._take(file, (section,), content)
            elif section in SECTIONS:
                self._take_named(file, section, content)
            else:
                hint = nearest(section, (*ALONE, *SECTIONS, PLAIN_SECRETS))
                self._report(file, (section,), "there is no such table or key", hint)

    def named(self, section: str) -> dict[str, Mapping[str, Any]]:
        """The tables of `section` by name, in the order of the files."""
        return {str(path[1]): table for path, table in self.tables.items() if path[0] == section and len(path) == 2}

    def owner(self, table: KeyPath) -> SourceFile:
        """The file that holds `table`."""
        return self._owners[table]

    def report(self, path: KeyPath, message: str, hint: str | None = None) -> None:
        """Add a problem of the key at `path`."""
        self._report(self._file_of(path), path, message, hint)

    def set_aside(self, table: KeyPath, message: str, hint: str | None = None) -> None:
        """The plugin that `table` names cannot be used: what needs it cannot run."""
        path = (*table, "plugin")
        self.unusable[table] = self._problem(self._file_of(path), path, message, hint)

    def place(self, path: KeyPath) -> str:
        """File and line of `path`, as in ``crossdock.toml:12``."""
        file = self._file_of(path)
        line = file.positions.line(path) if file else None
        return f"{file.path}:{line}" if file and line else str(file.path if file else self.path)

    def _file_of(self, path: KeyPath) -> SourceFile | None:
        return self._owners.get(path[:2]) or self._owners.get(path[:1])

    def _report(self, file: SourceFile | None, path: KeyPath, message: str, hint: str | None = None) -> None:
        self.problems.append(self._problem(file, path, message, hint))

    def _problem(self, file: SourceFile | None, path: KeyPath, message: str, hint: str | None) -> ConfigError:
        name, line = str(file.path if file else self.path), file.positions.line(path) if file else None
        return ConfigError(message, file=name, line=line, key=dotted(path), hint=hint)

    def _check_flag(self, file: SourceFile, content: object) -> None:
        if not isinstance(content, bool):
            self._report(file, (PLAIN_SECRETS,), f"must be true or false, not {content!r}")

    def _take_named(self, file: SourceFile, section: str, content: object) -> None:
        if not isinstance(content, Mapping):
            self._report(file, (section,), f"must be tables, as in [{section}.NAME], not {content!r}")
            return
        for name, table in content.items():
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", name):
                message = "a name is made of letters, digits, '-', '_' and '.', and starts with a letter or digit"
                self._report(file, (section, name), message)
            self._take(file, (section, name), table)

    def _take(self, file: SourceFile, path: KeyPath, table: object) -> None:
        if not isinstance(table, Mapping):
            self._report(file, path, f"must be a table, as in [{dotted(path)}], not {table!r}")
        elif path in self._owners:
            message = f"the same table is also in {self.place(path)}"
            self._report(file, path, message, "keep one of the two")
        else:
            self.tables[path] = table
            self._owners[path] = file


def read(path: Path) -> Source:
    """Read the file `path`, or every ``*.toml`` of the folder `path` in the order of their names.

    Raises:
        ConfigError: nothing is there to be read.
    """
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise ConfigError("there is no *.toml file in this folder", file=str(path), hint="write one: crossdock init")
    source = Source(path)
    for file in files:
        try:
            source.add(_read_file(file))
        except ConfigError as error:
            source.problems.append(error)
    return source


def dotted(path: KeyPath) -> str:
    """`path` as a person writes it: ``routes.sg.extensions[0]``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _read_file(path: Path) -> SourceFile:
    try:
        text = path.read_bytes().decode()
        return SourceFile(path, tomllib.loads(text, parse_float=Decimal), Positions(text))
    except FileNotFoundError:
        hint = "write one with `crossdock init`, or name another: crossdock --config PATH, or CROSSDOCK_CONFIG"
        raise ConfigError("there is no such file", file=str(path), hint=hint) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=str(path)) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"byte {error.start} is no UTF-8 text", file=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        sentence, _, place = str(error).partition(" (at ")
        line = re.match(r"line (\d+)", place)
        message = f"this is no TOML: {sentence[:1].lower()}{sentence[1:]}"
        raise ConfigError(message, file=str(path), line=int(line[1]) if line else _last_line(text)) from error


def _last_line(text: str) -> int:
    return max(1, len(text.splitlines()))
