"""Looks after every change whether the account still is as it must be, and stops it where it is not."""

from __future__ import annotations

import time

from crossdock_anchanto_oms.sandbox import invariants
from crossdock_anchanto_oms.sandbox.refusal import Refusal
from crossdock_anchanto_oms.sandbox.seller import Seller

_FEW = 300
"""Rows of an account that is looked through after every change; a larger one once a second."""
_EVERY_SECONDS = 1.0


class Watch:
    """Whether something was found that must not be; the sandbox then answers nothing but that.

    Args:
        seller: whose account.
    """

    def __init__(self, seller: Seller) -> None:
        self._seller = seller
        self._looked_at = 0.0
        self.broken: list[str] = []

    def look(self) -> None:
        """Look, unless a large account was looked through a moment ago; what is found is told to the oracle once."""
        if self.broken or (self._rows() > _FEW and time.monotonic() - self._looked_at < _EVERY_SECONDS):
            return
        self._looked_at = time.monotonic()
        self.broken = invariants.broken(self._seller)
        for sentence in self.broken:
            self._seller.world.oracle.record("invariant_broken", sentence)

    def require(self) -> None:
        """Refuse everything once something is broken.

        Raises:
            Refusal: with HTTP status 500 and the first thing that was found.
        """
        if self.broken:
            raise Refusal(500, "invariant_broken", f"this sandbox is wrong: {self.broken[0]}", broken=self.broken)

    def _rows(self) -> int:
        orders = sum(len(shop.orders) for shop in self._seller.shops.values())
        return orders + len(self._seller.stock) + len(self._seller.outbox.events)
