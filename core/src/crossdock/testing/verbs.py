"""Which verbs the engine asks at which end of a route, and how the kit treats them. Pure."""

from __future__ import annotations

__all__ = ["ABSOLUTE", "ACTS", "AT", "NUMBERED", "PULLS", "UNMISSED"]

PULLS = frozenset({"pull_orders", "pull_returns", "pull_stock", "pull_products"})
"""Read what changed, a page at a time."""

NUMBERED = frozenset({"probe", "read_orders", "read_stock", "find_order", "find_product", "fetch_label", "fetch_image"})
"""Read one thing, or a few, in one answer."""

_BOTH = {"probe", "read_push", "pull_orders", "read_orders", "cancel_order", "pull_stock", "pull_products"}

AT = {
    "channel": frozenset(
        _BOTH
        | {"answer_cancellation", "arrange_shipment", "fetch_label", "pull_returns", "push_stock", "push_prices"}
        | {"push_product", "find_product", "delist_product", "relist_product", "delete_product"}
    ),
    "backend": frozenset(
        _BOTH
        | {"find_order", "push_order", "post_order", "update_order", "push_tracking", "push_label", "push_return"}
        | {"read_stock", "fetch_image", "push_trouble", "push_listing_outcome"}
    ),
}
"""End to the verbs that are asked there."""

ACTS = frozenset(
    {"push_order", "post_order", "update_order", "cancel_order", "answer_cancellation", "push_return"}
    | {"arrange_shipment", "push_tracking", "push_label", "push_stock", "push_prices"}
    | {"push_product", "delist_product", "relist_product", "delete_product", "push_trouble", "push_listing_outcome"}
)
"""Do something; each call may be in doubt."""

UNMISSED = frozenset({"relist_product", "push_trouble", "push_listing_outcome"})
"""What the engine does without where nobody answers it, so that nobody has to say that they do not."""

ABSOLUTE = ACTS - {"push_order", "post_order", "answer_cancellation", "push_product", "arrange_shipment"}
"""May be called again at any time with the same arguments, and then change nothing."""
