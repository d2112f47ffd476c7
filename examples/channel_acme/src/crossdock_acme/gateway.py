"""One call to Acme Market, and what its answer is: the only module of this plugin that does I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

import msgspec
from crossdock.contract import Toolbox
from crossdock.errors import SignInAgain
from crossdock.http import Params, Request
from crossdock.log import register_secret

from crossdock_acme import wire
from crossdock_acme.codes import TokenRejected, cut_off, judge
from crossdock_acme.config import AcmeSettings
from crossdock_acme.translate import cannot_read

T = TypeVar("T")


class Gateway:
    """Sends requests with a token that is valid, and decodes their answers.

    Args:
        settings: of the connection.
        toolbox: lends the HTTP client, and the vault in which tokens outlive the process.
    """

    def __init__(self, settings: AcmeSettings, toolbox: Toolbox) -> None:
        self.settings = settings
        self._vault = toolbox.vault
        self._http = toolbox.http(classify=judge)
        self._kept_as = f"tokens-{settings.client_id}"  # another app's are of no use
        self._access = ""
        register_secret(settings.client_secret.get_secret_value())

    async def call(self, method: str, path: str, into: type[T], params: Params = (), *, verb: str) -> T:
        """Read something; a lost answer leads to a second try."""
        return await self._signed(Request(method, self.settings.base_url + path, params, verb=verb), into)

    async def change(
        self,
        path: str,
        into: type[T],
        body: Mapping[str, Any],
        *,
        verb: str,
        effect: bool = True,
    ) -> T:
        """Make or move something; `effect` is False where doing it twice is harmless."""
        sent = msgspec.json.encode(body)
        request = Request("POST", self.settings.base_url + path, body=sent, verb=verb, effect=effect)
        return await self._signed(request, into)

    async def sign_in(self, grant: Mapping[str, str]) -> None:
        """Exchange a code or a refresh token for tokens, and keep those before they are used.

        Raises:
            SignInAgain: it is used, expired or revoked.
        """
        secret = self.settings.client_secret.get_secret_value()
        body = msgspec.json.encode({"client_id": self.settings.client_id, "client_secret": secret, **grant})
        headers = {"Content-Type": "application/json"}
        request = Request("POST", f"{self.settings.base_url}/oauth/token", (), headers, body, verb="sign_in")
        found = await self._send(request, wire.Tokens)
        register_secret(found.access_token)
        register_secret(found.refresh_token)
        await self._vault.write(self._kept_as, msgspec.json.encode(found).decode())
        self._access = found.access_token

    async def _signed(self, request: Request, into: type[T]) -> T:
        used = self._access or await self._kept()
        for _ in range(2):  # twice: what another process kept meanwhile may have expired as well
            try:
                return await self._send(_with(request, used), into)
            except TokenRejected:
                await self._renew(used)
                used = self._access
        return await self._send(_with(request, used), into)

    async def _kept(self) -> str:
        """The access token that was kept last, by whatever process; a first one where there is none."""
        kept = await self._vault.read(self._kept_as)
        if kept is None:
            await self._renew("")
        else:
            self._access = msgspec.json.decode(kept, type=wire.Tokens).access_token
            register_secret(self._access)
        return self._access

    async def _renew(self, rejected: str) -> None:
        """Fetch a new token, one process at a time: who waited finds that somebody was first."""
        async with self._vault.locked(self._kept_as):
            kept = await self._vault.read(self._kept_as)
            found = msgspec.json.decode(kept, type=wire.Tokens) if kept else None
            if found is not None and found.access_token != rejected:
                self._access = found.access_token
                return
            first = self.settings.refresh_token
            refresh = found.refresh_token if found else first.get_secret_value() if first else None
            if refresh is None:
                raise SignInAgain("nobody has signed in yet", hint="crossdock auth link CONNECTION")
            await self.sign_in({"grant_type": "refresh_token", "refresh_token": refresh})

    async def _send(self, request: Request, into: type[T]) -> T:
        body = (await self._http.send(request)).body
        try:
            return msgspec.json.decode(body, type=into)
        except msgspec.ValidationError as error:
            raise cannot_read(error) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise cut_off(request, len(body)) from None


def _with(request: Request, token: str) -> Request:
    return replace(request, headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
