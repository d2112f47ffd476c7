"""The kit knows every verb of the contract: how it is tried, or that it is not."""

from __future__ import annotations

from crossdock.contract import VERBS
from crossdock.testing.verbs import ACTS, AT, NUMBERED, PULLS

UNTRIED = {
    "sign_in", "sign_in_link",  # a person and a browser
    "pull_lost_pushes", "confirm_lost_pushes", "read_relayed_push",  # of systems that remember what did not arrive
    "push_listings",  # of feeds that take minutes
    "rewrite_order", "rewrite_product", "rewrite_stock",  # of extensions
}  # fmt: skip


def test_every_verb_is_tried_or_said_not_to_be() -> None:
    tried = PULLS | NUMBERED | ACTS | {"read_push"}
    assert tried | UNTRIED == set(VERBS)
    assert tried & UNTRIED == set()
    assert tried == AT["channel"] | AT["backend"]
