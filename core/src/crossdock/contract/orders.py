"""Verbs of the orders flow, in the order in which they happen."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from crossdock.contract.answers import CancelOrder, Page, Receipt, Unreadable, Window
from crossdock.contract.marks import chain, one
from crossdock.model import Order, Return

if TYPE_CHECKING:
    from crossdock.contract.route import Route


@runtime_checkable
class PullsOrders(Protocol):
    """Knows which orders changed."""

    @one
    @abstractmethod
    def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        """Read the orders that changed in `window`, a page at a time.

        Called once per run of a lane, and once per slice of a backfill; never twice at once for one lane, while
        other lanes may read the same connection. The engine keeps a page before it asks for the next.

        At a channel these are the buyers' orders. At a backend they are the documents made from them; their
        `reference` is the channel's number, and documents without one are left out.

        Yields:
            Pages, each with the cursor from which reading goes on. Lists may overlap: an order that comes again
            unchanged costs nothing. Parcels, with tracking numbers as far as they exist, are part of the order.

        Raises:
            TryLater: the lane goes on at the last cursor when it is due again.
            SignInAgain: the connection pauses until somebody signs in.
        """
        ...


@runtime_checkable
class ReadsOrders(Protocol):
    """Reads orders by number."""

    @one
    @abstractmethod
    async def read_orders(self, ids: Sequence[str], route: Route) -> Sequence[Order | Unreadable]:
        """Read these orders now, in any order; what does not exist is left out of the answer.

        Called with up to 200 ids for nudges, for orders that wait for something (a tracking number), and for
        steps whose outcome is in doubt. Calls overlap.

        Raises:
            TryLater: the same ids are asked again later.
        """
        ...


@runtime_checkable
class FindsOrders(Protocol):
    """Finds its document of the other side's order. A backend without it leaves lost answers in doubt."""

    @one
    @abstractmethod
    async def find_order(self, reference: str, route: Route) -> Order | None:
        """Look for the document that was made for `reference`, among open, finished and cancelled ones.

        Called once for every `push_order` whose answer was lost, before anything is sent again; calls overlap.

        Returns:
            The document, or None when there is none now.

        Raises:
            TryLater: not known yet; asked again later, and nothing is sent before that.
        """
        ...


@runtime_checkable
class PushesOrders(Protocol):
    """Takes orders."""

    @one
    @abstractmethod
    async def push_order(self, order: Order, route: Route) -> Receipt | None:
        """Make the document for `order`, the channel's order after every `rewrite_order`.

        Called once per order; again only after `find_order` said that there is none. Calls for different orders
        overlap. `order.id` is the reference by which `find_order` must find it. All money in `order.currency`. With
        `order.historical` it comes of a backfill: a system that has history records it as it stands, in any status,
        moving no stock; others treat it like any order.

        Returns:
            Their number. `already` when it existed; the engine then links instead of creating.

        Raises:
            TryLater: nothing was made; tried again with backoff.
            Refused: the order is parked with the reason, the others go on.
            Unclear: sent, no answer: the engine looks before it acts again.
        """
        ...


@runtime_checkable
class PostsOrders(Protocol):
    """Finishes a document whose goods have already left."""

    @one
    @abstractmethod
    async def post_order(self, order: Order, route: Route) -> Receipt | None:
        """Post (ship and invoice) `order`, this side's open document, so that stock is reduced once.

        Called once per order that the channel had processed before we saw it, when the route says so; calls for
        different orders overlap. After `Unclear` the document is read again, and posted again only if it is still open.

        Raises:
            TryLater: nothing was done; tried again with backoff.
            Refused: parked with the reason; the other orders go on.
            Unclear: sent, no answer: both sides are read again before anything else is done.
        """
        ...


@runtime_checkable
class UpdatesOrders(Protocol):
    """Mirrors the channel's status (an OMS with a status machine of its own)."""

    @one
    @abstractmethod
    async def update_order(self, order: Order, document: Order, route: Route) -> Receipt | None:
        """Bring `document`, this side's, to what `order`, the channel's, now shows.

        Called after each change of the channel's order; never twice at once for one order. Must be absolute: the
        same call again changes nothing.

        Raises:
            Refused: their machine allows no such move; parked with both states.
        """
        ...


@runtime_checkable
class CancelsOrders(Protocol):
    """Cancels orders."""

    @one
    @abstractmethod
    async def cancel_order(self, cancel: CancelOrder, route: Route) -> Receipt | None:
        """Cancel `cancel.order`, or the quantities named, on this side.

        Called once when the other side cancelled it, or more of it; again after `Unclear` if it still shows as not
        cancelled. Calls for different orders overlap. An order that is already cancelled is `already`, no error.
        `cancel.quantities` are in the lines' units of measure.

        Raises:
            TryLater: nothing was done; tried again with backoff.
            Refused: it can no longer be cancelled: a conflict that a person decides.
        """
        ...


@runtime_checkable
class AnswersCancellations(Protocol):
    """Lets the seller accept or reject a buyer's wish to cancel."""

    @one
    @abstractmethod
    async def answer_cancellation(self, order: Order, accept: bool, route: Route) -> Receipt | None:
        """Accept or reject the cancellation that the buyer of `order` asks for.

        Called once per wish, again after `Unclear` if the wish still stands; calls for different orders overlap.

        Raises:
            TryLater: nothing was done; tried again with backoff.
            Refused: parked with the reason; the other orders go on.
            Unclear: sent, no answer: both sides are read again before anything else is done.
        """
        ...


@runtime_checkable
class RewritesOrders(Protocol):
    """An extension that changes orders on their way, or keeps them back."""

    @chain
    @abstractmethod
    async def rewrite_order(self, order: Order, route: Route) -> Order:
        """Return `order` as it should arrive, or as it is.

        Called after planning and before `push_order`, again on each new attempt; extensions are asked in the order
        of the config file. Calls for different orders overlap. Must not change `id`. Must be quick and free of effects.

        Raises:
            Refused: the order is kept back, parked with the reason.
        """
        ...


@runtime_checkable
class PullsReturns(Protocol):
    """Knows which returns changed."""

    @one
    @abstractmethod
    def pull_returns(self, window: Window, route: Route) -> AsyncIterator[Page[Return]]:
        """Read the returns that changed in `window`; the rules of `pull_orders` hold."""
        ...


@runtime_checkable
class PushesReturns(Protocol):
    """Takes returns."""

    @one
    @abstractmethod
    async def push_return(self, returned: Return, document: Order, route: Route) -> Receipt | None:
        """Bring this side's record of the return to what the channel shows. `document` is this side's.

        Called once after each change of the return, never twice at once for one return; absolute: the same call
        again changes nothing. Quantities are in the lines' units of measure.

        Raises:
            TryLater: tried again when the lane runs next.
            Refused: parked with the reason; the other returns go on.
        """
        ...
