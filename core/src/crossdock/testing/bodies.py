"""Changing one record in the body of an answer, so that a stage can spoil what the system says. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["with_field"]


def with_field(body: bytes, key: str, field: str, value: object) -> bytes:
    """A JSON body in which the object that holds `key` as a value has `value` under `field`.

    Args:
        body: of an answer; one that is not JSON, or knows neither `key` nor `field` there, stays as it is.
        key: such as an order's number, standing directly in its object.
        field: which of the object's own fields is replaced.
        value: what stands there instead.
    """
    if key.encode() not in body:
        return body
    try:
        answer = json.loads(body, parse_float=_Literal, parse_int=_Literal)
    except ValueError:
        return body
    for found in _objects(answer):
        if field in found and any(str(item) == key for item in found.values() if isinstance(item, str)):
            found[field] = value
    return _written(answer).encode()


class _Literal(str):
    """A number as it was written; it is written like that again."""

    __slots__ = ()


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for part in list(parts):
        yield from _objects(part)


def _written(value: Any) -> str:
    if isinstance(value, _Literal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{_written(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value)
