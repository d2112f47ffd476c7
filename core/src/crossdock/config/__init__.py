"""The configuration: files and environment in, one checked object out. Reads files; asks no network.

Every error names file, line, key, the value seen (never a secret's) and what is allowed; all are found before any
is reported.
"""

from crossdock.config.alerts import AlertsTable
from crossdock.config.configuration import (
    Configuration,
    ConnectionConfig,
    ExtensionConfig,
    LedgerConfig,
    RouteConfig,
)
from crossdock.config.load import Find, load
from crossdock.config.problems import ConfigErrors, nearest
from crossdock.config.retention import RetentionTable
from crossdock.config.runner import RunnerTable
from crossdock.config.schema import schema

__all__ = [
    "AlertsTable",
    "ConfigErrors",
    "Configuration",
    "ConnectionConfig",
    "ExtensionConfig",
    "Find",
    "LedgerConfig",
    "RetentionTable",
    "RouteConfig",
    "RunnerTable",
    "load",
    "nearest",
    "schema",
]
