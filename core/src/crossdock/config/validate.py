"""One table against one model: every problem becomes a sentence with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crossdock.config.positions import KeyPath
from crossdock.config.problems import nearest
from crossdock.config.secrets import Secrets
from crossdock.config.shapes import described, is_secret, keys_at
from crossdock.config.source import Source

M = TypeVar("M", bound=BaseModel)


class Tables:
    """Reads the tables of `source`, and reports to it what is wrong.

    Args:
        source: the files.
        environment: the variables of the process, for ``env:NAME``.
    """

    def __init__(self, source: Source, environment: Mapping[str, str]) -> None:
        self.source = source
        self.environment = environment

    def read(self, model: type[M], path: KeyPath, table: Any, also: tuple[str, ...] = ()) -> M | None:
        """`table`, which stands at `path`, as `model`; None when it was reported.

        Args:
            model: what the table must be.
            path: where the table stands.
            table: its content.
            also: further keys that the same table may have, for the hints.
        """
        owner = self.source.owner(path[:2] if path[:2] in self.source.tables else path[:1])
        secrets = Secrets(
            owner.path.parent,
            self.environment,
            plain=owner.plain_secrets,
            is_secret=lambda inner: is_secret(model, inner),
            report=lambda inner, message, hint: self.source.report((*path, *inner), message, hint),
        )
        given = secrets.put_in(table)
        try:
            found = model.model_validate(given)
        except ValidationError as error:
            self._report_all(error, model, path, secrets, also)
            return None
        return None if secrets.failed else found

    def _report_all(
        self, error: ValidationError, model: type[BaseModel], path: KeyPath, secrets: Secrets, also: tuple[str, ...]
    ) -> None:
        for detail in error.errors(include_url=False):
            place = detail["loc"]
            if place in secrets.failed or (not place and secrets.failed):
                continue  # said already
            hide = not place or is_secret(model, place) or place in secrets.hidden
            message, hint = _sentence(detail, model, hide=hide, also=also)
            self.source.report((*path, *place), message, hint)


def _sentence(
    detail: ErrorDetails, model: type[BaseModel], *, hide: bool, also: tuple[str, ...]
) -> tuple[str, str | None]:
    place = detail["loc"]
    if detail["type"] == "extra_forbidden":
        allowed = [*keys_at(model, place[:-1]), *(also if len(place) == 1 else ())]
        return "there is no such key", nearest(str(place[-1]), allowed)
    if detail["type"] == "missing":
        return "is missing", described(model, place)
    message = _length(detail) or detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be", 1)
    seen = detail["input"]
    if hide or isinstance(seen, Mapping | list):
        return message, described(model, place)
    unsaid = "" if isinstance(seen, str) and repr(seen) in message else f", not {_shown(seen)}"
    return message + unsaid, _close(detail, seen) or described(model, place)


def _length(detail: ErrorDetails) -> str | None:
    """How long a secret has to be: pydantic counts its characters as items."""
    context = detail.get("ctx", {})
    if detail["type"] != "too_short" or isinstance(detail["input"], list | Mapping):
        return None
    return f"has {context.get('actual_length')} characters, and needs at least {context.get('min_length')}"


def _shown(seen: object) -> str:
    """A value as it is written in the file; who signs in at an address is left out."""
    if isinstance(seen, bool):
        return str(seen).lower()
    return repr(re.sub(r"://[^/]*@", "://…@", seen)) if isinstance(seen, str) else str(seen)


def _close(detail: ErrorDetails, seen: object) -> str | None:
    """The nearest of a few allowed words, as pydantic lists them."""
    words = str(detail.get("ctx", {}).get("expected", "")).replace(" or ", ", ").split(", ")
    close = get_close_matches(str(seen).lower(), [word.strip("'").lower() for word in words], n=1)
    return f"did you mean {next(w for w in words if w.strip(chr(39)).lower() == close[0])}?" if close else None
