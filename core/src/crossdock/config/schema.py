"""The JSON Schema of the whole file, from the same models that validate it: editors complete from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from crossdock.config.alerts import AlertsTable
from crossdock.config.retention import RetentionTable
from crossdock.config.runner import RunnerTable
from crossdock.config.source import PLAIN_SECRETS
from crossdock.config.tables import ConnectionKeys, ExtensionKeys, LedgerTable, RouteKeys
from crossdock.contract import Plugin
from crossdock.flows.options import FLOWS

Schema = dict[str, Any]
_ALONE: dict[str, type[BaseModel]] = {
    "ledger": LedgerTable,
    "runner": RunnerTable,
    "alerts": AlertsTable,
    "retention": RetentionTable,
}
_OUTSIDE = {"type": "string", "pattern": "^(env|file):.+"}


def schema(plugins: Iterable[Plugin]) -> Schema:
    """The schema of a file that may name any of `plugins`."""
    known = list(plugins)
    options = [plugin.route_options for plugin in known if plugin.route_options]
    models: list[type[BaseModel]] = [*_ALONE.values(), ConnectionKeys, ExtensionKeys, RouteKeys]
    models += [*FLOWS.values(), *options, *(plugin.settings for plugin in known)]
    found, definitions = models_json_schema([(model, "validation") for model in dict.fromkeys(models)])
    refs = {model: ref for (model, _), ref in found.items()}
    definitions = definitions.get("$defs", {})

    def of(model: type[BaseModel]) -> Schema:
        return refs[model] if "$ref" not in refs[model] else definitions[refs[model]["$ref"].rpartition("/")[2]]

    route = of(RouteKeys)
    for flow, model in FLOWS.items():
        route["properties"][flow] = refs[model]
    for end in ("channel_options", "backend_options"):
        route["properties"][end] |= {"anyOf": [refs[model] for model in options] or [{"type": "object"}]}
    connections = [_merged(of(ConnectionKeys), of(plugin.settings), plugin) for plugin in known if plugin.connect]
    extensions = [_merged(of(ExtensionKeys), of(plugin.settings), plugin) for plugin in known if plugin.extension]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "crossdock configuration",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            PLAIN_SECRETS: {"type": "boolean", "description": "Secrets may stand in this file: test credentials only."},
            **{name: refs[model] for name, model in _ALONE.items()},
            "connections": _named(connections),
            "routes": {"type": "object", "additionalProperties": refs[RouteKeys]},
            "extensions": _named(extensions),
        },
        "$defs": definitions,
    }


def _named(tables: list[Schema]) -> Schema:
    return {"type": "object", "additionalProperties": {"oneOf": tables} if tables else False}


def _merged(keys: Schema, settings: Schema, plugin: Plugin) -> Schema:
    """One table: the core's keys, the plugin's, and the plugin's name as the constant that tells it from others."""
    outside = {name: _or_outside(inner) for name, inner in settings.get("properties", {}).items()}
    return {
        "title": plugin.title,
        "type": "object",
        "additionalProperties": False,
        "properties": {**keys["properties"], **outside, "plugin": {"const": plugin.name}},
        "required": ["plugin", *settings.get("required", [])],
    }


def _or_outside(inner: Schema) -> Schema:
    """A value that is no text may still come from ``env:`` or ``file:``."""
    if inner.get("type") in ("string", None):
        return inner
    described: Schema = {key: inner[key] for key in ("title", "description", "default") if key in inner}
    return {**described, "anyOf": [inner, _OUTSIDE]}
