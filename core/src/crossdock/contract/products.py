"""Verbs of the products flow."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from crossdock.contract.answers import ListingOutcome, Outcome, Page, Receipt, Window
from crossdock.contract.marks import chain, one
from crossdock.model import Image, PriceChange, Product

if TYPE_CHECKING:
    from crossdock.contract.route import Route


@runtime_checkable
class PullsProducts(Protocol):
    """Knows which products changed."""

    @one
    @abstractmethod
    def pull_products(self, window: Window, route: Route) -> AsyncIterator[Page[Product]]:
        """Read the products that changed since the cursor, or all without one; the rules of `pull_orders` hold."""
        ...


@runtime_checkable
class FindsProducts(Protocol):
    """Finds what is already listed, so that nothing is listed twice."""

    @one
    @abstractmethod
    async def find_product(self, sku: str, route: Route) -> Sequence[Product]:
        """All products that carry `sku`, at the product or at a variant: more than one is a duplicate to report.

        Called once before each `push_product` of something that is not linked yet, and after one whose answer was
        lost; calls overlap.

        Raises:
            TryLater: not known yet; nothing is listed before it is.
        """
        ...


@runtime_checkable
class PushesProducts(Protocol):
    """Takes products."""

    @one
    @abstractmethod
    async def push_product(self, product: Product, listed: Product | None, route: Route) -> Receipt | None:
        """Create the listing, or bring `listed` (this side's, as last seen) to what `product` says.

        Called once per change of a product, after every `rewrite_product`; calls for different products overlap.

        Raises:
            Refused: a field is not acceptable; the reason names it, the value and what is allowed.
            TryLater: something has to be approved or processed first (a brand, an image); tried again later.
            Unclear: sent, no answer: `find_product` is asked before anything is listed again.
        """
        ...


@runtime_checkable
class DelistsProducts(Protocol):
    """Can take a product off sale without deleting it."""

    @one
    @abstractmethod
    async def delist_product(self, listed: Product, route: Route) -> Receipt | None:
        """Take `listed` off sale; what is off sale is `already`.

        Called once when the backend blocks or deletes it, again after `Unclear`; calls for different products overlap.

        Raises:
            TryLater: nothing was done; tried again with backoff.
            Refused: parked with the reason; the others go on.
            Unclear: sent, no answer: both sides are read again before anything else is done.
        """
        ...


@runtime_checkable
class RelistsProducts(Protocol):
    """Can show a product again that it took off sale."""

    @one
    @abstractmethod
    async def relist_product(self, listed: Product, route: Route) -> Receipt | None:
        """Put `listed` on sale again, which `delist_product` took off sale; what is on sale is `already`.

        Called when the backend lets a product be sold again, after `push_product` has brought its listing in line;
        calls for different products overlap.

        Raises:
            Refused: somebody else took it off sale as well, such as the channel itself.
        """
        ...


@runtime_checkable
class DeletesProducts(Protocol):
    """Can delete a product. Only asked where the route says ``allow_delete = true``."""

    @one
    @abstractmethod
    async def delete_product(self, listed: Product, route: Route) -> Receipt | None:
        """Delete `listed` for good; what is gone is `already`.

        Called once per product that the backend deleted, again after `Unclear`; calls for different products overlap.

        Raises:
            TryLater: nothing was done; tried again with backoff.
            Refused: parked with the reason; the others go on.
            Unclear: sent, no answer: both sides are read again before anything else is done.
        """
        ...


@runtime_checkable
class PushesPrices(Protocol):
    """Takes prices."""

    @one
    @abstractmethod
    async def push_prices(self, prices: Sequence[PriceChange], route: Route) -> Sequence[Outcome] | None:
        """Set these prices and answer an `Outcome` for each (key: the SKU).

        Called once for each product whose prices differ from what was last sent; calls for different products overlap.
        Prices are of one sales unit, tax included, in the currency that they carry. Absolute: again is harmless.

        Raises:
            TryLater: none of them was done; all are sent again later.
        """
        ...


@runtime_checkable
class TakesListings(Protocol):
    """A backend that takes over what a shop sells when it is connected."""

    @one
    @abstractmethod
    async def push_listings(self, listings: Sequence[Product], route: Route) -> Sequence[Outcome] | None:
        """Have these products of the channel in the catalogue, and answer an `Outcome` for each (key: its `id`).

        Called with up to 1,000 products when a person asks for it (`crossdock products take-over`), one call at a time.
        Absolute: the same products again change nothing. An outcome with `TryLater` is still being worked on; those
        products are handed over again after its `after`. Stock of products that are known is left alone.
        """
        ...


@runtime_checkable
class HearsOfListings(Protocol):
    """A backend in which people ask for listings and look how they fared."""

    @one
    @abstractmethod
    async def push_listing_outcome(self, outcome: ListingOutcome, route: Route) -> Receipt | None:
        """Tell what became of a product on the channel: listed, or not and why.

        Called each time the engine is through with a product, whether or not something was done; calls for different
        products overlap. Absolute; `already` where nobody waits for an answer.

        Raises:
            TryLater: told again when the product is looked at next; `Unclear` likewise.
            Refused: counted and left; the listing stands as it is.
        """
        ...


@runtime_checkable
class FetchesImages(Protocol):
    """Keeps pictures where nobody else can fetch them."""

    @one
    @abstractmethod
    async def fetch_image(self, image: Image, route: Route) -> bytes | None:
        """The bytes of a picture of this side's that has no address; None when there is no such picture.

        Called once before each `push_product`, which finds them in the picture's `url` as a ``data:`` address; calls
        overlap.

        Raises:
            TryLater: the product waits.
        """
        ...


@runtime_checkable
class RewritesProducts(Protocol):
    """An extension that changes products on their way."""

    @chain
    @abstractmethod
    async def rewrite_product(self, product: Product, route: Route) -> Product:
        """Return `product` as it should be listed.

        Called before each `push_product` and each comparison with what is listed; extensions are asked in the order of
        the config file. Calls for different products overlap. Must not change `id`; quick and free of effects. Weights
        are grams, sizes millimetres, prices include tax.

        Raises:
            Refused: the product is kept back, parked with the reason.
        """
        ...
