"""What a pure function makes of examples, as a page: all that it made, or the error that it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import msgspec
from pydantic import BaseModel

from crossdock.errors import CrossdockError

_RUN = re.compile(r"(\w)\1{19,}")
"""A letter that is there so often that only its count matters."""


def page(examples: Mapping[str, Callable[[], object]]) -> str:
    """Each example by its name, with what was made of it."""
    return "\n\n".join(f"# {name}\n{shown(make)}" for name, make in examples.items()) + "\n"


def shown(make: Callable[[], object]) -> str:
    """What was made, without what is as always; or why nothing was."""
    try:
        return "\n".join(_lines(plain(make())))
    except CrossdockError as error:
        facts = {
            "path": getattr(error, "path", ""),
            "code": getattr(error, "code", ""),
            "after": getattr(error, "after", None),
        }
        facts |= {"facts": getattr(error, "facts", {}), "hint": error.hint}
        said = "".join(f"\n  {name}: {value}" for name, value in facts.items() if value)
        return f"{type(error).__name__}: {error}{said}"


def _lines(found: object) -> Iterator[str]:
    """A line for each field, and for each entry of a list."""
    if not isinstance(found, dict):
        found = {"made": found}
    for name, value in found.items():
        if isinstance(value, list) and len(value) > 1:
            yield f"{name}:"
            yield from (f"  - {_text(one)}" for one in value)
        else:
            yield f"{name}: {_text(value)}"


def _text(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _RUN.sub(lambda run: f"{run[1]}*{len(run[0])}", text)


def plain(found: Any) -> Any:
    """What was made, as JSON has it, without what is as always."""
    if isinstance(found, BaseModel):
        return found.model_dump(mode="json", exclude_defaults=True)
    if isinstance(found, msgspec.Struct):
        return {"": type(found).__name__} | msgspec.to_builtins(found)
    if is_dataclass(found) and not isinstance(found, type):
        found = {
            field.name: value for field in fields(found) if (value := getattr(found, field.name)) not in (None, "")
        }
    if isinstance(found, Mapping):
        return {str(key): plain(value) for key, value in found.items()}
    if isinstance(found, Sequence) and not isinstance(found, str | bytes):
        return [plain(one) for one in found]
    return found
