"""Which verbs the engine asks at which end of a route, and how the kit treats them. Pure."""

from __future__ import annotations

__all__ = ["ABSOLUTE", "ACTS", "AT", "BATCHES", "EXTENSION", "NUMBERED", "PULLS", "REWRITES", "SYSTEMS", "UNMISSED"]

SYSTEMS = frozenset({"channel", "backend"})
"""Ends of a route, where a system is connected."""

EXTENSION = "extension"
"""What stands between them."""

PULLS = frozenset({"pull_orders", "pull_returns", "pull_stock", "pull_products"})
"""Read what changed, a page at a time."""

NUMBERED = frozenset(
    {"probe", "read_orders", "read_stock", "find_order", "find_product", "fetch_label", "fetch_image"}
    | {"pull_lost_pushes"}
)
"""Read one thing, or a few, in one answer."""

REWRITES = frozenset({"rewrite_order", "rewrite_stock", "rewrite_product"})
"""Change what passes, or hold it back."""

_SIGNS_IN = {"probe", "sign_in_link", "sign_in"}
_HEARS = {"read_push", "read_relayed_push", "pull_lost_pushes", "confirm_lost_pushes"}
_BOTH = _SIGNS_IN | _HEARS | {"pull_orders", "read_orders", "cancel_order", "pull_stock", "pull_products"}

AT = {
    "channel": frozenset(
        _BOTH
        | {"answer_cancellation", "arrange_shipment", "fetch_label", "pull_returns", "push_stock", "push_prices"}
        | {"push_product", "find_product", "delist_product", "relist_product", "delete_product"}
    ),
    "backend": frozenset(
        _BOTH
        | {"find_order", "push_order", "post_order", "update_order", "push_tracking", "push_label", "push_return"}
        | {"read_stock", "fetch_image", "push_trouble", "push_listings", "push_listing_outcome"}
    ),
    EXTENSION: REWRITES,
}
"""End to the verbs that are asked there."""

ACTS = frozenset(
    {"push_order", "post_order", "update_order", "cancel_order", "answer_cancellation", "push_return"}
    | {"arrange_shipment", "push_tracking", "push_label", "push_stock", "push_prices"}
    | {"push_product", "delist_product", "relist_product", "delete_product", "push_trouble", "push_listing_outcome"}
    | {"push_listings"}
)
"""Do something; each call may be in doubt."""

UNMISSED = frozenset(
    {"relist_product", "push_trouble", "push_listings", "push_listing_outcome", "sign_in_link", "sign_in"}
    | {"read_relayed_push", "pull_lost_pushes", "confirm_lost_pushes"}
)
"""What the engine does without where nobody answers it, so that nobody has to say that they do not."""

ABSOLUTE = ACTS - {"push_order", "post_order", "answer_cancellation", "push_product", "arrange_shipment"}
"""May be called again at any time with the same arguments, and then change nothing."""

BATCHES = {"push_stock": "sku", "push_prices": "sku", "push_listings": "id"}
"""Acts on many things at once, to the field of a row that is the key of its outcome."""
