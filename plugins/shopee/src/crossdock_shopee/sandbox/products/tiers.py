"""The dimensions in which variations differ, and where each variation stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

from crossdock_shopee.sandbox.endpoint import Call
from crossdock_shopee.sandbox.products.record import MAX_MODELS, Tier
from crossdock_shopee.sandbox.products.refusals import refused
from crossdock_shopee.sandbox.products.requests import OldTier, StandardTier, Tiers
from crossdock_shopee.sandbox.products.rules import LIMITS


def read_tiers(call: Call, ask: Tiers) -> list[Tier]:
    """The dimensions that a request names, in the newer form or the older.

    Raises:
        ApiError: there are none, too many, or a name, an option or an image is wrong.
    """
    if ask.standardise_tier_variation is not None:
        tiers = [_from_standard(each) for each in ask.standardise_tier_variation]
    else:
        tiers = [_from_old(each) for each in ask.tier_variation or []]
    if not tiers:
        raise refused("error_param", "invalid field TierVariation: value must  Not Null")
    if len(tiers) > 2:
        raise refused("error_param", "The level of tier-variation over 2.")
    if prod(len(tier.options) for tier in tiers) > MAX_MODELS:
        message = (
            "Count of tier_variation options should be under 50. "
            "Count of 2-level variations combinations should be under 50."
        )
        raise refused("error_param", message)
    for place, tier in enumerate(tiers):
        _check_texts(tier)
        _check_images(call, tier, first=place == 0)
    return tiers


def check_index(tiers: Sequence[Tier], index: Sequence[int]) -> tuple[int, ...]:
    """A variation's place, if there is such a place.

    Raises:
        ApiError: there is not.
    """
    fits = len(index) == len(tiers)
    if not fits or any(not 0 <= number < len(tier.options) for number, tier in zip(index, tiers, strict=True)):
        raise refused("error_param", "Model tier_index error.")
    return tuple(index)


def check_distinct(indexes: Iterable[tuple[int, ...]]) -> None:
    """No two variations may stand at one place."""
    found = list(indexes)
    if len(set(found)) < len(found):
        raise refused("error_param", "Model tier_index error.")


def _from_standard(tier: StandardTier) -> Tier:
    rows = tier.variation_option_list
    images = [row.image_id for row in rows]
    return Tier(tier.variation_name, [row.variation_option_name for row in rows], images if any(images) else [])


def _from_old(tier: OldTier) -> Tier:
    images = [row.image.image_id if row.image else "" for row in tier.option_list]
    return Tier(tier.name, [row.option for row in tier.option_list], images if any(images) else [])


def _check_texts(tier: Tier) -> None:
    longest_name = LIMITS["tier_variation_name_length_limit"][1]
    longest_option = LIMITS["tier_variation_option_length_limit"][1]
    if not 1 <= len(tier.name) <= longest_name:
        raise refused("error_tier_var_name_too_long", f"A variation's name must have 1 to {longest_name} characters.")
    if not tier.options or any(not 1 <= len(option) <= longest_option for option in tier.options):
        raise refused("error_tier_opt_val_too_long", f"An option must have 1 to {longest_option} characters.")
    if len(set(tier.options)) < len(tier.options):
        raise refused("error_param", "Parameter is not match the constraints, an option is repeated.")


def _check_images(call: Call, tier: Tier, *, first: bool) -> None:
    if not tier.image_ids:
        return
    if not first or "" in tier.image_ids:
        raise refused("error_tier_img_partial", "Interal error, please contact openapi team.")
    if any(image_id not in call.state.images for image_id in tier.image_ids):
        raise refused("error_param", "Image not exist.")
