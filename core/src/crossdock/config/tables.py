"""What the core itself allows in each table of the file; the rest is the plugins' own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, SecretStr, field_validator

from crossdock.documented import Documented
from crossdock.http import TransportName


class Table(Documented):
    """A closed table, documented key by key for the JSON Schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class LedgerTable(Table):
    """`[ledger]`: where the durable memory is."""

    url: str = "sqlite:///crossdock.db"
    """SQLite file (relative to the config file) or PostgreSQL address; `env:NAME` and `file:PATH` work as well."""
    folder: str = "crossdock-data"
    """Where files are kept, such as shipping labels; relative to the config file."""
    key: SecretStr | None = None
    """Fernet keys that encrypt tokens, newest first, comma separated; without it a key file in `folder` is made."""

    @field_validator("url")
    @classmethod
    def _known_kind(cls, url: str) -> str:
        if url.startswith("sqlite:///") and url != "sqlite:///":
            return url
        if urlsplit(url).scheme.partition("+")[0] == "postgresql" and urlsplit(url).path.strip("/"):
            return url
        raise ValueError("must be sqlite:///FILE or postgresql://USER@HOST/DATABASE")


class ConnectionKeys(Table):
    """The keys that every connection has, whatever its plugin."""

    plugin: str
    """The plugin's name, as `crossdock plugins list` shows it."""
    transport: TransportName = "aiohttp"
    """The HTTP library that carries the requests."""
    requests_per_second: float | None = Field(default=None, gt=0, le=1000)
    """The rate to start with; without it the plugin's own. It adapts when the system says "too many"."""
    max_in_flight: int = Field(default=16, ge=1, le=256)
    """How many requests are under way at once."""


class ExtensionKeys(Table):
    """The keys that every extension has, whatever its plugin."""

    plugin: str
    """The plugin's name, as `crossdock plugins list` shows it."""


class RouteKeys(Table):
    """A route; the tables of its flows and options are validated one by one."""

    channel: str
    """The connection where buyers are."""
    backend: str
    """The connection where the business is run."""
    extensions: list[str] = Field(default_factory=list)
    """Extensions that rewrite or veto what passes, first named, first asked."""
    orders: dict[str, Any] | None = None
    """Orders, shipments and returns; without this table the flow is off."""
    stock: dict[str, Any] | None = None
    """Stock from the backend to the channel; without this table the flow is off."""
    products: dict[str, Any] | None = None
    """Products and prices from the backend to the channel; without this table the flow is off."""
    channel_options: dict[str, Any] | None = None
    """What this route says to the channel's plugin."""
    backend_options: dict[str, Any] | None = None
    """What this route says to the backend's plugin."""
