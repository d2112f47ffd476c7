"""What a settings model says about a key: which keys are beside it, and whether it is a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel, SecretBytes, SecretStr

from crossdock.config.positions import KeyPath
from crossdock.documented import descriptions


def keys_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that are allowed in the table at `path`."""
    models, _ = _walk(model, path)
    return sorted({field.alias or name for found in models for name, field in found.model_fields.items()})


def is_secret(model: type[BaseModel], path: KeyPath) -> bool:
    """Whether the value at `path` is one that nobody may see."""
    models, annotation = _walk(model, path)
    return not models and any(part in (SecretStr, SecretBytes) for part in _parts(annotation))


def described(model: type[BaseModel], path: KeyPath) -> str | None:
    """The first sentence of what is documented about the key at `path`."""
    models, _ = _walk(model, path[:-1])
    found = [text for known in models if path and (text := descriptions(known).get(str(path[-1])))]
    return re.split(r"(?<=[.!?])\s+(?=[A-Z`])", " ".join(found[0].split()))[0] if found else None


def _walk(model: type[BaseModel], path: KeyPath) -> tuple[list[type[BaseModel]], object]:
    """The models that may describe the table at `path`, and the annotation of the field that led there.

    List indices, keys of mappings and tags of unions name no field: what is inside them is already known.
    """
    models: list[type[BaseModel]] = [model]
    annotation: object = model
    for part in path:
        for known in models:
            found = {field.alias or name: field for name, field in known.model_fields.items()}.get(str(part))
            if found is not None:
                annotation = found.annotation
                models = [kind for kind in _parts(annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)]
                break
    return models, annotation


def _parts(annotation: object) -> Iterator[object]:
    yield annotation
    for argument in get_args(annotation):
        yield from _parts(argument)
