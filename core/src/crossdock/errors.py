"""Errors, named by what happens next and not by what went wrong. Pure: no I/O.

    CrossdockError
    ├─ ConfigError          refuse to start      names file, line and key, and what is allowed
    ├─ PluginError          refuse to load       names the plugin and its distribution
    ├─ RemoteError          the far side failed  carries connection, verb, status, request_id
    │  ├─ TryLater(after)   again, with backoff  surely not carried out, or harmless to repeat
    │  ├─ SignInAgain       pause the connection expired or revoked; a person is asked once
    │  ├─ Refused(reason)   park the item        they understood, and said no
    │  └─ Unclear           look, then act       sent, but no answer that can be trusted
    └─ CannotTranslate      park the item        our model cannot say what they sent

Plugins raise them; the engine reads the class, and only people read the text. A message is one sentence with what,
where and the value seen; `hint` says what to do next. Neither may hold a secret or a buyer's data.
"""

from collections.abc import Mapping
from typing import Self, TypedDict, Unpack

__all__ = [
    "CannotTranslate",
    "ConfigError",
    "CrossdockError",
    "PluginError",
    "Refused",
    "RemoteContext",
    "RemoteError",
    "SignInAgain",
    "TryLater",
    "Unclear",
]


class CrossdockError(Exception):
    """Everything that crossdock raises on purpose.

    Args:
        message: one sentence for a person.
        hint: what to do next, shown on a line of its own; not part of `str()`.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class ConfigError(CrossdockError):
    """The settings cannot be used: refuse to start.

    Args:
        message: what is wrong, the value seen and what is allowed.
        file: the file that holds the setting, as the person named it.
        line: line in that file, from 1.
        key: dotted name, e.g. `connections.shop-sg.region`.
        hint: the nearest valid name, or where the value comes from.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line
        self.key = key

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return _after_colons(place, self.key, self.message)


class PluginError(CrossdockError):
    """A plugin cannot be used: refuse to load it.

    Args:
        message: what is wrong with it.
        plugin: its name in the config, e.g. `shopee`.
        distribution: what was installed, e.g. `crossdock-shopee 0.1.0`.
        hint: what to do next.
    """

    def __init__(
        self, message: str, *, plugin: str | None = None, distribution: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.plugin = plugin
        self.distribution = distribution

    def __str__(self) -> str:
        source = f" (from {self.distribution})" if self.distribution else ""
        return _after_colons(f"plugin {self.plugin}{source}" if self.plugin else None, self.message)


class RemoteContext(TypedDict, total=False):
    """Where a remote call failed; every key is optional and may be filled in later by `RemoteError.at`."""

    hint: str | None
    connection: str | None
    verb: str | None
    status: int | None
    request_id: str | None


class RemoteError(CrossdockError):
    """The far side failed, or could not be reached. Raise one of the four below, not this.

    Args:
        message: what they said or did, in one sentence.
        context: `connection` and `verb` (names), `status` (HTTP), `request_id` (theirs), `hint`.
    """

    def __init__(self, message: str, **context: Unpack[RemoteContext]) -> None:
        super().__init__(message, hint=context.get("hint"))
        self.connection = context.get("connection")
        self.verb = context.get("verb")
        self.status = context.get("status")
        self.request_id = context.get("request_id")

    def at(self, **context: Unpack[RemoteContext]) -> Self:
        """Fill in what is not known yet and return this error; what was said nearer to the failure stays."""
        for name in ("hint", "connection", "verb", "status", "request_id"):
            if getattr(self, name) is None:
                setattr(self, name, context.get(name))
        return self

    def __str__(self) -> str:
        status = f"HTTP {self.status}" if self.status is not None else None
        request = f"request {self.request_id}" if self.request_id else None
        place = ", ".join(part for part in (self.connection, self.verb, status, request) if part)
        return _after_colons(place, self.message)


class TryLater(RemoteError):
    """Nothing was carried out, or repeating is harmless: try again with backoff.

    Args:
        message: what they said or did, in one sentence.
        after: seconds to wait at least, when they named a time; None leaves it to the engine.
        throttled: they said that we call too often, so the connection's rate is lowered.
        context: see `RemoteError`.
    """

    def __init__(
        self, message: str, *, after: float | None = None, throttled: bool = False, **context: Unpack[RemoteContext]
    ) -> None:
        super().__init__(message, **context)
        self.after = after
        self.throttled = throttled


class SignInAgain(RemoteError):
    """The credentials are expired or revoked: pause the connection and ask a person once."""


class Refused(RemoteError):
    """They understood and said no: park the item, and go on with the others.

    Args:
        reason: their sentence, free of buyers' data.
        code: the vendor's own code, e.g. `logistics.error_status_limit`.
        facts: what a person or the planner may need to know, e.g. which item and which limit.
        context: see `RemoteError`.
    """

    def __init__(
        self,
        reason: str,
        *,
        code: str | None = None,
        facts: Mapping[str, object] | None = None,
        **context: Unpack[RemoteContext],
    ) -> None:
        super().__init__(reason, **context)
        self.reason = reason
        self.code = code
        self.facts: Mapping[str, object] = dict(facts or {})


class Unclear(RemoteError):
    """Sent, and no answer that can be trusted: look whether it was carried out before acting again."""


class CannotTranslate(CrossdockError):
    """Our model cannot say what they sent: park the item.

    Args:
        path: where it stands, as a JSON or XML path, e.g. `order_list[0].total_amount`.
        expected: what should have stood there, e.g. `a decimal number`.
        seen: the value found; leave it out when it may be personal.
        hint: what to do next.
    """

    def __init__(self, path: str, expected: str, *, seen: str | None = None, hint: str | None = None) -> None:
        found = "" if seen is None else f", not {seen!r}"
        super().__init__(f"{path} must be {expected}{found}.", hint=hint)
        self.args = (path, expected)  # so that a copy or a pickle can be made from them
        self.path = path
        self.expected = expected
        self.seen = seen


def _after_colons(*parts: str | None) -> str:
    """Join what is known, the most general first."""
    return ": ".join(part for part in parts if part)
