"""Where people sit in a simulated system that runs: its operator actions, over HTTP."""

from __future__ import annotations

import os
from collections.abc import Mapping
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Annotated, Any
from zlib import crc32

import typer

from crossdock.errors import Refused, TryLater

Url = Annotated[
    str | None, typer.Option("--url", help="Address of the sandbox; without, where `crossdock sandbox` serves it.")
]

_PATIENCE_SECONDS = 30.0
_TRUSTS_NOBODY = SSLContext(PROTOCOL_TLS_CLIENT)
"""Sandboxes speak plain HTTP on loopback; reading the system's certificates would take longer than the request."""


def default_port(name: str) -> int:
    """The port of the sandbox `name` unless another is asked for: it follows from the name alone."""
    return 8400 + crc32(name.encode()) % 500


def address(name: str) -> str:
    """Where the sandbox `name` is: what the environment says (``CROSSDOCK_SANDBOX_SHOPEE``), else its usual port."""
    return os.environ.get(f"CROSSDOCK_SANDBOX_{name.upper()}") or f"http://127.0.0.1:{default_port(name)}"


class Desk:
    """The operator's place in one sandbox.

    Args:
        name: of the plugin.
        url: where its sandbox is, when it is not where it usually is.
    """

    def __init__(self, name: str, url: str | None = None) -> None:
        self.name = name
        self.url = (url or address(name)).rstrip("/")

    def look(self, path: str) -> dict[str, Any]:
        """What the page `path` below ``/_sandbox`` shows."""
        return self._answer("GET", path, None)

    def do(self, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Carry out the action `path` below ``/_sandbox``.

        Raises:
            Refused: it cannot be done now.
            TryLater: no sandbox answers there.
        """
        return self._answer("POST", path, body or {})

    def change(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Set what is at `path` below ``/_sandbox``.

        Raises:
            Refused: it cannot be done now.
            TryLater: no sandbox answers there.
        """
        return self._answer("PUT", path, body)

    def _answer(self, method: str, path: str, body: Mapping[str, object] | None) -> dict[str, Any]:
        import httpx  # for those who act here; `crossdock sandbox`, which serves, does without

        url = f"{self.url}/_sandbox{path}"
        try:
            answer = httpx.request(
                method, url, json=body, timeout=_PATIENCE_SECONDS, trust_env=False, verify=_TRUSTS_NOBODY
            )
            found = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            hint = f"start it with: crossdock sandbox {self.name}; or say where it is with --url"
            raise TryLater(f"no {self.name} sandbox answers at {self.url}", hint=hint) from error
        if answer.status_code != httpx.codes.OK or not isinstance(found, dict):
            raise Refused(f"the {self.name} sandbox refuses: {_reason(found)}")
        return found


def _reason(answer: object) -> str:
    """What a refusal says: one sentence, and which part of the request it is about."""
    if not isinstance(answer, dict):
        return str(answer)
    details = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in answer.get("details", [])]
    return "; ".join([str(answer.get("error", "")), *details])
