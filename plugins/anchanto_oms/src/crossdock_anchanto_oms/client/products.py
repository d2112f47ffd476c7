"""Writing products and prices: the catalogue itself, or the channel's products through listing feeds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

from crossdock.contract import ListingOutcome, Outcome, Receipt
from crossdock.errors import Refused, TryLater
from crossdock.model import PriceChange, Product
from crossdock_anchanto_oms.client.batches import REJECTED, error_in, in_batches
from crossdock_anchanto_oms.client.gateway import Gateway
from crossdock_anchanto_oms.goods_records import (
    BatchAnswer,
    Feed,
    FeedAnswer,
    FeedRow,
    FeedRowAnswer,
    Listing,
    OmsProduct,
    PriceRow,
    Prices,
)
from crossdock_anchanto_oms.order_records import Duplicate
from crossdock_anchanto_oms.translate.products import (
    as_product,
    feed_row,
    new_product,
    price_row,
    report_of,
    sku_of,
    without_duplicates,
)

__all__ = ["FeedRowPlace", "feed", "find", "put", "put_prices", "report"]

_VERB = "push_product"
_TAKE_OVER = "push_listings"
_SOON = 5.0
_DONE, _REQUESTED, _LISTED, _FAILED = "DONE", "REQUESTED", "LISTED", "FAILED"


async def put(gateway: Gateway, product: Product) -> Receipt:
    """Create or change a product of the catalogue."""
    sku = sku_of(product)
    done = await gateway.record(OmsProduct, "put_product", verb=_VERB, names={"sku": sku}, body=new_product(product))
    return Receipt(done.csku, note=f"{done.type}, version {done.version}")


async def find(gateway: Gateway, sku: str) -> list[Product]:
    """The product with this CSKU; a variant is found by its parent's only."""
    try:
        found = await gateway.record(OmsProduct, "product", verb="find_product", names={"sku": sku})
    except Refused as error:
        if error.code != "unknown_product":
            raise
        return []
    return [as_product(found, {}, gateway.settings.currency)]


async def put_prices(gateway: Gateway, changes: Sequence[PriceChange]) -> list[Outcome]:
    """Set prices as they are to be shown."""
    rows: list[PriceRow | Refused] = [_priced(change, gateway.settings.currency) for change in changes]

    async def send(batch: list[PriceRow]) -> BatchAnswer:
        return await gateway.record(BatchAnswer, "put_prices", verb="push_prices", body=Prices(tuple(batch)))

    return await in_batches(gateway, [change.sku for change in changes], rows, send)


async def report(gateway: Gateway, outcome: ListingOutcome, listing: Listing | None) -> Receipt:
    """Tell what became of a listing that somebody asked for in the OMS; nobody else waits for an answer.

    A request that was superseded meanwhile is answered when the product is looked at again because of the new one.
    """
    if listing is None or listing.state != _REQUESTED or not listing.request_id:
        return Receipt(outcome.listed_id, already=True)
    told = report_of(outcome, listing.request_id, listed=_LISTED, failed=_FAILED)
    try:
        body, names = told, {"sku": listing.csku}
        await gateway.record(Listing, "report_listing", verb="push_listing_outcome", names=names, body=body)
    except Refused as error:
        if error.code != "stale_request":
            raise
        return Receipt(outcome.listed_id, already=True, note="somebody has asked for it anew meanwhile")
    return Receipt(outcome.listed_id, note=f"{listing.csku} is {told.result} in the OMS")


Fate = tuple[FeedAnswer, dict[int, FeedRowAnswer]]
"""How far a feed is, and how each row fared that is through."""


class FeedRowPlace(NamedTuple):
    """Where a row is under way."""

    feed_id: str
    row: int


async def feed(gateway: Gateway, products: Sequence[Product], under_way: dict[str, FeedRowPlace]) -> list[Outcome]:
    """Tell the OMS about products of the channel; the key of an outcome is the product's number there.

    Of several products with one SKU the one with the lowest number is told, and the others are refused.

    Args:
        gateway: of the store.
        products: of the channel.
        under_way: rows that were handed in and not done when they were last asked for, by their print: how they fare
            is asked again, instead of handing them in once more.
    """
    rows: dict[str, FeedRow] = {}
    outcomes: dict[str, Outcome] = {}
    sound = []
    for product in products:
        try:
            rows[product.id] = feed_row(product, gateway.settings.currency)
            sound.append(product)
        except Refused as error:
            outcomes[product.id] = Outcome(product.id, error)
    kept, lost = without_duplicates(sound)
    for loser, winner in lost:
        outcomes[loser.id] = Outcome(loser.id, _duplicate(loser, winner))
    prints = {product.id: _print(gateway, rows[product.id]) for product in kept}
    fresh = [product for product in kept if prints[product.id] not in under_way]
    size = gateway.profile.limits.feed_rows
    for first in range(0, len(fresh), size):
        batch = fresh[first : first + size]
        feed_id = await _hand_in(gateway, [rows[product.id] for product in batch])
        under_way |= {prints[one.id]: FeedRowPlace(feed_id, number) for number, one in enumerate(batch)}
    fates = await _fates(gateway, {under_way[each].feed_id for each in prints.values()})
    for number, each in prints.items():
        outcomes[number] = _outcome(gateway, number, under_way[each].row, fates[under_way[each].feed_id])
        if not isinstance(outcomes[number].error, TryLater):
            del under_way[each]  # the same row may fare better another day
    return [outcomes[product.id] for product in products]


async def _hand_in(gateway: Gateway, rows: list[FeedRow]) -> str:
    carried = blake2b("".join(_print(gateway, row) for row in rows).encode(), digest_size=12).hexdigest()
    reference = f"crossdock-{carried}-{gateway.clock.now():%Y%m%d%H%M%S}"
    try:
        return (
            await gateway.record(FeedAnswer, "start_feed", verb=_TAKE_OVER, body=Feed(reference, tuple(rows)))
        ).feed_id
    except Refused as error:
        if error.code != "duplicate_reference":
            raise
        return gateway.codec.read(Duplicate, dict(error.facts)).feed_id


async def _fates(gateway: Gateway, feed_ids: Iterable[str]) -> dict[str, Fate]:
    fates = {}
    for feed_id in sorted(feed_ids):
        answer = await gateway.record(FeedAnswer, "feed", verb=_TAKE_OVER, names={"feed": feed_id})
        fates[feed_id] = (answer, {result.row: result for result in answer.results})
    return fates


def _outcome(gateway: Gateway, key: str, row: int, fate: Fate) -> Outcome:
    answer, fared = fate
    result = fared.get(row)
    if result is None and answer.status != _DONE:
        through = f"{len(answer.results)} rows of feed {answer.feed_id} are through"
        return Outcome(key, TryLater(f"{through}, this one is not yet.", after=_SOON, verb=_TAKE_OVER))
    if result is None or result.status == REJECTED:
        return Outcome(key, error_in(gateway, result.error if result else None))
    return Outcome(key)


def _print(gateway: Gateway, row: FeedRow) -> str:
    written = json.dumps(gateway.codec.write(row), sort_keys=True)
    return blake2b(written.encode(), digest_size=16).hexdigest()


def _duplicate(loser: Product, winner: Product) -> Refused:
    return Refused(
        f"Product {loser.id} has the SKU {sku_of(loser)} of product {winner.id}; only that one is taken over.",
        code="duplicate_sku",
        facts={"sku": sku_of(loser), "taken": winner.id},
        hint="give each product on the channel a SKU of its own",
    )


def _priced(change: PriceChange, currency: str) -> PriceRow | Refused:
    try:
        return price_row(change, currency)
    except Refused as error:
        return error
