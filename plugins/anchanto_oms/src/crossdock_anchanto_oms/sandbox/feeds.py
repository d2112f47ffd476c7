"""Listing feeds: listings that exist on the channel come in, row by row, 1000 SKUs in 15 minutes."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import Field, ValidationError

from crossdock_anchanto_oms.sandbox import listings, prices, products, stock
from crossdock_anchanto_oms.sandbox.goods_bodies import ComponentBody, Image, Kind, PutProduct
from crossdock_anchanto_oms.sandbox.records import Feed, Listing
from crossdock_anchanto_oms.sandbox.refusal import Refusal, duplicate, invalid, unprocessable, unreadable
from crossdock_anchanto_oms.sandbox.seller import Seller, Shop
from crossdock_anchanto_oms.sandbox.values import Body, Code, Label


class SubmitFeed(Body):
    """``POST …/listing-feeds``; rows are looked at one by one, later."""

    feed_reference: Code
    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=1000)]


class FeedPart(ComponentBody):
    """A part, or a variant with its own price and first stock."""

    retail_price: str | None = None
    stock: Annotated[int, Field(ge=0)] | None = None


class FeedRow(Body):
    """One listing of the channel."""

    csku: Code
    type: Kind
    name: Label
    channel_item_id: Code
    description: str | None = None
    brand: Label | None = None
    images: Annotated[list[Image], Field(max_length=9)] = Field(default_factory=list)
    components: list[FeedPart] | None = None
    retail_price: str | None = None
    selling_price: str | None = None
    stock: Annotated[int, Field(ge=0)] | None = None


def submit(seller: Seller, shop: Shop, sent: SubmitFeed) -> Feed:
    """Queue a feed, or refuse a reference that was used."""
    taken = shop.feed_by_reference.get(sent.feed_reference)
    if taken is not None:
        raise duplicate(
            f"feed {sent.feed_reference!r} exists already as {taken.feed_id}",
            feed_id=taken.feed_id,
            feed_reference=sent.feed_reference,
        )
    begins = seller.world.clock.seconds() + seller.settings.feed_delay_seconds
    feed_id = f"FEED-{next(seller.numbers):08d}"
    feed = Feed(feed_id, sent.feed_reference, shop.store.store_code, sent.rows, begins)
    shop.feeds[feed_id] = shop.feed_by_reference[sent.feed_reference] = feed
    seller.feeds.append(feed)
    seller.world.oracle.record("submit_feed", sent.feed_reference, feed_id=feed_id, rows=len(sent.rows))
    return feed


def work_due(seller: Seller) -> None:
    """Do the rows whose time has come, feed after feed, as fast as the limit allows."""
    now = seller.world.clock.seconds()
    for feed in seller.feeds:
        pace = seller.shops[feed.store_code].pace
        while not feed.done() and feed.begins <= now and pace.take(now):
            number = len(feed.results)
            feed.results.append(_result(seller, feed, number))
    seller.feeds = [feed for feed in seller.feeds if not feed.done()]


def _result(seller: Seller, feed: Feed, number: int) -> dict[str, object]:
    row = feed.rows[number]
    result: dict[str, object] = {"row": number, "csku": row.get("csku"), "status": "ACCEPTED", "error": None}
    try:
        _take_in(seller, feed, FeedRow.model_validate_json(json.dumps(row)), number)
    except ValidationError as error:
        result |= {"status": "REJECTED", "error": _shown(unreadable(error))}
    except Refusal as refusal:
        result |= {"status": "REJECTED", "error": _shown(refusal)}
    return result


def _shown(refusal: Refusal) -> dict[str, str]:
    return {"code": refusal.code, "message": str(refusal)}


def _take_in(seller: Seller, feed: Feed, row: FeedRow, number: int) -> None:
    shop = seller.shops[feed.store_code]
    _check_unique(shop, feed, row, number)
    if not listings.brand_allowed(shop, row.brand):
        raise unprocessable("brand_not_authorized", f"brand {row.brand!r} is not authorized for this store")
    _check_price(shop, row)
    unknown = {isku for isku in _own(row) if isku not in seller.products}
    products.put(seller, row.csku, _product(seller, row))
    shop.listings.put(row.csku, Listing(row.csku, "LISTED", None, row.channel_item_id))
    _set_prices(seller, shop, row)
    for isku, level in _own(row).items():
        if isku in unknown and level:
            first = stock.level(seller, isku, shop.store.warehouse_codes[0])
            stock.count(seller, first, sellable=level, damaged=0)
    seller.world.oracle.record("list_row", row.csku, feed_id=feed.feed_id, channel_item_id=row.channel_item_id)


def _check_unique(shop: Shop, feed: Feed, row: FeedRow, number: int) -> None:
    listed = shop.listings.get(row.csku)
    if any(earlier.get("csku") == row.csku for earlier in feed.rows[:number]):
        raise unprocessable("duplicate_sku", f"{row.csku!r} stands in an earlier row; only one product syncs")
    if listed is not None and listed.channel_item_id not in (None, row.channel_item_id):
        raise unprocessable("duplicate_sku", f"{row.csku!r} is listed already as item {listed.channel_item_id}")


def _own(row: FeedRow) -> dict[str, int | None]:
    """The ISKUs that a row brings along, each with its first level."""
    if row.type == "single":
        return {row.csku: row.stock}
    return {part.isku: part.stock for part in row.components or ()} if row.type == "group" else {}


def _check_price(shop: Shop, row: FeedRow) -> None:
    if row.retail_price is None and row.selling_price is not None:
        raise invalid("retail_price", "is needed beside selling_price")
    for amount in (row.retail_price, *(part.retail_price for part in row.components or ())):
        wrong = None if amount is None else prices.wrong_amount(shop.store, _price(row, row.csku, amount))
        if wrong is not None:
            raise invalid("retail_price", wrong)


def _price(row: FeedRow, sku: str, retail_price: str) -> prices.PriceRow:
    return prices.PriceRow(sku=sku, retail_price=retail_price, selling_price=row.selling_price)


def _set_prices(seller: Seller, shop: Shop, row: FeedRow) -> None:
    product = seller.products.get(row.csku)
    special = {part.isku: part.retail_price for part in row.components or () if row.type == "group"}
    for sku in listings.skus_of(product) if product is not None else ():
        amount = special.get(sku) or row.retail_price
        if amount is not None:
            prices.set_price(seller, shop.store, _price(row, sku, amount))


def _product(seller: Seller, row: FeedRow) -> PutProduct:
    """The row as a product; what a feed does not carry stays as it was."""
    known = seller.products.get(row.csku)
    kept = {} if known is None else {name: getattr(known, name) for name in ("barcode", "weight_grams")}
    same = {name: getattr(row, name) for name in ("type", "name", "description", "brand", "images", "components")}
    return PutProduct(**kept, **same)


def shown(feed: Feed) -> dict[str, Any]:
    """How far a feed is."""
    accepted = sum(result["status"] == "ACCEPTED" for result in feed.results)
    status = "DONE" if feed.done() else "PROCESSING" if feed.results else "QUEUED"
    return {
        "feed_id": feed.feed_id,
        "feed_reference": feed.feed_reference,
        "status": status,
        "total": len(feed.rows),
        "accepted": accepted,
        "rejected": len(feed.results) - accepted,
        "results": feed.results,
    }
