"""Values that stand outside the file: ``env:NAME`` and ``file:PATH``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from crossdock.config.positions import KeyPath

Report = Callable[[KeyPath, str, str | None], None]


class Secrets:
    """Puts the values in for one table.

    Args:
        folder: where the config file is; relative paths start there.
        environment: the variables of the process.
        plain: secrets may stand in the file as they are.
        is_secret: whether the value at a path of the table is one.
        report: takes path, message and hint of what is wrong.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        plain: bool,
        is_secret: Callable[[KeyPath], bool],
        report: Report,
    ) -> None:
        self.folder = folder
        self.environment = environment
        self.plain = plain
        self.is_secret = is_secret
        self.report = report
        self.hidden: set[KeyPath] = set()
        """Paths whose values came from outside: never to be shown."""
        self.failed: set[KeyPath] = set()
        """Paths that were reported."""

    def put_in(self, value: Any, path: KeyPath = ()) -> Any:
        """`value` with everything that stands outside put in."""
        if isinstance(value, Mapping):
            return {key: self.put_in(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.put_in(inner, (*path, index)) for index, inner in enumerate(value)]
        if not isinstance(value, str):
            return value
        kind, colon, name = value.partition(":")
        if colon and kind in ("env", "file"):
            self.hidden.add(path)
            return self._variable(path, name) if kind == "env" else self._content(path, name)
        if self.is_secret(path) and not self.plain:
            hint = 'write "env:NAME" or "file:PATH"; public test credentials: allow_plain_secrets = true at the top'
            self._fail(path, "a secret may not stand in the file", hint)
        return value

    def _variable(self, path: KeyPath, name: str) -> str:
        if not self.environment.get(name):
            state = "is empty" if name in self.environment else "is not set"
            self._fail(path, f"the environment variable {name} {state}", f"set it: export {name}=…")
        return self.environment.get(name, "")

    def _content(self, path: KeyPath, name: str) -> str:
        file = self.folder / name
        try:
            return file.read_text().strip()
        except OSError as error:
            self._fail(
                path, f"the file {file} cannot be read: {error.strerror}", "create it, readable by this user only"
            )
        except UnicodeDecodeError:
            self._fail(path, f"the file {file} is no UTF-8 text", None)
        return ""

    def _fail(self, path: KeyPath, message: str, hint: str | None) -> None:
        self.failed.add(path)
        self.report(path, message, hint)
