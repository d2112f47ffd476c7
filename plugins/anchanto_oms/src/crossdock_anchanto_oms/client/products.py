"""Writing products and prices: the catalogue itself, or the channel's products through listing feeds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2b

from crossdock.contract import Outcome, Receipt
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
    sku_of,
    without_duplicates,
)

__all__ = ["feed", "find", "put", "put_prices"]

_VERB = "push_product"
_SOON = 5.0
_DONE = "DONE"


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


async def feed(gateway: Gateway, products: Sequence[Product]) -> list[Outcome]:
    """Tell the OMS about products of the channel; the key of an outcome is the product's number there.

    The same products lead to the same feed, so asking again reads how far it is instead of starting another one. Of
    several products with one SKU the one with the lowest number is told, and the others are refused.
    """
    rows: dict[str, FeedRow] = {}
    outcomes: dict[str, Outcome] = {}
    sound = []
    for product in products:
        try:
            rows[product.id] = feed_row(product)
            sound.append(product)
        except Refused as error:
            outcomes[product.id] = Outcome(product.id, error)
    kept, lost = without_duplicates(sound)
    for loser, winner in lost:
        outcomes[loser.id] = Outcome(loser.id, _duplicate(loser, winner))
    size = gateway.profile.limits.feed_rows
    for first in range(0, len(kept), size):
        batch = kept[first : first + size]
        answer = await _fed(gateway, [rows[product.id] for product in batch])
        results = {result.row: result for result in answer.results}
        for number, product in enumerate(batch):
            outcomes[product.id] = _outcome(gateway, product.id, results.get(number), answer)
    return [outcomes[product.id] for product in products]


async def _fed(gateway: Gateway, rows: list[FeedRow]) -> FeedAnswer:
    written = json.dumps([gateway.codec.write(row) for row in rows], sort_keys=True)
    reference = f"crossdock-{blake2b(written.encode(), digest_size=16).hexdigest()}"
    try:
        started = await gateway.record(FeedAnswer, "start_feed", verb=_VERB, body=Feed(reference, tuple(rows)))
        feed_id = started.feed_id
    except Refused as error:
        if error.code != "duplicate_reference":
            raise
        feed_id = gateway.codec.read(Duplicate, dict(error.facts)).feed_id
    return await gateway.record(FeedAnswer, "feed", verb=_VERB, names={"feed": feed_id})


def _outcome(gateway: Gateway, key: str, result: FeedRowAnswer | None, answer: FeedAnswer) -> Outcome:
    if answer.status != _DONE:
        return Outcome(key, TryLater(f"Feed {answer.feed_id} is {answer.status}.", after=_SOON, verb=_VERB))
    if result is None or result.status == REJECTED:
        return Outcome(key, error_in(gateway, result.error if result else None))
    return Outcome(key)


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
