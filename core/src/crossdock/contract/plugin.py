"""A plugin: what an installed distribution offers, under the entry-point group ``crossdock.plugins``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pydantic import ConfigDict

from crossdock.clock import Clock
from crossdock.documented import Documented
from crossdock.http import Classify, HttpClient, Request, Response, classify_status, request_id_header

GROUP = "crossdock.plugins"


class Settings(Documented):
    """Base of a plugin's settings: closed, immutable, and documented field by field for the JSON Schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Vault(Protocol):
    """Where a connection keeps what must outlive it, such as tokens. Encrypted at rest."""

    async def read(self, key: str) -> str | None:
        """The value that was written last, by whatever process."""
        ...

    async def write(self, key: str, value: str) -> None:
        """Keep `value`; when this returns it has been committed."""
        ...

    def locked(self, key: str) -> AbstractAsyncContextManager[None]:
        """Hold `key` against every other task and process. Read again inside: somebody may have been first."""
        ...


class OpensHttp(Protocol):
    """Makes the HTTP client of a connection, with the transport, rate and retries that the config names."""

    def __call__(
        self,
        *,
        classify: Classify = classify_status,
        sign: Callable[[Request], Request] | None = None,
        request_id: Callable[[Response], str | None] = request_id_header,
    ) -> HttpClient:
        """Open a client; the engine closes it with the connection.

        Args:
            classify: which error an answer is, or None for a good one.
            sign: returns the request as it is sent, called for each try, so that a timestamp is fresh.
            request_id: the far side's name for a call, for logs and errors.
        """
        ...


@dataclass(frozen=True)
class Toolbox:
    """What the engine lends to a connection.

    Attributes:
        connection: its name in the config.
        clock: the only source of time.
        http: opens the connection's HTTP client: retries, rate limit and redacted logs included.
        vault: what must outlive the process, of this connection only.
        folder: where files may be kept, such as labels.
    """

    connection: str
    clock: Clock
    http: OpensHttp
    vault: Vault
    folder: Path


Connect = Callable[[Any, Toolbox], AbstractAsyncContextManager[object]]
"""Settings and toolbox to a connection: an object whose ``@hookimpl`` methods answer verbs."""


@dataclass(frozen=True, eq=False)
class Plugin:
    """The description of a plugin. Importing it must be quick and free of effects.

    Attributes:
        name: as config files say it, equal to the entry point's name.
        title: as people say it.
        settings: what a connection is configured with.
        connect: opens a connection; None for a plugin that only extends.
        connection: the class whose verbs tell what connections of this plugin can do.
        route_options: what a route may say to this end (mappings, item numbers); None without.
        extension: makes an extension from its settings; None for a plugin that only connects.
        contract: the versions of the contract that it supports, such as ``>=1,<2``.
        cannot: verb to the sentence that says why not, for what its system does not allow.
        sandbox: ``package.module:create`` of its simulated system; imported only when asked for.
        kit: ``package.module:kit`` by which `crossdock plugins test` puts it through the conformance rules.
        requests_per_second: the rate that connections start with where the config does not say.
        refuses_duplicates: its system refuses a second use of a reference by itself, so that a lost `push_order`
            that `find_order` does not find may be sent again at once.
        one_each: settings that together say what is connected, such as the shop's number: two connections that have
            the same are a mistake, and refused.
    """

    name: str
    title: str
    settings: type[Settings]
    contract: str
    connect: Connect | None = None
    connection: type | None = None
    route_options: type[Settings] | None = None
    extension: Callable[[Any], object] | None = None
    cannot: Mapping[str, str] = field(default_factory=dict)
    sandbox: str | None = None
    kit: str | None = None
    requests_per_second: float = 10.0
    refuses_duplicates: bool = False
    one_each: Sequence[str] = ()
