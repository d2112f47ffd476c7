"""Between their JSON and our records, by the tables of a profile. Pure.

Money becomes a Decimal from its text, never through a float. Null and left out are the same; an unknown key is passed
over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec
from msgspec import UNSET, Struct

from crossdock.errors import CannotTranslate
from crossdock_anchanto_oms.profile.shape import Profile

__all__ = ["Codec", "at", "decoded"]

R = TypeVar("R", bound=Struct)


def decoded(body: bytes) -> Any:
    """Their JSON, with numbers kept exact. Half a character, which JSON can write and nobody can store, becomes ``?``.

    Raises:
        ValueError: it is none, or nested deeper than anything that means something.
    """
    try:
        found = json.loads(body, parse_float=Decimal)
        return _whole_characters(found) if b"\\ud" in body.lower() else found
    except RecursionError:
        raise ValueError("nested too deep") from None


def _whole_characters(raw: Any) -> Any:
    if isinstance(raw, str):
        return raw.encode(errors="replace").decode()
    if isinstance(raw, dict):
        return {_whole_characters(name): _whole_characters(value) for name, value in raw.items()}
    return [_whole_characters(one) for one in raw] if isinstance(raw, list) else raw


def at(raw: Any, pointer: str) -> Any:
    """What stands at `pointer`, such as ``error.code``; None where there is nothing."""
    for name in pointer.split("."):
        raw = raw.get(name) if isinstance(raw, Mapping) else None
    return raw


@dataclass(frozen=True, slots=True)
class _Field:
    ours: str
    inner: type[Struct] | None


@lru_cache(maxsize=128)
def _fields(kind: type[Struct]) -> tuple[_Field, ...]:
    return tuple(_Field(name, _inner(hint)) for name, hint in get_type_hints(kind).items())


def _inner(hint: Any) -> type[Struct] | None:
    """The record inside of an annotation such as ``tuple[OmsLine, ...]`` or ``Person | None``."""
    for part in (hint, *get_args(hint)):
        if isinstance(part, type) and issubclass(part, Struct):
            return part
    return None


class Codec:
    """Reads and writes records as one profile says."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._heard = {
            place: {theirs: ours for ours, theirs in profile.words[table].items()}
            for place, table in profile.spoken.items()
        }

    def read(self, kind: type[R], raw: Any) -> R:
        """Make a record of their object.

        Raises:
            CannotTranslate: something is missing or of another type; the place is named in their words.
        """
        try:
            return msgspec.convert(self._ours(kind, raw), kind)
        except msgspec.ValidationError as error:
            why, _, place = str(error).partition(" - at ")
            raise CannotTranslate(f"{kind.__name__} {place or '`$`'}", f"as the profile says ({why})") from None

    def write(self, record: Struct) -> dict[str, Any]:
        """Make their object of a record; empty texts and what is unset are left out."""
        kind = type(record)
        names = self._profile.records[kind.__name__]
        raw: dict[str, Any] = {}
        for field in _fields(kind):
            value = getattr(record, field.ours)
            if value is not UNSET and value != "":
                _put(raw, names[field.ours], self._theirs(f"{kind.__name__}.{field.ours}", value))
        return raw

    def word(self, table: str, ours: str) -> str:
        """Their word for one of ours."""
        return self._profile.words[table].get(ours, ours)

    def _ours(self, kind: type[Struct], raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        names, found = self._profile.records[kind.__name__], {}
        for field in _fields(kind):
            value = at(raw, names[field.ours])
            if value is None:
                continue
            heard = self._heard.get(f"{kind.__name__}.{field.ours}")
            if heard is not None and isinstance(value, str):
                value = heard.get(value, value)
            found[field.ours] = self._nested(field.inner, value)
        return found

    def _nested(self, inner: type[Struct] | None, value: Any) -> Any:
        if inner is None:
            return value
        return [self._ours(inner, one) for one in value] if isinstance(value, list) else self._ours(inner, value)

    def _theirs(self, place: str, value: Any) -> Any:
        if isinstance(value, Struct):
            return self.write(value)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._theirs(place, one) for one in value]
        table = self._profile.spoken.get(place)
        if table is not None and isinstance(value, str):
            return self.word(table, value)
        return f"{value:f}" if isinstance(value, Decimal) else msgspec.to_builtins(value)


def _put(raw: dict[str, Any], pointer: str, value: Any) -> None:
    *path, last = pointer.split(".")
    for name in path:
        raw = raw.setdefault(name, {})
    raw[last] = value
