"""All I/O with LS Central: SOAP codeunits, table reads, OData actions and API v2.0, signed in and judged.

One method a surface; what is asked and what the answer means stands in `wire` and `translate`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from crossdock.clock import Clock
from crossdock.errors import SignInAgain, TryLater
from crossdock.http import HttpClient, Request, Response
from crossdock_ls_central.auth import SignIn, sign_in_for
from crossdock_ls_central.codes import error_of
from crossdock_ls_central.config import LsSettings
from crossdock_ls_central.judge import ODATA, SOAP, unreadable
from crossdock_ls_central.wire.envelope import Call, Fault, Reply, read, write
from crossdock_ls_central.wire.fields import Port
from crossdock_ls_central.wire.markup import Unparsable
from crossdock_ls_central.wire.replication import ReplicationPage, read_page
from crossdock_ls_central.wire.tables import Table, read_table, table_request
from crossdock_ls_central.wire.wsdl import create_ports

__all__ = ["LsClient"]

Json = Mapping[str, Any]


class LsClient:
    """Speaks to one company; shared by all tasks of a connection.

    Args:
        settings: of the connection.
        http: carries requests.
        clock: for the lifetime of tokens.
    """

    def __init__(self, settings: LsSettings, http: HttpClient, clock: Clock) -> None:
        self.settings = settings
        self._soap_root, self._odata_root = settings.soap_root, settings.odata_root
        self._http = http
        self._sign_in: SignIn = sign_in_for(settings, http, clock)

    async def call(self, call: Call, *, verb: str, effect: bool = False) -> Reply:
        """Call an operation of a SOAP codeunit; its `responseCode` is the caller's matter.

        Raises:
            TryLater: not reachable, too many calls, or a passing Fault: nothing was done.
            Refused: a Fault, or the operation is not published.
            Unclear: it has an effect, and the answer was lost or cannot be read.
        """
        request = Request(
            "POST",
            f"{self._soap_root}/{call.codeunit}",
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": call.action},
            body=write(call),
            timeout=self.settings.timeout_seconds if effect else self.settings.read_timeout_seconds,
            effect=effect,
            verb=verb,
            group=SOAP,
        )
        response = await self._send(request)
        try:
            reply = read(response.body)
        except Unparsable as error:
            raise unreadable(request, str(error)) from None
        if isinstance(reply, Fault):
            raise unreadable(request, f"a Fault with HTTP {response.status}")
        if call.answers not in reply.values:
            raise unreadable(request, f"a result without {call.answers}")
        return reply

    async def ask(self, call: Call, *, verb: str, effect: bool = False) -> Reply:
        """Like `call`, and a response code other than success is raised.

        Raises:
            Refused: the code says no; see `codes.CODES`.
        """
        reply = await self.call(call, verb=verb, effect=effect)
        problem = error_of(reply.values["responseCode"], reply.values.get("errorText", ""))
        if problem is not None:
            raise problem.at(connection=self._http.connection, verb=verb)
        return reply

    async def table(self, table: Table, *, verb: str) -> list[dict[str, str]]:
        """Read rows of a table, field name to text; a field that a row lacks is not in it.

        Raises:
            TryLater: the answer cannot be read.
            Refused: the table or a field is not known to this installation.
        """
        reply = await self.call(table_request(table), verb=verb)
        try:
            answer = read_table(reply.values["pxmlResponse"])
        except Unparsable as error:
            raise unreadable(Request("POST", ""), f"table {table.name}: {error}") from None
        problem = error_of(answer.code, answer.message)
        if problem is not None:
            raise problem.at(connection=self._http.connection, verb=f"{verb} ({table.name})")
        return answer.rows

    async def action(self, name: str, arguments: Json, *, verb: str, effect: bool = False) -> Json:
        """Call an OData unbound action, and return the JSON document inside its answer; empty when it has none.

        Raises:
            TryLater: not reachable, or the answer cannot be read.
            Refused: the codeunit is not published under this name, or a business error.
        """
        address = f"/ODataV4/{name}{_query({'company': self.settings.company})}"
        request = self._json_request("POST", address, arguments, verb=verb, effect=effect)
        response = await self._send(request)
        if response.status == 204 or not response.body:
            return {}
        outer = _decoded(request, response.body)
        value = outer.get("value")
        return _decoded(request, value) if isinstance(value, str) else outer

    async def replicate(self, name: str, *, verb: str, store: bool = True) -> list[dict[str, str]]:
        """All rows of a replication; for small tables."""
        pages = self.replication(name, verb=verb, store=store)
        return [row async for page in pages for row in page.rows]

    async def replication(
        self, name: str, *, verb: str, since: int | None = None, store: bool = True, after: tuple[str, int] = ("", 0)
    ) -> AsyncIterator[ReplicationPage]:
        """The pages of a replication: everything, or what changed since a counter.

        Args:
            name: such as `GetWIItemBuffer`.
            verb: for logs.
            since: counter of the last change that was read; None reads everything.
            store: whether this replication takes the store.
            after: `last_key` and `last_entry` of the page behind which reading everything goes on.

        Raises:
            TryLater: not reachable, the replication failed, or it does not move on.
        """
        page = ReplicationPage(last_key=after[0], last_entry=after[1] if since is None else since, ended=False)
        while not page.ended:
            before = (page.last_key, page.last_entry)
            page = await self.replication_page(
                name, full=since is None, last_key=before[0], last_entry=before[1], verb=verb, store=store
            )
            if not page.ended and (page.last_key, page.last_entry) == before:
                raise TryLater(f"Replication {name} answers the same page for ever.")
            yield page

    async def replication_page(
        self, name: str, *, full: bool, last_key: str = "", last_entry: int = 0, verb: str, store: bool = True
    ) -> ReplicationPage:
        """One page of a replication of codeunit ODataRequest.

        Args:
            name: such as `GetWIItemBuffer`.
            full: everything, else what changed since `last_entry`.
            last_key: where the page before ended.
            last_entry: counter of the last change that was read.
            verb: for logs.
            store: whether this replication takes the store.

        Raises:
            TryLater: not reachable, or the replication failed.
        """
        arguments: dict[str, object] = {"storeNo": self.settings.store} if store else {}
        arguments |= {
            "batchSize": self.settings.batch_size,
            "fullRepl": full,
            "lastKey": last_key,
            "lastEntryNo": last_entry,
        }
        answer = await self.action(f"ODataRequest_{name}", arguments, verb=verb)
        try:
            return read_page(answer)
        except Unparsable as error:
            raise unreadable(Request("POST", ""), f"{name}: {error}") from None

    async def api(
        self, method: str, path: str, *, verb: str, params: Mapping[str, str] | None = None, effect: bool = False
    ) -> Json:
        """Call API v2.0; `path` starts behind `/api/v2.0`. An answer without a body is empty.

        Raises:
            TryLater: not reachable, or somebody else changed the record just now.
            Refused: there is no such company or entity, or a business error.
        """
        request = self._json_request(method, f"/api/v2.0{path}{_query(params or {})}", None, verb=verb, effect=effect)
        response = await self._send(request)
        return _decoded(request, response.body) if response.body else {}

    async def api_rows(self, path: str, *, verb: str, params: Mapping[str, str] | None = None) -> Sequence[Json]:
        """The entities of a set of API v2.0, as far as one page holds them.

        Raises:
            TryLater: the answer is no list.
        """
        answer = await self.api("GET", path, verb=verb, params=params)
        rows = answer.get("value")
        if not isinstance(rows, list):
            raise unreadable(Request("GET", path), f"no list of {path.rpartition('/')[2]}")
        return rows

    async def describe(self) -> Mapping[str, Port]:
        """The versions of CustomerOrderCreate in OmniWrapper's WSDL, each with its xmlport.

        Raises:
            TryLater: what came is no WSDL.
            Refused: the codeunit is not published.
        """
        request = Request(
            "GET",
            f"{self._soap_root}/OmniWrapper?wsdl",
            headers={},
            timeout=self.settings.read_timeout_seconds,
            verb="wsdl",
            group=SOAP,
        )
        response = await self._send(request)
        try:
            return create_ports(response.body)
        except Unparsable as error:
            raise unreadable(request, str(error)) from None

    def _json_request(self, method: str, path: str, body: Json | None, *, verb: str, effect: bool) -> Request:
        headers = {"Accept": "application/json"}
        if method == "POST":
            headers["Content-Type"] = "application/json"
        return Request(
            method,
            f"{self._odata_root}{path}",
            headers=headers,
            body=json.dumps(body or {}).encode() if method == "POST" else None,
            timeout=self.settings.timeout_seconds if effect else self.settings.read_timeout_seconds,
            effect=effect,
            verb=verb,
            group=ODATA,
        )

    async def _send(self, request: Request) -> Response:
        """Send signed in; a credential that is refused is renewed once."""
        plain = dict(request.headers or {})
        header = await self._sign_in.header()
        request.headers = {**plain, "Authorization": header}
        try:
            return await self._http.send(request)
        except SignInAgain:
            if not self._sign_in.forget(header):
                raise
        request.headers = {**plain, "Authorization": await self._sign_in.header()}
        return await self._http.send(request)


def _query(params: Mapping[str, str]) -> str:
    """The query, with spaces as %20: OData takes a plus sign for what it is."""
    return "?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in params.items()) if params else ""


def _decoded(request: Request, text: bytes | str) -> Json:
    try:
        decoded = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise unreadable(request, "no JSON") from None
    if not isinstance(decoded, dict):
        raise unreadable(request, "no JSON object")
    return decoded
