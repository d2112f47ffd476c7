"""Verbs of the stock flow. Levels are absolute, never movements."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from crossdock.contract.answers import Outcome, Page, Window
from crossdock.contract.marks import chain, one
from crossdock.model import StockLevel

if TYPE_CHECKING:
    from crossdock.contract.route import Route


@runtime_checkable
class PullsStock(Protocol):
    """Knows which levels changed."""

    @one
    @abstractmethod
    def pull_stock(self, window: Window, route: Route) -> AsyncIterator[Page[StockLevel]]:
        """Read the levels that changed since the cursor, or all of them without one, a page at a time.

        Called every few seconds by the live lane (then it must be cheap when nothing changed), and for a full sync
        without cursor; never twice at once for one lane. At a channel: the levels that it shows now, for the
        comparison that finds drift; it gives way to changed levels and goes on from the cursor of its last page. Once,
        before anything is sent to the channel, the window says since when a reading counts (`known_since`). A full
        sync that was broken off goes on from the cursor of the last page that had one, perhaps in another process;
        without any it begins anew. Quantities are in `unit`, the product's base unit where that is empty.

        Raises:
            TryLater: the lane goes on at the last cursor when it is due again.
            SignInAgain: the connection pauses until somebody signs in.
        """
        ...


@runtime_checkable
class ReadsStock(Protocol):
    """Reads levels by SKU."""

    @one
    @abstractmethod
    async def read_stock(self, skus: Sequence[str], route: Route) -> Sequence[StockLevel]:
        """Read these levels now; unknown SKUs are left out.

        Called once for each nudge and manual run, with the SKUs that it is about; calls overlap. Units as in
        `pull_stock`.

        Raises:
            TryLater: the same SKUs are asked again later.
        """
        ...


@runtime_checkable
class PushesStock(Protocol):
    """Shows levels to buyers."""

    @one
    @abstractmethod
    async def push_stock(self, levels: Sequence[StockLevel], route: Route) -> Sequence[Outcome] | None:
        """Set these absolute levels, at most 1,000 a call, and answer an `Outcome` for each (key: the SKU).

        Called whenever levels differ from what was last sent, as many at once as have changed. Calls for different
        products overlap; the engine never has two calls with one SKU under way. Sending a level again must be harmless,
        so `Unclear` and `TryLater` in an outcome lead to the *newest* level being sent later, never to this one;
        `Refused` parks the SKU. Units as in `pull_stock`; what the channel sells is whole pieces.

        Raises:
            TryLater: none of them was done; all are sent again later.
        """
        ...


@runtime_checkable
class RewritesStock(Protocol):
    """An extension that changes levels on their way: reserves, campaigns, caps."""

    @chain
    @abstractmethod
    async def rewrite_stock(self, level: StockLevel, route: Route) -> StockLevel:
        """Return `level` as it should be shown.

        Called once for each level that was read, before it is compared with what is shown; extensions are asked in the
        order of the config file. Calls may overlap. Must not change `sku` or `version`; quick and free of effects.

        Raises:
            Refused: the level is kept back, parked with the reason; what buyers see stays as it is.
        """
        ...
