"""Writing stock and prices: one call an item, items side by side, an outcome a row."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from crossdock.contract import Outcome
from crossdock.errors import CrossdockError, Refused, RemoteError, SignInAgain, Unclear
from crossdock.model import PriceChange, StockLevel
from crossdock_shopee.client.batches import chunks
from crossdock_shopee.client.catalogue import Catalogue, Place
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.shelves import GlobalShelf, ShopShelf
from crossdock_shopee.client.shop_prices import set_shop_prices
from crossdock_shopee.codes import error_of
from crossdock_shopee.config import ShopeeRoute
from crossdock_shopee.judge import judge_rows
from crossdock_shopee.translate.writing import currency_of, merchant_price, price_number, seller_stock
from crossdock_shopee.wire.items import Changed

__all__ = ["LevelWriter"]

_ROWS_A_CALL = 50
_TOO_FAR_APART = "error_price_out_of_range"
_RATIO = (
    "the dearest may cost only so many times the cheapest"
    " (5 times in most markets, 4 in Brazil, 7 in Malaysia and Indonesia, 9 in Colombia and Chile)"
)

Row = dict[str, object]
Makes = Callable[[Place, Sequence[int]], Row]
"""Place and the positions of what is to be written there, to a row of the call."""


class LevelWriter:
    """Sets stock and prices of listings, found by SKU.

    Args:
        gateway: sends the calls.
        shelf: where the listings are.
        catalogue: knows which listing carries which SKU.
    """

    def __init__(self, gateway: Gateway, shelf: ShopShelf | GlobalShelf, catalogue: Catalogue) -> None:
        self._gateway = gateway
        self._shelf = shelf
        self._catalogue = catalogue

    async def stock(self, levels: Sequence[StockLevel], options: ShopeeRoute) -> list[Outcome]:
        """Set these absolute levels; an outcome for each, in their order.

        Raises:
            SignInAgain: nothing can be written.
            TryLater: the listings could not be read.
        """

        def make(place: Place, which: Sequence[int]) -> Row:
            if place.is_kit:
                raise Refused(f"Item {place.item_id} is a kit: its stock follows from its parts.")
            return {"seller_stock": seller_stock([levels[one] for one in which], options)}

        return await self._write("stock", [level.sku for level in levels], make, options)

    async def prices(self, changes: Sequence[PriceChange], options: ShopeeRoute) -> list[Outcome]:
        """Set these prices; an outcome for each, in their order.

        Of a cross-border merchant, prices in the shop's currency are set in the shop as well, which need not follow.
        """
        shelf, local = self._shelf, currency_of(self._gateway.settings.region)
        currency = await shelf.currency() if isinstance(shelf, GlobalShelf) else local
        outcomes = await self._listed_prices(changes, currency, options)
        if currency == local or options.rate is None or options.prices_follow_merchant:
            return outcomes
        good = {outcome.key for outcome in outcomes if outcome.error is None}
        here = await self._shop_prices([change for change in changes if change.sku in good], options)
        told = {outcome.key: outcome for outcome in (*outcomes, *here)}
        return [told[change.sku] for change in changes]

    async def _listed_prices(
        self, changes: Sequence[PriceChange], currency: str, options: ShopeeRoute
    ) -> list[Outcome]:
        """Set prices where the listings live: in the shop, or with the merchant."""
        region, rate = self._gateway.settings.region, options.rate

        def make(place: Place, which: Sequence[int]) -> Row:
            return {"original_price": merchant_price(changes[which[-1]].price, currency, region, rate)}

        return await self._write("price", [change.sku for change in changes], make, options)

    async def _shop_prices(self, changes: Sequence[PriceChange], options: ShopeeRoute) -> list[Outcome]:
        """Set prices in the currency of the shop, an item at a time."""
        errors: dict[int, CrossdockError] = {}
        skus, region = [change.sku for change in changes], self._gateway.settings.region
        targets = self._targets(skus, await self._catalogue.places(set(skus)), options, errors)
        by_item: defaultdict[int, dict[str, int]] = defaultdict(dict)
        for place, which in targets.items():
            by_item[place.item_id][skus[which[-1]]] = which[-1]
        for item, wanted in by_item.items():
            prices = {}
            for sku, one in wanted.items():
                try:
                    prices[sku] = price_number(changes[one].price, currency_of(region), region)
                except Refused as error:
                    errors[one] = error
            failed = await set_shop_prices(self._gateway, item, prices) if prices else {}
            errors |= {wanted[sku]: error for sku, error in failed.items()}
        return [Outcome(sku, errors.get(one)) for one, sku in enumerate(skus)]

    async def _write(self, what: str, skus: Sequence[str], make: Makes, options: ShopeeRoute) -> list[Outcome]:
        """Find, group by item, write, and hand each answer to whoever asked for it."""
        errors: dict[int, CrossdockError] = {}
        targets = self._targets(skus, await self._catalogue.places(set(skus)), options, errors)
        rows: defaultdict[int, list[tuple[Place, Row]]] = defaultdict(list)
        for place, which in targets.items():
            try:
                rows[place.item_id].append((place, make(place, which)))
            except Refused as error:
                errors |= dict.fromkeys(which, error)
        calls = [self._call(what, part) for item in rows.values() for part in chunks(item, _ROWS_A_CALL)]
        for item in rows:
            self._catalogue.wrote(item)
        for failed in await asyncio.gather(*calls):
            for place, problem in failed.items():
                errors |= dict.fromkeys(targets[place], problem)
        return [Outcome(sku, errors.get(place)) for place, sku in enumerate(skus)]

    def _targets(
        self,
        skus: Sequence[str],
        places: Mapping[str, Sequence[Place]],
        options: ShopeeRoute,
        errors: dict[int, CrossdockError],
    ) -> dict[Place, list[int]]:
        targets: defaultdict[Place, list[int]] = defaultdict(list)
        for which, sku in enumerate(skus):
            found = places[sku]
            if not found:
                hint = "list the product, or write this SKU into its listing"
                errors[which] = Refused(f"No listing of the shop carries SKU {sku}.", code="unknown_sku", hint=hint)
            elif len(found) > 1 and options.duplicate_skus == "refuse":
                names = ", ".join(f"{place.item_id}/{place.model_id}" for place in found)
                hint = 'give each listing its own SKU, or set duplicate_skus = "all"'
                errors[which] = Refused(f"SKU {sku} is listed at {names}.", code="duplicate_sku", hint=hint)
            else:
                for place in found:
                    targets[place].append(which)
        return dict(targets)

    async def _call(self, what: str, part: Sequence[tuple[Place, Row]]) -> dict[Place, CrossdockError]:
        """Write rows of one item; the problems, by place."""
        shelf = self._shelf
        rows = [self._named(place, row) for place, row in part]
        body = {shelf.item_key: part[0][0].item_id, f"{what}_list": rows}
        path, verb = f"{shelf.module}/update_{what}", f"push_{what}"
        try:
            if isinstance(shelf, GlobalShelf):  # it answers for the item as a whole
                await self._gateway.do(path, body, verb=verb, effect=False)
                return {}
            answer = await self._gateway.change(path, body, Changed, verb=verb, effect=False, classify=judge_rows)
        except SignInAgain:
            raise
        except Refused as error:
            if not (error.code or "").endswith(_TOO_FAR_APART):
                return dict.fromkeys((place for place, _ in part), error)
            return await self._one_by_one(what, part)
        except RemoteError as error:
            return dict.fromkeys((place for place, _ in part), error)
        return _problems([place for place, _ in part], answer)

    async def _one_by_one(self, what: str, part: Sequence[tuple[Place, Row]]) -> dict[Place, CrossdockError]:
        """One price that is too far from the others must not hold them up: each is tried alone."""
        if len(part) == 1:
            place = part[0][0]
            text = f"The price of {place.item_id}/{place.model_id} is too far from its other variations': {_RATIO}."
            return {place: Refused(text, code="price_ratio")}
        failed = [await self._call(what, [row]) for row in part]
        return {place: problem for one in failed for place, problem in one.items()}

    def _named(self, place: Place, row: Row) -> Row:
        if isinstance(self._shelf, GlobalShelf) and not place.model_id:
            return row
        return {self._shelf.model_key: place.model_id, **row}


def _problems(places: Sequence[Place], answer: Changed) -> dict[Place, CrossdockError]:
    done = {row.model_id or 0 for row in answer.success_list or ()}
    reasons = {row.model_id or 0: row.failed_reason or "no reason given" for row in answer.failure_list or ()}
    problems: dict[Place, CrossdockError] = {}
    for place in places:
        if place.model_id in reasons:
            problems[place] = error_of("failure_list", reasons[place.model_id], effect=False)
        elif place.model_id not in done:
            problems[place] = Unclear(f"Shopee's answer does not say how {place.item_id}/{place.model_id} fared.")
    return problems
