"""Problems of a configuration: all of them are found before any is reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from crossdock.errors import ConfigError


class ConfigErrors(ConfigError):
    """Everything that is wrong with a configuration, in the order of its files.

    Args:
        errors: at least one, each naming its file, line and key.
    """

    def __init__(self, errors: Sequence[ConfigError]) -> None:
        count = f"{len(errors)} problems" if len(errors) > 1 else "1 problem"
        super().__init__("\n".join([f"{count} in the configuration:", *map(str, errors)]))
        self.errors = tuple(errors)


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The hint for a name that does not exist: the nearest that does, else all that do."""
    names = sorted(allowed)
    close = get_close_matches(word.lower(), [name.lower() for name in names], n=1)
    if close:
        return f"did you mean {next(name for name in names if name.lower() == close[0])!r}?"
    return f"allowed: {', '.join(names)}" if names else None
