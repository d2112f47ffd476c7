"""Which version of CustomerOrderCreate is called: by the settings, or by what the service offers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from crossdock.errors import Refused
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.config import CreateVersion
from crossdock_ls_central.wire.fields import CREATE, Port

__all__ = ["Versions"]


class Versions:
    """Remembers the service's own description, which is read once.

    Args:
        client: reads it.
    """

    def __init__(self, client: LsClient) -> None:
        self._client = client
        self._offered: Mapping[str, Port] | None = None
        self._lock = asyncio.Lock()

    async def offered(self) -> Mapping[str, Port]:
        """The versions that the service offers, with their xmlports."""
        async with self._lock:
            if self._offered is None:
                self._offered = await self._client.describe()
            return self._offered

    async def chosen(self) -> tuple[str, Port]:
        """The version to call, and its xmlport.

        Raises:
            Refused: the service offers neither version, or not the one that the settings ask for.
        """
        wanted = self._client.settings.create_version
        if wanted is CreateVersion.V6:
            return "V6", CREATE["V6"]
        offered = await self.offered()
        for version in ("V6", "V5") if wanted is CreateVersion.AUTO else (wanted.value,):
            if version in offered:
                return version, offered[version]
        raise Refused(
            f"OmniWrapper offers no CustomerOrderCreate{'' if wanted is CreateVersion.AUTO else wanted.value}.",
            code="version",
            hint="publish codeunit OmniWrapper as web service, or set create_version",
        )
