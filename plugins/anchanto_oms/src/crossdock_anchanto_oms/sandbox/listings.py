"""Listings: a person asks for one, the connector lists and reports."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from crossdock.sandbox import OperatorError
from crossdock_anchanto_oms.sandbox import prices
from crossdock_anchanto_oms.sandbox.records import Listing, Product
from crossdock_anchanto_oms.sandbox.refusal import unknown, unprocessable
from crossdock_anchanto_oms.sandbox.seller import Seller, Shop
from crossdock_anchanto_oms.sandbox.values import Body, Code, Note, time_text


class ChannelModel(Body):
    """A variant as the channel names it."""

    isku: Code
    channel_model_id: Code


class ListingOutcome(Body):
    """``POST …/listings/{csku}/outcome``."""

    request_id: Code
    result: Literal["LISTED", "FAILED"]
    channel_item_id: Code | None = None
    channel_models: Annotated[list[ChannelModel], Field(max_length=1000)] = Field(default_factory=list)
    error: Note | None = None

    @model_validator(mode="after")
    def _complete(self) -> ListingOutcome:
        if self.result == "LISTED" and self.channel_item_id is None:
            raise ValueError("LISTED needs a channel_item_id")
        if self.result == "FAILED" and not self.error:
            raise ValueError("FAILED needs an error")
        return self


def request(seller: Seller, shop: Shop, cskus: list[str]) -> list[Listing]:
    """A person lists products, one or a sheet of them; nothing is requested if one of them cannot be."""
    for csku in cskus:
        _check_request(seller, shop, csku)
    made = []
    for csku in cskus:
        known = shop.listings.get(csku)
        item = None if known is None else known.channel_item_id
        listing = Listing(csku, "REQUESTED", f"LR-{next(seller.numbers):08d}", item)
        shop.listings.put(csku, listing)
        made.append(listing)
    seller.outbox.emit("listing_request", shop.store.store_code, {"cskus": cskus})
    return made


def _check_request(seller: Seller, shop: Shop, csku: str) -> None:
    product = seller.products.get(csku)
    known = shop.listings.get(csku)
    if product is None:
        raise OperatorError(f"there is no product {csku!r}; create its ISKUs first", missing=True)
    if known is not None and known.state == "LISTED":
        raise OperatorError(f"{csku!r} is listed already as item {known.channel_item_id}")
    if not brand_allowed(shop, product.brand):
        raise OperatorError(f"brand {product.brand!r} of {csku!r} is not authorized for this store")


def brand_allowed(shop: Shop, brand: str | None) -> bool:
    """Whether goods of that brand may be listed; goods without a brand may."""
    authorized = shop.store.authorized_brands
    return authorized is None or brand is None or brand in authorized


def answer(seller: Seller, shop: Shop, csku: str, sent: ListingOutcome) -> Listing:
    """The connector tells how a request went.

    Raises:
        Refusal: there is no such listing, or the request was superseded or answered otherwise.
    """
    listing = shop.listings.get(csku)
    if listing is None:
        raise unknown("listing", csku)
    if listing.request_id != sent.request_id:
        raise unprocessable(
            "stale_request", f"request {sent.request_id!r} was superseded", request_id=listing.request_id
        )
    told = Listing(csku, sent.result, sent.request_id, sent.channel_item_id or listing.channel_item_id)
    told.channel_models = [model.model_dump() for model in sent.channel_models]
    told.error = sent.error if sent.result == "FAILED" else None
    if listing.state != "REQUESTED":
        if listing != told:
            raise unprocessable(
                "stale_request", f"request {sent.request_id!r} was answered with {listing.state}", state=listing.state
            )
        return listing
    shop.listings.put(csku, told)
    seller.world.oracle.record("answer_listing", csku, request_id=sent.request_id, result=sent.result)
    return told


def shown(seller: Seller, shop: Shop, listing: Listing) -> dict[str, Any]:
    """A listing as the wire shows it, with what its product is now."""
    product = seller.products.get(listing.csku)
    if product is None:
        raise unknown("product", listing.csku)
    return {
        "csku": listing.csku,
        "type": product.type,
        "name": product.name,
        "description": product.description,
        "brand": product.brand,
        "images": product.images,
        "components": [
            {"isku": each.isku, "quantity": each.quantity, "options": each.options} for each in product.components
        ],
        "prices": _prices(shop, product),
        "state": listing.state,
        "request_id": listing.request_id,
        "channel_item_id": listing.channel_item_id,
        "channel_models": listing.channel_models,
        "error": listing.error,
        "changed_at": time_text(shop.listings.changed_at(listing.csku)),
        "version": shop.listings.version(listing.csku),
    }


def _prices(shop: Shop, product: Product) -> list[dict[str, Any]]:
    found = map(shop.prices.get, skus_of(product))
    rows = [prices.shown(shop, price) for price in found if price is not None]
    return [{name: row[name] for name in ("sku", "retail_price", "selling_price")} for row in rows]


def skus_of(product: Product) -> list[str]:
    """What is ordered of a listing: the variants of a group, else the product itself."""
    return [each.isku for each in product.components] if product.type == "group" else [product.csku]
