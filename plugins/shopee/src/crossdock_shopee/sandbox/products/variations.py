"""init_tier_variation, update_tier_variation, add_model, update_model, delete_model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.products import rules
from crossdock_shopee.sandbox.products.bodies import tier_body
from crossdock_shopee.sandbox.products.record import MAX_MODELS, Item, Model, Tier
from crossdock_shopee.sandbox.products.refusals import editable_item, local_shop_only, no_kit, refused
from crossdock_shopee.sandbox.products.requests import Dimension, ModelDraft, PreOrder, Tiers, plain
from crossdock_shopee.sandbox.products.tiers import check_distinct, check_index, read_tiers
from crossdock_shopee.sandbox.regions import Region
from crossdock_shopee.sandbox.replies import Reply, wrapped
from crossdock_shopee.sandbox.requests import Money, Request
from crossdock_shopee.sandbox.wire import number


class InitRequest(Tiers):
    """Parameters of product.init_tier_variation."""

    item_id: int
    model: list[ModelDraft] = Field(min_length=1, max_length=MAX_MODELS)


class KeptModel(Request):
    """A variation that stays, and where it stands from now on."""

    model_id: int
    tier_index: list[int]


class UpdateTiersRequest(Tiers):
    """Parameters of product.update_tier_variation."""

    item_id: int
    model_list: list[KeptModel] | None = None


class AddModelRequest(Request):
    """Parameters of product.add_model."""

    item_id: int
    model_list: list[ModelDraft] = Field(min_length=1, max_length=MAX_MODELS)


class ModelChange(Request):
    """What changes about a variation; neither price nor stock."""

    model_id: int
    model_sku: str | None = Field(default=None, max_length=100)
    gtin_code: str | None = None
    model_status: Literal["MODEL_NORMAL", "MODEL_UNAVAILABLE"] | None = None
    weight: Money | None = None
    dimension: Dimension | None = None
    pre_order: PreOrder | None = None


class UpdateModelRequest(Request):
    """Parameters of product.update_model."""

    item_id: int
    model: list[ModelChange] = Field(min_length=1, max_length=MAX_MODELS)


class DeleteModelRequest(Request):
    """Parameters of product.delete_model."""

    item_id: int
    model_id: int


def init_tier_variation(call: Call, ask: InitRequest) -> Reply:
    """Give an item another number of dimensions; whatever variations it had are gone, with their ids."""
    item = _variable_item(call, ask.item_id)
    if call.state.world.clock.seconds() - item.create_time < call.state.settings.init_tier_seconds:
        raise refused("error_item_not_found", "Product not found")
    tiers = read_tiers(call, ask)
    if len(tiers) == len(item.tiers):
        raise refused("error_param", "The level of tier-variation not change.")
    if item.running_promotion(call.now):
        message = "Tier_variation cannot be changed when item is under promotion."
        raise refused("error_cannt_init_tier_in_promotion", message)
    models = new_models(call, Ground.of(call), tiers, ask.model, [])
    item.tiers, item.models = tiers, models
    call.shop.catalogue.changed(item, call.now)
    call.state.world.oracle.record("init_tier_variation", str(item.item_id), models=len(models))
    answer = {"item_id": item.item_id, "tier_variation": [tier_body(tier) for tier in tiers]}
    return wrapped({**answer, "model": [_made(model) for model in models]})


def update_tier_variation(call: Call, ask: UpdateTiersRequest) -> Reply:
    """Rename, reorder, add or drop options. A variation that is not named is deleted."""
    item = _variable_item(call, ask.item_id)
    if not item.has_model:
        message = "Item without tier-variation. Please use init_tier_variation api to upgrade the structure."
        raise refused("error_tier_var_is_", message)
    tiers = read_tiers(call, ask) if _names_tiers(ask) else item.tiers
    if len(tiers) != len(item.tiers):
        raise refused("error_param", "Canot change the level of tier-variation.")
    places = _places(item, tiers, ask.model_list)
    if len(places) < len(item.models) and item.running_promotion(call.now):
        message = "Can't change tier_variation when item is under promotion."
        raise refused("error_in_item_promotion_remove_model", message)
    item.models = [model for model in item.models if model.model_id in places]
    for model in item.models:
        model.tier_index = places[model.model_id]
    item.tiers = tiers
    call.shop.catalogue.changed(item, call.now)
    call.state.world.oracle.record("update_tier_variation", str(item.item_id), models=len(item.models))
    return {}


def add_model(call: Call, ask: AddModelRequest) -> Reply:
    """Fill free places with new variations."""
    item = _variable_item(call, ask.item_id)
    if not item.has_model:
        message = "Item without tier_variation. Please use init_tier_variation api to upgrade the structure."
        raise refused("error_param", message)
    models = new_models(call, Ground.of(call), item.tiers, ask.model_list, item.models)
    item.models += models
    call.shop.catalogue.changed(item, call.now)
    call.state.world.oracle.record("add_model", str(item.item_id), models=len(models))
    return wrapped({"model": [_made(model) for model in models]})


def update_model(call: Call, ask: UpdateModelRequest) -> Reply:
    """Change what is named about variations."""
    item = editable_item(call, ask.item_id)
    no_kit(item)
    if call.shop.merchant_id is None and any(change.model_status is not None for change in ask.model):
        raise refused("error_param", "Parameter is not match the constraints, model_status cannot be set.")
    found = [(model_of(item, change.model_id), change) for change in ask.model]
    for model, change in found:
        _change(model, change)
    call.shop.catalogue.changed(item, call.now)
    call.state.world.oracle.record("update_model", str(item.item_id))
    return {}


def delete_model(call: Call, ask: DeleteModelRequest) -> Reply:
    """Take one variation away; the last one stays."""
    item = _variable_item(call, ask.item_id)
    model = model_of(item, ask.model_id)
    if len(item.models) == 1:
        raise refused("error_busi_cannot_delete_default_model", "Can't delete default model.")
    if item.running_promotion(call.now, model.model_id):
        message = "Model cannot be deleted when item/model is under promotion or groupbuy."
        raise refused("error_model_remove_model_in_promotion", message)
    item.models.remove(model)
    call.shop.catalogue.changed(item, call.now)
    call.state.world.oracle.record("delete_model", str(item.item_id), model_id=model.model_id)
    return {}


def model_of(item: Item, model_id: int) -> Model:
    """The item's variation with this id.

    Raises:
        ApiError: it has none.
    """
    model = item.model(model_id)
    if model is None:
        raise refused("error_model_invalid_model_id", "Invalid model_id.")
    return model


@dataclass(frozen=True)
class Ground:
    """What prices and stock stand on: the market, and where stock is kept."""

    region: Region
    locations: tuple[str, ...]

    @classmethod
    def of(cls, call: Call) -> Ground:
        """The ground of a shop."""
        return cls(call.shop.region, call.shop.catalogue.locations)


def new_models(
    call: Call, ground: Ground, tiers: Sequence[Tier], drafts: Sequence[ModelDraft], beside: Sequence[Model]
) -> list[Model]:
    """Variations as drafted, at free places, at prices that go with those `beside` them.

    Raises:
        ApiError: a place is taken or does not exist, or a price or stock is wrong.
    """
    for draft in drafts:
        rules.check_price(ground.region, draft.original_price)
    rules.check_price_ratio(
        ground.region, [draft.original_price for draft in drafts] + [model.price for model in beside]
    )
    places = [check_index(tiers, draft.tier_index) for draft in drafts]
    check_distinct([*places, *(model.tier_index for model in beside)])
    return [
        Model(
            model_id=call.state.numbers.model_id(),
            sku=draft.model_sku,
            price=draft.original_price,
            stock=rules.stock_by_location(ground.locations, draft.seller_stock),
            tier_index=place,
            gtin_code=draft.gtin_code,
            weight=draft.weight,
            dimension=plain(draft.dimension) if draft.dimension else None,
            pre_order=plain(draft.pre_order) if draft.pre_order else None,
        )
        for draft, place in zip(drafts, places, strict=True)
    ]


def _variable_item(call: Call, item_id: int) -> Item:
    if call.shop.merchant_id is not None:
        message = "CNCS shop can not modify tier_variation structure."
        raise refused("error_cnsc_shop_block_update_tier_variation", message)
    local_shop_only(call)
    item = editable_item(call, item_id)
    no_kit(item)
    return item


def _names_tiers(ask: Tiers) -> bool:
    return ask.standardise_tier_variation is not None or ask.tier_variation is not None


def _places(item: Item, tiers: Sequence[Tier], kept: Sequence[KeptModel] | None) -> dict[int, tuple[int, ...]]:
    """Where the variations that stay stand from now on."""
    if kept is None:
        return {model.model_id: check_index(tiers, model.tier_index) for model in item.models}
    if not kept:
        raise refused("error_busi_cannot_delete_all_model", "Cannot delete all models by this api.")
    numbers = [row.model_id for row in kept]
    for model_id in numbers:
        if numbers.count(model_id) > 1:
            raise refused("error_duplicate_modelid", f"The model_id is duplicate, model_id:{model_id}")
        if item.model(model_id) is None:
            message = f"The model_id is wrong or not related to this item, model_id:{model_id}"
            raise refused("error_wrong_modelid", message)
    places = {row.model_id: check_index(tiers, row.tier_index) for row in kept}
    check_distinct(places.values())
    return places


def _change(model: Model, change: ModelChange) -> None:
    if change.model_sku is not None:
        model.sku = change.model_sku
    if change.gtin_code is not None:
        model.gtin_code = change.gtin_code
    if change.model_status is not None:
        model.status = change.model_status
    if change.weight is not None:
        rules.check_weight(change.weight)
        model.weight = change.weight
    if change.dimension is not None:
        model.dimension = plain(change.dimension)
    if change.pre_order is not None:
        model.pre_order = plain(change.pre_order)


def _made(model: Model) -> dict[str, Any]:
    rows = [{"location_id": place, "stock": units} for place, units in model.stock.items()]
    return {
        "tier_index": list(model.tier_index),
        "model_id": model.model_id,
        "model_sku": model.sku,
        "price_info": [{"original_price": number(model.price)}],
        "seller_stock": rows,
    }


ENDPOINTS = (
    Endpoint("POST", "product/init_tier_variation", InitRequest, init_tier_variation),
    Endpoint("POST", "product/update_tier_variation", UpdateTiersRequest, update_tier_variation),
    Endpoint("POST", "product/add_model", AddModelRequest, add_model),
    Endpoint("POST", "product/update_model", UpdateModelRequest, update_model),
    Endpoint("POST", "product/delete_model", DeleteModelRequest, delete_model),
)
