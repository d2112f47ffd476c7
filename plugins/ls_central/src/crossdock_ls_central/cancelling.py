"""Cancelling documents: whole, or some quantities of some lines."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crossdock.contract import CancelOrder, Receipt
from crossdock.errors import Refused
from crossdock.model import Order, OrderStatus
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.codes import NOT_FOUND
from crossdock_ls_central.options import LsRouteOptions
from crossdock_ls_central.orders import Documents
from crossdock_ls_central.wire.calls import cancel_call
from crossdock_ls_central.wire.envelope import Call
from crossdock_ls_central.wire.values import Row

__all__ = ["Canceller"]

_VERB = "cancel_order"


class Canceller:
    """Cancels documents, as far as their status lets it."""

    def __init__(self, client: LsClient, documents: Documents) -> None:
        self._client = client
        self._documents = documents

    async def cancel(self, cancel: CancelOrder, options: LsRouteOptions) -> Receipt:
        """Ask whether it may be cancelled, then cancel.

        A document that has left the open table answers 2202; when it stands cancelled among the posted ones, that is
        what was wanted.

        Raises:
            Refused: it is posted, or a line's status does not allow it (code ``not-cancellable``).
            Unclear: the answer was lost.
        """
        number = cancel.order.id
        try:
            lines = await self._lines(number, cancel.quantities)
            await self._check_allowed(number, lines)
            await self._client.ask(self._call(number, lines), verb=_VERB, effect=True)
        except Refused as error:
            if error.code != NOT_FOUND:
                raise
            return await self._closed(number, options, error)
        return Receipt(number)

    async def _check_allowed(self, number: str, lines: Mapping[str, Decimal]) -> None:
        if await self._documents.may_cancel(number, verb=_VERB, lines=lines) is False:
            raise Refused(
                f"The status of {number} no longer allows it to be cancelled.",
                code="not-cancellable",
                hint="cancel or finish the document in LS Central by hand",
            )

    async def _lines(self, number: str, quantities: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """Their line numbers to quantities; empty for the whole document."""
        if not quantities:
            return {}
        known = await self._documents.line_numbers(number, verb=_VERB)
        unknown = sorted(quantities.keys() - known.keys())
        if known and unknown:
            raise Refused(f"Document {number} has no line {', '.join(unknown)}.", code="line")
        return {known[line]: quantity for line, quantity in quantities.items() if known}

    def _call(self, number: str, lines: Mapping[str, Decimal]) -> Call:
        settings = self._client.settings
        rows: list[Row] = [{"DocumentID": number, "LineNo": line, "Quantity": lines[line]} for line in lines]
        log: Row = {"StoreNo": settings.store, "UserID": settings.user_id, "ReceiptNo": number}
        return cancel_call(number, settings.cancel_source_type, rows, log)

    async def _closed(self, number: str, options: LsRouteOptions, error: Refused) -> Receipt:
        found = await self._documents.read([number], options, verb=_VERB)
        if any(isinstance(one, Order) and one.status is OrderStatus.CANCELLED for one in found):
            return Receipt(number, already=True)
        if found:
            raise Refused(
                f"Document {number} is posted and can no longer be cancelled.",
                code=NOT_FOUND,
                hint="take the goods back with a return in LS Central",
            )
        raise error
