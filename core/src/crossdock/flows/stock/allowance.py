"""How much a channel may show: of what is there, after what is sold, what others show, and what extensions say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from crossdock.contract import Route
from crossdock.flows.options import StockOptions
from crossdock.flows.stock.show import to_show
from crossdock.ledger import Sold
from crossdock.model import StockLevel

_NOTHING = Decimal(0)


class SoldUnits:
    """Units that the channel sold, and that a level may not contain yet. Pure.

    Args:
        sold: lines of open orders.
        kits: SKU of a kit to its parts: who sells a kit sells its parts.
    """

    def __init__(self, sold: Sequence[Sold] = (), kits: Mapping[str, Mapping[str, Decimal]] | None = None) -> None:
        self._kits = kits or {}
        self._by_sku: defaultdict[str, list[tuple[Decimal, float | None]]] = defaultdict(list)
        for one in sold:
            for part, count in self._kits.get(one.sku, {one.sku: Decimal(1)}).items():
                self._by_sku[part].append((one.quantity * count, one.settled_at))

    def of(self, sku: str, as_of: float) -> Decimal:
        """How many of `sku` a level does not contain that was read at `as_of` (seconds since the epoch)."""
        parts = self._kits.get(sku)
        if parts is None:
            found = self._by_sku.get(sku, ())
            return sum((units for units, settled in found if settled is None or settled > as_of), _NOTHING)
        missing = (self.of(part, as_of) / count for part, count in parts.items() if part not in self._kits)
        return max(missing, default=_NOTHING).to_integral_value(ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Share:
    """What one route makes of a stock.

    Attributes:
        buffers: SKU to units that are never shown, where a person said so.
    """

    options: StockOptions
    buffers: Mapping[str, int] = field(default_factory=dict)

    def of(self, sku: str, available: Decimal) -> int:
        """How many of `available` units of sale it may show."""
        return to_show(available, self.options, self.buffers.get(sku))


class Allowance:
    """What a route may show of a level.

    Args:
        route: asks its extensions.
        share: of the route.
        ahead: of the routes that sell the same stock and are served first, in their order.
    """

    def __init__(self, route: Route, share: Share, ahead: Sequence[Share] = ()) -> None:
        self._route = route
        self._share = share
        self._ahead = ahead

    async def of(self, item: StockLevel, sold: Decimal = _NOTHING) -> int:
        """What may be shown of `item`, in units of sale, `sold` of which are gone; never below zero."""
        left = item.available - sold
        for share in self._ahead:
            left -= share.of(item.sku, left)
        may = self._share.of(item.sku, left)
        shown = item.model_copy(update={"available": Decimal(may)})
        rewritten = await self._route.both.rewrite_stock(shown, self._route)
        return may if rewritten is shown else max(int(rewritten.available), 0)
