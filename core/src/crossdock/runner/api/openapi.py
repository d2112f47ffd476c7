"""The OpenAPI document of the API, made from its addresses. Pure."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from crossdock.runner.api import words
from crossdock.runner.api.endpoints import ENDPOINTS, PREFIX, Endpoint

Document = dict[str, Any]
_REFERENCE = "#/components/schemas/{model}"
_PROBLEMS = {
    400: "The body is no JSON object.",
    401: "The token is missing, wrong or revoked.",
    403: "The token's role may not do this.",
    404: "What is named is not there.",
    405: "The address does not know this method.",
    413: "The body is too large.",
    415: "The body is not sent as JSON.",
    422: "A parameter or the body is not as described.",
    429: "Too many wrong tokens came from this address.",
    503: "The service is starting, or its ledger does not answer.",
}


def document() -> Document:
    """Everything that a client has to know."""
    models: dict[type[BaseModel], None] = dict.fromkeys(one.body for one in ENDPOINTS if one.body)
    models[words.ProblemWord] = None
    _, definitions = models_json_schema([(model, "validation") for model in models], ref_template=_REFERENCE)
    schemas = dict(definitions.get("$defs", {}))
    paths: dict[str, Document] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(PREFIX + endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "crossdock",
            "version": version("crossdock"),
            "description": "What operators of crossdock can see and do from elsewhere.",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint, schemas: Document) -> Document:
    answers = TypeAdapter(endpoint.answers).json_schema(ref_template=_REFERENCE, mode="serialization")
    schemas |= answers.pop("$defs", {})
    operation: Document = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": f"Needs the role {endpoint.role.value}.",
        "parameters": _parameters(endpoint),
        "responses": {"200": {"description": "Done.", "content": {"application/json": {"schema": answers}}}},
    }
    if endpoint.body is not None:
        schema = {"$ref": _REFERENCE.format(model=endpoint.body.__name__)}
        required = any(field.is_required() for field in endpoint.body.model_fields.values())
        operation["requestBody"] = {"required": required, "content": {"application/json": {"schema": schema}}}
    for status in _statuses(endpoint):
        schema = {"$ref": _REFERENCE.format(model=words.ProblemWord.__name__)}
        operation["responses"][str(status)] = {
            "description": _PROBLEMS[status],
            "content": {"application/json": {"schema": schema}},
        }
    return operation


def _statuses(endpoint: Endpoint) -> list[int]:
    body = [400, 413, 415] if endpoint.body else []
    found = [404] if endpoint.can_miss else []
    return sorted([*body, *found, 401, 403, 405, 422, 429, 503])


def _parameters(endpoint: Endpoint) -> list[Document]:
    schema = endpoint.asks.model_json_schema()
    in_path = re.findall(r"{(\w+)}", endpoint.path)
    return [
        {
            "name": name,
            "in": "path" if name in in_path else "query",
            "required": name in in_path,
            "description": inner.pop("description", ""),
            "schema": _without_null(inner),
        }
        for name, inner in schema.get("properties", {}).items()
    ]


def _without_null(schema: Document) -> Document:
    """A parameter is there or not; it is never null."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind.get("type") != "null"]
    return kinds[0] if len(kinds) == 1 else {key: value for key, value in schema.items() if key != "title"}
