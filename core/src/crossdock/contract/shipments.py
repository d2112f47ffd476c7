"""Verbs of the shipments flow. Parcels are read as part of their order, so there is nothing to pull here."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from crossdock.contract.answers import ArrangeShipment, PushTracking, Receipt, Trouble
from crossdock.contract.marks import one
from crossdock.model import Label, Order, Shipment

if TYPE_CHECKING:
    from crossdock.contract.route import Route


@runtime_checkable
class ArrangesShipments(Protocol):
    """A channel on which the seller says that a parcel is ready."""

    @one
    @abstractmethod
    async def arrange_shipment(self, arrange: ArrangeShipment, route: Route) -> Receipt | None:
        """Arrange pick-up or drop-off, or hand in the seller's own tracking number, as the channel allows.

        Called once per parcel after the backend posted it; calls for different orders overlap, parcels of one order
        follow each other. What is already arranged is `already`. After `Unclear` the order is read again, and arranged
        again only if the channel still shows it as ready.

        Raises:
            TryLater: the channel is not ready yet (allocating, no invoice data yet); tried again with backoff.
            Refused: it cannot be arranged this way; parked with their sentence.
            Unclear: sent, no answer: the engine looks before it acts again.
        """
        ...


@runtime_checkable
class PushesTracking(Protocol):
    """A backend that stores tracking numbers."""

    @one
    @abstractmethod
    async def push_tracking(self, tracking: PushTracking, route: Route) -> Receipt | None:
        """Write carrier and tracking number to the backend's shipment.

        Called once per tracking number, again after `Unclear`; absolute, read back where possible. Calls for different
        orders overlap.

        Raises:
            TryLater: nothing was done; tried again with backoff.
            Refused: parked with the reason; the others go on.
            Unclear: sent, no answer: both sides are read again before anything else is done.
        """
        ...


@runtime_checkable
class FetchesLabels(Protocol):
    """A channel that prints labels."""

    @one
    @abstractmethod
    async def fetch_label(self, order: Order, shipment: Shipment, route: Route) -> Label | None:
        """Return the label of `shipment`, a parcel of `order` that is arranged.

        Called once per parcel and tracking number, when the route says ``labels = true``; again while it is being
        printed. Calls for different orders overlap.

        Raises:
            TryLater: it is being printed; asked again later.
            Refused: there will be none (the carrier prints its own, or the parcel has left).
        """
        ...


@runtime_checkable
class HearsOfTrouble(Protocol):
    """A backend in which people work and see what is wrong with an order."""

    @one
    @abstractmethod
    async def push_trouble(self, trouble: Trouble, route: Route) -> Receipt | None:
        """Show `trouble` at its document, or take it back once it is over.

        Called when a label does not come after several attempts, when the channel refuses to have a shipment arranged,
        and once when that is over. Absolute; what is shown or taken back already is `already`. Calls for different
        orders overlap.

        Raises:
            TryLater: nothing was done; tried again with backoff.
            Refused: parked with the reason; the others go on.
            Unclear: sent, no answer: both sides are read again before anything else is done.
        """
        ...


@runtime_checkable
class PushesLabels(Protocol):
    """A backend that wants labels."""

    @one
    @abstractmethod
    async def push_label(self, order: Order, label: Label, route: Route) -> Receipt | None:
        """Store `label` at the backend's document `order`.

        Called once per parcel, again after `Unclear`; absolute. Calls for different orders overlap.

        Raises:
            TryLater: nothing was done; tried again with backoff.
            Refused: parked with the reason; the others go on.
            Unclear: sent, no answer: both sides are read again before anything else is done.
        """
        ...
