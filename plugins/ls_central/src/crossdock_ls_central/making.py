"""Making documents: from an order to CustomerOrderCreate and its receipt."""

from __future__ import annotations

from crossdock.clock import Clock
from crossdock.contract import Receipt
from crossdock.errors import Refused, TryLater, Unclear
from crossdock.model import Order
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.codes import ALREADY_EXISTS, error_of, is_duplicate
from crossdock_ls_central.options import LsRouteOptions
from crossdock_ls_central.orders import Documents
from crossdock_ls_central.store import StoreFacts
from crossdock_ls_central.translate.document import Terms, to_document
from crossdock_ls_central.translate.sku import candidates
from crossdock_ls_central.versions import Versions
from crossdock_ls_central.wire.calls import create_call

__all__ = ["Maker"]


class Maker:
    """Makes documents."""

    def __init__(
        self, client: LsClient, versions: Versions, store: StoreFacts, documents: Documents, clock: Clock
    ) -> None:
        self._client = client
        self._versions = versions
        self._store = store
        self._documents = documents
        self._clock = clock

    async def push(self, order: Order, options: LsRouteOptions) -> Receipt:
        """Make the document for `order`; LS Central refuses a second one with the same External ID by itself.

        Raises:
            Refused: it cannot be written, or they say no; see `to_document` and `codes.CODES`.
            Unclear: the answer was lost.
        """
        document = to_document(order, await self._terms(order, options))
        version, port = await self._versions.chosen()
        reply = await self._client.call(create_call(version, port, document.blocks), verb="push_order", effect=True)
        code, message = reply.values["responseCode"], reply.values.get("errorText", "")
        if is_duplicate(code, message):
            return Receipt(await self._existing(order.id), already=True)
        problem = error_of(code, message)
        if problem is not None:
            raise problem.at(verb="push_order")
        return Receipt(reply.values.get("customerOrderID", "") or await self._just_made(order.id))

    async def _existing(self, reference: str) -> str:
        """The number of the document that was there before; the answer to a duplicate does not tell it."""
        found = await self._documents.find_id(reference, verb="push_order")
        if not found:
            raise Refused(
                f"LS Central says that External ID {reference} exists, and neither its open nor its posted customer"
                " orders show it.",
                code=ALREADY_EXISTS,
                hint="look for the External ID in LS Central",
            )
        return found

    async def _just_made(self, reference: str) -> str:
        """The number of a document that was made without telling it: until it is found, all that is known is doubt."""
        try:
            found = await self._documents.find_id(reference, verb="push_order")
        except TryLater as error:
            raise Unclear(f"LS Central took the order without a number, and then: {error.message}") from error
        if not found:
            raise Unclear("LS Central took the order without a number, and does not show it.")
        return found

    async def _terms(self, order: Order, options: LsRouteOptions) -> Terms:
        items = [candidates(line.sku, options.sku_delimiter) for line in order.lines]
        if order.charges:
            items += [(item,) for item in (options.shipping_item, *options.charge_items.values()) if item]
        return Terms(
            store=self._client.settings.store,
            currency=await self._store.currency(),
            options=options,
            vat=await self._store.vat(items),
            today=self._clock.now().date(),
        )
