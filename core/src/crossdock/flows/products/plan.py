"""What is missing so that a listing is as its product says. Pure and total."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from crossdock.flows.options import Adopt, Blocked, ProductsOptions
from crossdock.ledger import Listing
from crossdock.model import Product


class Act(StrEnum):
    """What can be done about a listing."""

    CREATE = "create"
    UPDATE = "update"
    RELIST = "relist"
    DELIST = "delist"
    ZERO = "zero"
    DELETE = "delete"
    NOTHING = "nothing"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class ProductPlan:
    """What is to be done, and why; `cause` groups what a person is asked."""

    act: Act
    why: str
    cause: str = ""


def fingerprint(product: Product) -> str:
    """A short print of content and, behind a colon, of prices and the backend's word for it: it changes with them."""
    content = product.model_dump_json(
        exclude={"updated_at": True, "vendor_status": True, "variants": {"__all__": {"price", "stock"}}}
    )
    rest = [*(f"{variant.sku} {variant.price}" for variant in product.variants), product.vendor_status]
    printed = _print("\n".join(filter(None, rest)))
    return f"{_print(content)}:{printed}"


def content_of(printed: str) -> str:
    """The part of a fingerprint that is about content."""
    return printed.partition(":")[0]


def is_deleted(product: Product) -> bool:
    """Whether the backend has nothing left of it that could be sold."""
    return product.blocked and not product.variants


def plan(listing: Listing, wanted: Product, listed: Product | None, options: ProductsOptions) -> ProductPlan:
    """What is missing.

    Args:
        listing: what is known of the product and its link.
        wanted: the product as it is to be listed, after extensions had their say.
        listed: the listing as the channel shows it now; None where there is none.
        options: of the route.
    """
    if listed is None:
        return _unlisted(listing, wanted, options)
    if wanted.blocked:
        return _blocked(listing, wanted, options)
    if listing.off_sale:
        return ProductPlan(Act.RELIST, "it may be sold online again, and crossdock had taken it off sale")
    if listing.done == content_of(listing.fingerprint) and not listing.kind:  # nor was anything begun since
        return ProductPlan(Act.NOTHING, f"listing {listed.id} is as the product says")
    if not listing.done and not listing.kind and options.adopt is Adopt.KEEP:
        return ProductPlan(Act.NOTHING, f"listing {listed.id} was there before and is left as it is until a change")
    return ProductPlan(Act.UPDATE, f"the product changed since listing {listed.id} was brought in line")


def _unlisted(listing: Listing, wanted: Product, options: ProductsOptions) -> ProductPlan:
    if listing.listed_id and not wanted.blocked:
        why = f"listing {listing.listed_id} of product {wanted.sku} is gone from the channel"
        return ProductPlan(Act.ASK, why, "listing-gone")
    if wanted.blocked:
        return ProductPlan(Act.NOTHING, "it must not be sold online, and is not listed")
    if not options.create:
        return ProductPlan(Act.NOTHING, "it is not listed, and create is off")
    return ProductPlan(Act.CREATE, "it is not listed yet")


def _blocked(listing: Listing, wanted: Product, options: ProductsOptions) -> ProductPlan:
    if listing.done == content_of(listing.fingerprint) and listing.off_sale:
        return ProductPlan(Act.NOTHING, "it was taken off sale")
    if is_deleted(wanted) and options.allow_delete:
        return ProductPlan(Act.DELETE, "the backend deleted it, and allow_delete is on")
    why = "the backend deleted it" if is_deleted(wanted) else "it must not be sold online"
    return ProductPlan(Act.ZERO if options.blocked is Blocked.ZERO else Act.DELIST, why)


def _print(text: str) -> str:
    return blake2b(text.encode(), digest_size=7).hexdigest()
