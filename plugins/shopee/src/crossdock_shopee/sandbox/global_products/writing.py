"""Making and changing global products and their variations."""

from __future__ import annotations

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import MERCHANT, Call, Endpoint
from crossdock_shopee.sandbox.global_products.found import global_item, global_model, published, twin
from crossdock_shopee.sandbox.global_products.reading import GlobalItemRequest
from crossdock_shopee.sandbox.global_products.record import GlobalItem
from crossdock_shopee.sandbox.listings import LOCATION_ID
from crossdock_shopee.sandbox.products import rules
from crossdock_shopee.sandbox.products.record import MAX_MODELS, ItemStatus, Model
from crossdock_shopee.sandbox.products.refusals import refused
from crossdock_shopee.sandbox.products.requests import (
    AttributeRow,
    BrandRow,
    Dimension,
    Images,
    ModelDraft,
    SellerStock,
    Tiers,
    plain,
)
from crossdock_shopee.sandbox.products.tiers import read_tiers
from crossdock_shopee.sandbox.products.variations import Ground, new_models
from crossdock_shopee.sandbox.replies import Reply, wrapped
from crossdock_shopee.sandbox.requests import Money, Request

LOCATIONS = (LOCATION_ID,)


class DaysToShip(Request):
    """How long the seller needs to ship."""

    days_to_ship: int = Field(ge=1, le=30)


class GlobalParts(Request):
    """What can be said of a product both when it is made and later."""

    global_item_sku: str | None = None
    dimension: Dimension | None = None
    attribute_list: list[AttributeRow] | None = None
    brand: BrandRow | None = None
    condition: str | None = None
    image: Images | None = None


class AddGlobalRequest(GlobalParts):
    """Parameters of global_product.add_global_item."""

    category_id: int
    global_item_name: str
    description: str
    original_price: Money
    weight: Money
    pre_order: DaysToShip
    seller_stock: list[SellerStock] = Field(default_factory=list)


class UpdateGlobalRequest(GlobalParts):
    """Parameters of global_product.update_global_item."""

    global_item_id: int
    category_id: int | None = None
    global_item_name: str | None = None
    description: str | None = None
    weight: Money | None = None
    pre_order: DaysToShip | None = None


class GlobalModelDraft(Request):
    """A variation to be made."""

    tier_index: list[int]
    original_price: Money
    global_model_sku: str = Field(default="", max_length=100)
    seller_stock: list[SellerStock] = Field(default_factory=list)

    def draft(self) -> ModelDraft:
        """The same as a shop would say it."""
        return ModelDraft(
            tier_index=self.tier_index,
            original_price=self.original_price,
            model_sku=self.global_model_sku,
            seller_stock=self.seller_stock,
        )


class InitGlobalRequest(Tiers):
    """Parameters of global_product.init_tier_variation."""

    global_item_id: int
    global_model: list[GlobalModelDraft] = Field(min_length=1, max_length=MAX_MODELS)


class AddGlobalModelRequest(Request):
    """Parameters of global_product.add_global_model."""

    global_item_id: int
    global_model: list[GlobalModelDraft] = Field(min_length=1, max_length=MAX_MODELS)


class GlobalModelChange(Request):
    """A variation's new SKU."""

    global_model_id: int
    global_model_sku: str


class UpdateGlobalModelRequest(Request):
    """Parameters of global_product.update_global_model."""

    global_item_id: int
    global_model: list[GlobalModelChange] = Field(min_length=1, max_length=MAX_MODELS)


def add_global_item(call: Call, ask: AddGlobalRequest) -> Reply:
    """Make a product without variations; it is in no shop yet."""
    _check_parts(call, ask, ask.category_id)
    rules.check_attributes(call, ask.attribute_list or [], ask.category_id)
    rules.check_price(call.merchant.region, ask.original_price)
    stock = rules.stock_by_location(LOCATIONS, ask.seller_stock)
    found = GlobalItem(
        id=call.state.numbers.item_id(),
        category_id=ask.category_id,
        name="",
        description="",
        sku="",
        create_time=call.now,
        update_time=call.now,
        image_ids=[],
        weight=ask.weight,
        days_to_ship=ask.pre_order.days_to_ship,
        models=[Model(0, "", ask.original_price, stock)],
    )
    _apply(found, ask)
    call.merchant.items[found.id] = found
    call.state.world.oracle.record("add_global_item", str(found.id), sku=found.sku)
    return wrapped({"global_item_id": found.id})


def update_global_item(call: Call, ask: UpdateGlobalRequest) -> Reply:
    """Change what is named; name and description follow in the shops."""
    found = global_item(call, ask.global_item_id)
    category_id = found.category_id if ask.category_id is None else ask.category_id
    _check_parts(call, ask, category_id)
    if ask.attribute_list is not None or category_id != found.category_id:
        rules.check_attributes(call, ask.attribute_list or [], category_id)
    _apply(found, ask)
    found.update_time = call.now
    for shop, item in published(call, found):
        item.name, item.description = found.name, found.description
        shop.catalogue.changed(item, call.now)
    call.state.world.oracle.record("update_global_item", str(found.id))
    return wrapped({"global_item_id": found.id})


def delete_global_item(call: Call, ask: GlobalItemRequest) -> Reply:
    """Take the product away, in the shops too."""
    found = global_item(call, ask.global_item_id)
    failed = []
    for shop, item in published(call, found):
        if item.running_promotion(call.now):
            failed.append({"shop_id": shop.id, "item_id": item.item_id})
            continue
        item.status = ItemStatus.SELLER_DELETE
        shop.catalogue.changed(item, call.now)
    if not failed:
        del call.merchant.items[found.id]
    call.state.world.oracle.record("delete_global_item", str(found.id))
    return wrapped({"failure_delete_item": failed})


def init_tier_variation(call: Call, ask: InitGlobalRequest) -> Reply:
    """Give a product variations."""
    found = global_item(call, ask.global_item_id)
    if call.state.world.clock.seconds() - found.create_time < call.state.settings.init_tier_seconds:
        raise refused("error_busi_global_item_not_found", "Global item not found.")
    tiers = read_tiers(call, ask)
    if len(tiers) == len(found.tiers):
        raise refused("error_param", "The level of tier-variation not change.")
    ground = Ground(call.merchant.region, LOCATIONS)
    found.models = new_models(call, ground, tiers, [row.draft() for row in ask.global_model], [])
    found.tiers = tiers
    found.update_time = call.now
    call.state.world.oracle.record("init_global_tier_variation", str(found.id), models=len(found.models))
    return {}


def add_global_model(call: Call, ask: AddGlobalModelRequest) -> Reply:
    """Fill free places with new variations."""
    found = global_item(call, ask.global_item_id)
    if not found.tiers:
        message = "Item without tier_variation. Please use init_tier_variation api to upgrade the structure."
        raise refused("error_param", message)
    ground = Ground(call.merchant.region, LOCATIONS)
    found.models += new_models(call, ground, found.tiers, [row.draft() for row in ask.global_model], found.models)
    found.update_time = call.now
    call.state.world.oracle.record("add_global_model", str(found.id))
    return {}


def update_global_model(call: Call, ask: UpdateGlobalModelRequest) -> Reply:
    """Change SKUs of variations; they follow in the shops."""
    found = global_item(call, ask.global_item_id)
    changes = [(global_model(found, row.global_model_id), row.global_model_sku) for row in ask.global_model]
    for model, sku in changes:
        model.sku = sku
        for shop, item in published(call, found):
            local = twin(item, model)
            if local is not None:
                local.sku = sku
                shop.catalogue.changed(item, call.now)
    found.update_time = call.now
    call.state.world.oracle.record("update_global_model", str(found.id))
    return {}


def _check_parts(call: Call, ask: AddGlobalRequest | UpdateGlobalRequest, category_id: int) -> None:
    if ask.category_id is not None:
        rules.check_category(call, ask.category_id)
    if ask.global_item_name is not None:
        rules.check_name(ask.global_item_name)
    if ask.description is not None:
        rules.check_description(ask.description)
    if ask.weight is not None:
        rules.check_weight(ask.weight)
    if ask.image is not None:
        rules.check_images(call, ask.image.image_id_list)
    rules.check_brand(call, ask.brand, category_id)


_NAMES = {
    "global_item_name": "name",
    "global_item_sku": "sku",
    "description": "description",
    "weight": "weight",
    "category_id": "category_id",
    "condition": "condition",
}


def _apply(found: GlobalItem, ask: AddGlobalRequest | UpdateGlobalRequest) -> None:
    """Write what was named into the product."""
    for name, member in _NAMES.items():
        value = getattr(ask, name)
        if value is not None:
            setattr(found, member, value)
    if ask.dimension is not None:
        found.dimension = plain(ask.dimension)
    if ask.brand is not None:
        found.brand = plain(ask.brand)
    if ask.image is not None:
        found.image_ids = list(ask.image.image_id_list)
    if ask.attribute_list is not None:
        found.attributes = [plain(row) for row in ask.attribute_list]
    if ask.pre_order is not None:
        found.days_to_ship = ask.pre_order.days_to_ship


ENDPOINTS: tuple[Endpoint, ...] = tuple(
    Endpoint("POST", f"global_product/{name}", ask, run, MERCHANT)
    for name, ask, run in (
        ("add_global_item", AddGlobalRequest, add_global_item),
        ("update_global_item", UpdateGlobalRequest, update_global_item),
        ("delete_global_item", GlobalItemRequest, delete_global_item),
        ("init_tier_variation", InitGlobalRequest, init_tier_variation),
        ("add_global_model", AddGlobalModelRequest, add_global_model),
        ("update_global_model", UpdateGlobalModelRequest, update_global_model),
    )
)
