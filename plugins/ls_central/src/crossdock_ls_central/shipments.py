"""Reading posted shipments: from Business Central's tables, or document by document from LS Central's own action.

The tables answer for many documents at once. That they may be read this way is an inference; the action is what LS's
own clients call, and costs a call for each document.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from crossdock_ls_central.client import LsClient
from crossdock_ls_central.codes import OK
from crossdock_ls_central.config import ShipmentsFrom
from crossdock_ls_central.translate.found import OWNER, SHIPMENT_FIELDS
from crossdock_ls_central.wire.replication import data_sets
from crossdock_ls_central.wire.tables import Table, any_of

__all__ = ["SHIPMENTS", "Shipments"]

SHIPMENTS = "Sales Shipment Header"
_LINES = "Sales Shipment Line"
_ACTION = "GetSalesInfoByOrderId_GetSalesInfoByOrderId"
_HEADER_SET, _LINE_SET = 110, 111

TableRow = dict[str, str]
Found = tuple[list[TableRow], list[TableRow]]
"""Headers, each with its document under `OWNER`, and lines."""


class Shipments:
    """Reads posted shipments with their lines."""

    def __init__(self, client: LsClient) -> None:
        self._client = client

    async def of(self, documents: Sequence[str], *, verb: str) -> Found:
        """The posted shipments of these documents."""
        if not documents:
            return [], []
        if self._client.settings.shipments_from is ShipmentsFrom.TABLES:
            return await self._from_tables(documents, verb)
        answers = await asyncio.gather(*(self._from_action(document, verb) for document in documents))
        return [row for rows, _ in answers for row in rows], [row for _, rows in answers for row in rows]

    async def one(self, document: str, number: str, *, verb: str) -> list[TableRow]:
        """The shipment with this number; without a number, every one of the document."""
        if number and self._client.settings.shipments_from is ShipmentsFrom.TABLES:
            return await self._client.table(Table(SHIPMENTS, SHIPMENT_FIELDS, {"No.": any_of([number])}), verb=verb)
        rows, _ = await self.of([document], verb=verb)
        return [row for row in rows if not number or row["No."] == number]

    async def _from_tables(self, documents: Sequence[str], verb: str) -> Found:
        rows = await self._client.table(Table(SHIPMENTS, SHIPMENT_FIELDS, {OWNER: any_of(documents)}), verb=verb)
        if not rows:
            return [], []
        numbers = any_of(row["No."] for row in rows)
        return rows, await self._client.table(Table(_LINES, (), {"Document No.": numbers}), verb=verb)

    async def _from_action(self, document: str, verb: str) -> Found:
        answer = await self._client.action(_ACTION, {"customerOrderId": document}, verb=verb)
        if answer.get("ResponseCode", "") not in OK:
            return [], []  # nothing was posted yet
        sets = data_sets(answer.get("SalesInfoDaCo") or {})
        return [row | {OWNER: document} for row in sets.get(_HEADER_SET, [])], sets.get(_LINE_SET, [])
