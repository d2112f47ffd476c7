"""Finding a global product and what was made of it in the shops."""

from __future__ import annotations

from collections.abc import Iterator

from crossdock_shopee.sandbox.endpoint import Call
from crossdock_shopee.sandbox.global_products.record import GlobalItem
from crossdock_shopee.sandbox.products.record import Item, Model
from crossdock_shopee.sandbox.products.refusals import refused
from crossdock_shopee.sandbox.state import Shop


def global_item(call: Call, number: int) -> GlobalItem:
    """The merchant's product with this id.

    Raises:
        ApiError: it has none.
    """
    found = call.merchant.items.get(number)
    if found is None:
        raise refused("error_busi_global_item_not_found", "Global item not found.")
    return found


def global_model(found: GlobalItem, model_id: int) -> Model:
    """The product's variation with this id.

    Raises:
        ApiError: it has none.
    """
    model = found.model(model_id)
    if model is None:
        raise refused("error_busi_global_model_not_found", "Global model no found.")
    return model


def published(call: Call, found: GlobalItem) -> Iterator[tuple[Shop, Item]]:
    """The product's items in the shops."""
    for shop_id, item_id in found.published.items():
        item = call.state.shops[shop_id].catalogue.get(item_id)
        if item is not None:
            yield call.state.shops[shop_id], item


def twin(item: Item, model: Model) -> Model | None:
    """What became of a global variation in a shop: the one that stands at the same place."""
    return next((each for each in item.models if each.tier_index == model.tier_index), None)
