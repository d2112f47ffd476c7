"""Variations of a shop's listing: made once, then followed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crossdock.model import Product
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.config import ShopeeRoute
from crossdock_shopee.translate.drafts import Tiers, models_of
from crossdock_shopee.translate.variations import Moves, differ, moves
from crossdock_shopee.wire.items import Models

__all__ = ["follow", "start"]

_VERB = "push_product"


async def start(
    gateway: Gateway, number: str, product: Product, prices: Sequence[Decimal], options: ShopeeRoute
) -> None:
    """Give an item without variations all of its variations. Never twice: it destroys those that are there."""
    tiers = Tiers(product.options, product.variants)
    body = {
        "item_id": int(number),
        "standardise_tier_variation": tiers.body(),
        "model": models_of(product.variants, tiers, prices, options.first_location),
    }
    await gateway.do("product/init_tier_variation", body, verb=_VERB)


async def follow(
    gateway: Gateway, product: Product, listed: Product, prices: Sequence[Decimal], options: ShopeeRoute
) -> list[str]:
    """Bring the variations of `listed` to what `product` says; what was done, in words.

    Raises:
        Refused: the product got other options, or lost them: that is another listing.
    """
    if product.options and not listed.options:
        await start(gateway, listed.id, product, prices, options)
        return ["variations"]
    if not differ(product, listed) or not product.options:
        return []
    found = await gateway.get("product/get_model_list", {"item_id": listed.id}, Models, verb=_VERB)
    before = [[option.option for option in tier.option_list] for tier in found.tier_variation or ()]
    planned = moves(product, listed, prices, before, delete_missing=options.missing_variants == "delete")
    return await _apply(gateway, listed.id, planned, options.first_location)


async def _apply(gateway: Gateway, number: str, planned: Moves, location: str) -> list[str]:
    item = {"item_id": int(number)}
    done = []
    for variant in planned.gone:
        await gateway.do("product/delete_model", {**item, "model_id": int(variant.id)}, verb=_VERB)
        done.append(f"without {variant.sku}")
    if planned.places is not None:  # every variation must be named, or it is lost
        models = [{"model_id": int(variant.id), "tier_index": index} for variant, index in planned.places]
        body = {**item, "standardise_tier_variation": planned.tiers.body(), "model_list": models}
        await gateway.do("product/update_tier_variation", body, verb=_VERB, effect=False)
        done.append("options")
    if planned.new:
        variants, prices = zip(*planned.new, strict=True)
        rows = models_of(variants, planned.tiers, prices, location)
        await gateway.do("product/add_model", {**item, "model_list": rows}, verb=_VERB)
        done += [f"with {variant.sku}" for variant in variants]
    return done
