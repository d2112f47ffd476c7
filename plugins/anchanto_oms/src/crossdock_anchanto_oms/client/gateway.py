"""One call to the OMS: signed in, addressed by the profile, judged, and read into records."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from crossdock.clock import Clock
from crossdock.contract import Toolbox, Unreadable
from crossdock.errors import CannotTranslate, Refused, TryLater
from crossdock.http import Request, Response, redact_json
from crossdock_anchanto_oms.auth import Tokens
from crossdock_anchanto_oms.client.page import page_of
from crossdock_anchanto_oms.codes import LinkEnded, TokenRejected
from crossdock_anchanto_oms.config import AnchantoSettings
from crossdock_anchanto_oms.judge import judge_by, judge_link, unreadable
from crossdock_anchanto_oms.profile import Codec, Profile, at, decoded, load

__all__ = ["Gateway", "Listed"]

R = TypeVar("R", bound=Struct)
_TEXT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Listed(Generic[R]):
    """One page of a list.

    Attributes:
        items: rows in their order, the oldest change first; a row that cannot be read stands with its reason.
        server_time: of the OMS when it answered; UTC.
    """

    items: list[R | Unreadable]
    server_time: datetime | None


class Gateway:
    """Speaks to one store; shared by all tasks of a connection.

    Args:
        settings: of the connection.
        toolbox: lent by the engine.
    """

    def __init__(self, settings: AnchantoSettings, toolbox: Toolbox) -> None:
        self.settings = settings
        self.profile: Profile = load(settings.profile)
        self.codec = Codec(self.profile)
        self.clock: Clock = toolbox.clock
        self.connection = toolbox.connection
        self._http = toolbox.http(classify=judge_by(self.profile))
        self._tokens = Tokens(settings, self.profile, self._http, toolbox.clock)

    async def ask(
        self,
        operation: str,
        *,
        verb: str,
        names: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Struct | Mapping[str, Any] | None = None,
    ) -> Any:
        """Make one call and return its JSON.

        Args:
            operation: as the profile names it.
            verb: for logs and errors.
            names: what the path needs beside the store.
            query: our names to values; empty values are left out.
            body: a record, or an object of their words that a codec wrote.

        Raises:
            TryLater: nothing was done, or repeating is harmless.
            Refused: they say no; `code` is one of ours.
            Unclear: the call is not repeatable, and its answer was lost.
        """
        request = self._request(operation, verb, names or {}, query or {}, body)
        response = await self._send(request)
        try:
            return decoded(response.body) if response.body else {}
        except ValueError:
            raise unreadable(request, f"{len(response.body)} bytes that are no JSON") from None

    async def record(self, kind: type[R], operation: str, **call: Any) -> R:
        """Make one call whose answer is one record."""
        return self.codec.read(kind, await self.ask(operation, **call))

    async def file(self, operation: str, *, verb: str, names: Mapping[str, str]) -> bytes:
        """Make one call whose answer is a file, or a link to one, which is fetched at once.

        Raises:
            TryLater: the link had ended when it was fetched, and the next one too.
            Refused: the link leads astray.
        """
        with suppress(LinkEnded):
            return await self._file(operation, verb, names)
        try:
            return await self._file(operation, verb, names)
        except LinkEnded as error:
            raise TryLater(error.reason, verb=verb) from None

    async def _file(self, operation: str, verb: str, names: Mapping[str, str]) -> bytes:
        response = await self._send(self._request(operation, verb, names, {}, None))
        link = _link(response.body, self.profile.label.link)
        if not link:
            return response.body
        url = urljoin(self.settings.base_url, link)
        if not url.startswith(("https://", f"{self.settings.base_url}/")):
            raise Refused(f"The OMS answers a link that is not safe: {urlsplit(url).scheme}.", code="unsafe_link")
        request = Request("GET", url, verb=verb, timeout=self.settings.timeout_seconds, classify=judge_link)
        return (await self._http.send(request)).body

    async def all(self, kind: type[R], operation: str, *, verb: str, **call: Any) -> list[R]:
        """Make one call whose answer is a list that fits on one page."""
        page = page_of(await self.ask(operation, verb=verb, **call), self.profile.page, "", verb)
        return [self.codec.read(kind, row) for row in page.rows]

    async def pages(
        self, kind: type[R], operation: str, since: datetime, *, verb: str, key: str, **query: str
    ) -> AsyncIterator[Listed[R]]:
        """Read a list from `since` on, a page at a time.

        Args:
            kind: of the rows.
            operation: as the profile names it.
            since: first change, inclusive; UTC.
            verb: for logs and errors.
            key: our name of the field by which a row is known when it cannot be read.
            query: further filters.
        """
        words, cursor = self.profile.page, ""
        while True:
            asked = {"since": f"{since:{_TEXT}}", "limit": str(self._page_size()), "cursor": cursor, **query}
            try:
                answer = await self.ask(operation, verb=verb, query=asked)
            except Refused as error:
                if cursor and error.code == words.end:
                    return
                raise
            page = page_of(answer, words, cursor, verb)
            yield Listed([self._row(kind, row, key) for row in page.rows], page.told_at)
            cursor = page.following
            if not cursor:
                return

    def _page_size(self) -> int:
        return min(self.settings.page_size, self.profile.limits.page_size)

    def _row(self, kind: type[R], row: Any, key: str) -> R | Unreadable:
        try:
            return self.codec.read(kind, row)
        except CannotTranslate as error:
            name = self.profile.records[kind.__name__][key]
            return Unreadable(str(at(row, name) or "?"), error, redact_json(json.dumps(row, default=str).encode()))

    def _request(
        self,
        operation: str,
        verb: str,
        names: Mapping[str, str],
        query: Mapping[str, str],
        body: Struct | Mapping[str, Any] | None,
    ) -> Request:
        call = self.profile.operations[operation]
        path = call.address(**{"store": self.settings.store_code, **names})
        headers = {"Accept": "application/json"}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(self.codec.write(body) if isinstance(body, Struct) else body).encode()
        return Request(
            call.method,
            f"{self.settings.base_url}{path}",
            params=call.asks(**query),
            headers=headers,
            body=content,
            timeout=self.settings.timeout_seconds,
            effect=call.method != "GET" and not call.repeatable,
            verb=verb,
        )

    async def _send(self, request: Request) -> Response:
        """Send signed in; a token that is refused is renewed once."""
        plain = dict(request.headers or {})
        header = await self._tokens.header()
        request.headers = {**plain, "Authorization": header}
        try:
            return await self._http.send(request)
        except TokenRejected:
            self._tokens.forget(header)
        request.headers = {**plain, "Authorization": await self._tokens.header()}
        return await self._http.send(request)


def _link(body: bytes, name: str) -> str:
    """The link in an answer that is an object; empty for a file."""
    if not body.lstrip().startswith(b"{"):
        return ""
    try:
        return str(at(decoded(body), name) or "")
    except ValueError:
        return ""
