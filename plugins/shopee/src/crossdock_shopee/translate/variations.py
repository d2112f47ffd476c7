"""What has to happen to the variations of a listing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from crossdock.errors import Refused
from crossdock.model import Product, Variant
from crossdock_shopee.translate.drafts import Tiers

__all__ = ["Moves", "differ", "moves"]


class Moves(NamedTuple):
    """In this order: take away, rename or reorder, add."""

    gone: list[Variant]
    places: list[tuple[Variant, list[int]]] | None
    """Where each listed variation stands from now on; None when the options stay as they are."""
    new: list[tuple[Variant, Decimal]]
    """With the price to start with."""
    tiers: Tiers


def differ(product: Product, listed: Product) -> bool:
    """Whether names, SKUs or options differ at all, so that anything has to be asked or done.

    Raises:
        Refused: the product got or lost an option: that is another listing.
    """
    if len(product.options) != len(listed.options):
        raise Refused(
            f"Product {product.sku} differs in {_names(product)}, its listing {listed.id} in {_names(listed)}.",
            hint="delete the listing and let it be made again; buyers' reviews are lost with it",
        )
    return product.options != listed.options or _by_sku(product) != _by_sku(listed)


def moves(
    product: Product,
    listed: Product,
    prices: Sequence[Decimal],
    before: Sequence[Sequence[str]],
    *,
    delete_missing: bool,
) -> Moves:
    """Compare by SKU.

    Args:
        product: as it should be.
        listed: as it is.
        prices: of the product's variations, in their order.
        before: options of each tier in the order that the listing has now.
        delete_missing: take away what the product no longer has, instead of leaving it.
    """
    wanted, known = _by_sku(product), _by_sku(listed)
    missing = [variant for variant in listed.variants if variant.sku not in wanted]
    gone, kept = (missing, []) if delete_missing else ([], missing)
    final = {variant.sku: variant for variant in (*kept, *product.variants)}
    tiers = Tiers(product.options, list(final.values()), before)
    staying = [(variant, tiers.index(final[variant.sku])) for variant in listed.variants if variant.sku in final]
    moved = any(wanted.get(sku, options) != options for sku, options in known.items())
    same = not moved and tiers.names == listed.options and tiers.options == tuple(tuple(tier) for tier in before)
    new = [(one, price) for one, price in zip(product.variants, prices, strict=True) if one.sku not in known]
    return Moves(gone, None if same else staying, new, tiers)


def _by_sku(product: Product) -> dict[str, tuple[str, ...]]:
    return {variant.sku: variant.options for variant in product.variants}


def _names(product: Product) -> str:
    return ", ".join(product.options) or "nothing"
