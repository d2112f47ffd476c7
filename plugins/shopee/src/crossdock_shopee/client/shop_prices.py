"""Prices of a cross-border shop in its own currency: set on what was published to it, with the shop's own token."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crossdock.errors import CrossdockError, Refused, RemoteError, SignInAgain, Unclear
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.shop_window import published
from crossdock_shopee.codes import error_of
from crossdock_shopee.judge import judge_rows
from crossdock_shopee.wire.items import Changed, Models

__all__ = ["set_shop_prices"]

_VERB = "push_prices"
_FOLLOWS = "if the shop's prices follow the merchant's by Seller Centre, say prices_follow_merchant = true in the route"


async def set_shop_prices(gateway: Gateway, number: int, prices: Mapping[str, Decimal]) -> dict[str, CrossdockError]:
    """Set prices in the shop's currency, by SKU, of what was published of one global item; the problems, by SKU.

    Raises:
        SignInAgain: nothing can be written.
    """
    try:
        item_id = await _listed(gateway, number)
        models = await _models(gateway, item_id, prices)
        rows = [{"model_id": models[sku], "original_price": prices[sku]} for sku in models]
        body = {"item_id": item_id, "price_list": rows}
        path = "product/update_price"
        answer = await gateway.change(path, body, Changed, verb=_VERB, effect=False, classify=judge_rows)
    except SignInAgain:
        raise
    except Refused as error:
        return dict.fromkeys(prices, error.at(hint=error.hint or _FOLLOWS))
    except RemoteError as error:
        return dict.fromkeys(prices, error)
    return _problems(item_id, prices, models, answer)


async def _listed(gateway: Gateway, number: int) -> int:
    """The shop's number of what was published of a global item."""
    item = await published(gateway, str(number), _VERB)
    if item is None:
        raise Refused(
            f"Global item {number} is not listed in shop {gateway.settings.shop_id}.", hint="publish it there"
        )
    return item.item_id


async def _models(gateway: Gateway, item_id: int, prices: Mapping[str, Decimal]) -> dict[str, int]:
    """SKU to the shop's number of the variation; 0 of an item without."""
    found = await gateway.get("product/get_model_list", {"item_id": str(item_id)}, Models, verb=_VERB)
    if not found.model:
        return dict.fromkeys(prices, 0)
    return {one.model_sku: one.model_id for one in found.model if one.model_sku and one.model_sku in prices}


def _problems(
    item_id: int, prices: Mapping[str, Decimal], models: Mapping[str, int], answer: Changed
) -> dict[str, CrossdockError]:
    done = {row.model_id or 0 for row in answer.success_list or ()}
    reasons = {row.model_id or 0: row.failed_reason or "no reason given" for row in answer.failure_list or ()}
    problems: dict[str, CrossdockError] = {}
    for sku in prices:
        model = models.get(sku)
        if model is None:
            problems[sku] = Refused(f"Item {item_id} of the shop has no variation with SKU {sku}.", code="unknown_sku")
        elif model in reasons:
            problems[sku] = error_of("failure_list", reasons[model], effect=False)
        elif model not in done:
            problems[sku] = Unclear(f"Shopee's answer does not say how {item_id}/{model} fared.")
    return problems
