"""Tables of the configuration that describe their keys: the string below a field is its description.

Finding the strings means parsing the source, so it waits until somebody asks: a schema, a template, an error.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import BaseModel, GetJsonSchemaHandler

__all__ = ["Documented", "descriptions"]


class Documented(BaseModel):
    """A model whose attribute docstrings are part of its JSON Schema."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe every property."""
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name, text in descriptions(cls).items():
            if (key := cls.model_fields[name].alias or name) in properties:
                properties[key].setdefault("description", text)
        return schema


@cache
def descriptions(model: type[BaseModel]) -> Mapping[str, str]:
    """What is documented about each field that is documented, by the field's name."""
    found: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        found.update(_below_attributes(kind))
    declared = {name: field.description for name, field in model.model_fields.items() if field.description}
    return {name: text for name, text in (found | declared).items() if name in model.model_fields}


def _below_attributes(kind: type) -> Iterator[tuple[str, str]]:
    """Names that are annotated in the class itself, each with the string that follows it."""
    if not issubclass(kind, Documented):
        return
    try:
        source = dedent(inspect.getsource(kind))
    except (OSError, TypeError):  # there is none: it was made at run time, or came without
        return
    body = next((node.body for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)), [])
    for field, text in pairwise(body):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                yield name, inspect.cleandoc(words)
            case _:
                pass
