"""Signed calls: one method a kind of call, signed anew for every try, with a new token where the old is refused."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar, cast

import msgspec

from crossdock.contract import Toolbox
from crossdock.http import Classify, Params, Request
from crossdock.http import Response as HttpResponse
from crossdock.log import register_secret
from crossdock_shopee.codes import TokenRejected
from crossdock_shopee.config import ShopeeSettings
from crossdock_shopee.judge import cut_off, judge, request_id
from crossdock_shopee.sign import Level, level_of, signature
from crossdock_shopee.tokens import Tokens, owners_of
from crossdock_shopee.wire.envelope import BROKEN, Response, cannot_read
from crossdock_shopee.wire.identity import TokenAnswer

__all__ = ["Gateway"]

T = TypeVar("T")

_ROOT = "/api/v2/"
_JSON = {"Content-Type": "application/json"}
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Gateway:
    """Calls the API for one shop, and for its merchant where there is one.

    Args:
        settings: of the connection.
        toolbox: lends HTTP, time and the vault.
    """

    def __init__(self, settings: ShopeeSettings, toolbox: Toolbox) -> None:
        self.settings = settings
        self.clock = toolbox.clock
        register_secret(settings.partner_key.get_secret_value())
        self._http = toolbox.http(classify=judge, sign=self._sign, request_id=request_id)
        self._key = settings.key
        self.tokens: dict[Level, Tokens] = {
            owner.level: Tokens(owner, settings, toolbox.clock, toolbox.vault, self._ask_for_tokens)
            for owner in owners_of(settings)
        }

    async def get(self, path: str, params: Params, into: type[T], *, verb: str, flat: bool = False) -> T:
        """Read something.

        Args:
            path: module and name, such as ``order/get_order_list``.
            params: the query besides the common parameters.
            into: what the answer is decoded into.
            verb: for logs and errors.
            flat: the answer has no `response` around it.
        """
        request = Request("GET", self._url(path), params, verb=verb)
        return _decode(request, await self.send(request), into, flat=flat)

    async def ask(self, path: str, body: Mapping[str, object], into: type[T], *, verb: str) -> T:
        """Read something that is asked for with POST."""
        request = self._post(path, body, verb=verb)
        return _decode(request, await self.send(request), into)

    async def do(self, path: str, body: Mapping[str, object], *, verb: str, effect: bool = True) -> None:
        """Make or move something whose answer says nothing but that it worked.

        Args:
            path: module and name.
            body: what is sent.
            verb: for logs and errors.
            effect: False where doing it twice is harmless, so that a lost answer may lead to a second try.
        """
        await self.send(self._post(path, body, verb=verb, effect=effect))

    async def change(
        self,
        path: str,
        body: Mapping[str, object],
        into: type[T],
        *,
        verb: str,
        effect: bool = True,
        classify: Classify = judge,
    ) -> T:
        """Make or move something and read what came of it."""
        request = self._post(path, body, verb=verb, effect=effect)
        request.classify = classify
        return _decode(request, await self.send(request), into)

    async def fetch(self, path: str, body: Mapping[str, object], *, verb: str, classify: Classify) -> tuple[bytes, str]:
        """Read a file; returns its bytes and its media type."""
        request = self._post(path, body, verb=verb)
        request.classify = classify
        response = await self._send(request)
        return response.body, response.headers.get("Content-Type", "").partition(";")[0]

    async def upload(self, path: str, body: bytes, content_type: str, into: type[T], *, verb: str) -> T:
        """Send a file."""
        request = Request("POST", self._url(path), headers={"Content-Type": content_type}, body=body, verb=verb)
        return _decode(request, await self.send(request), into)

    async def send(self, request: Request) -> bytes:
        """Send any request and return the body of a good answer.

        Raises:
            SignInAgain: the tokens are refused, and new ones too.
            TryLater: not carried out, or harmless to repeat.
            Refused: their no, with their code.
            Unclear: it has an effect, and nobody knows whether it was carried out.
        """
        return (await self._send(request)).body

    def signed_public(self, path: str, params: Mapping[str, str]) -> str:
        """A publicly signed address for a browser, good for five minutes."""
        now = int(self.clock.now().timestamp())
        common = {"partner_id": str(self.settings.partner_id), "timestamp": str(now)}
        sign = signature(self._key, self.settings.partner_id, _ROOT + path, now)
        return Request("GET", self._url(path), {**common, "sign": sign, **params}).target

    async def _send(self, request: Request) -> HttpResponse:
        tokens = self.tokens.get(self._level(request))
        if tokens is None:
            return await self._http.send(request)
        await tokens.ready()
        used = tokens.access
        try:
            return await self._http.send(request)
        except TokenRejected:
            if tokens.access == used:
                await tokens.renew(rejected=used)
            return await self._http.send(request)

    async def _ask_for_tokens(self, path: str, body: Mapping[str, object]) -> TokenAnswer:
        request = self._post(path, body, verb="sign_in")
        return _decode(request, await self.send(request), TokenAnswer, flat=True)

    def _post(self, path: str, body: Mapping[str, object], *, verb: str, effect: bool = False) -> Request:
        return Request("POST", self._url(path), headers=_JSON, body=_encode(body), verb=verb, effect=effect)

    def _url(self, path: str) -> str:
        return f"{self.settings.base_url}{_ROOT}{path}"

    def _level(self, request: Request) -> Level:
        return level_of(request.url[len(self.settings.base_url) :])

    def _sign(self, request: Request) -> Request:
        """Add the common parameters: moment, token and signature belong together."""
        path = request.url[len(self.settings.base_url) :]
        level, now = level_of(path), int(self.clock.now().timestamp())
        partner = self.settings.partner_id
        common = [("partner_id", str(partner)), ("timestamp", str(now))]
        tokens = self.tokens.get(level)
        if tokens is None:
            common.append(("sign", signature(self._key, partner, path, now)))
        else:
            sign = signature(self._key, partner, path, now, tokens.access, tokens.owner.id)
            common += [("access_token", tokens.access), (level.value, str(tokens.owner.id)), ("sign", sign)]
        params = request.params.items() if isinstance(request.params, Mapping) else request.params
        return replace(request, params=[*common, *params])


@lru_cache(maxsize=128)
def _decoder(into: Any, flat: bool) -> Callable[[bytes], Any]:
    return msgspec.json.Decoder(into if flat else Response[into]).decode


def _decode(request: Request, body: bytes, into: type[T], *, flat: bool = False) -> T:
    try:
        found = _decoder(cast(Hashable, into), flat)(body)
    except msgspec.ValidationError as error:
        raise cannot_read(error) from None
    except BROKEN:
        raise cut_off(request, len(body)) from None
    return found if flat else found.response  # type: ignore[no-any-return]
