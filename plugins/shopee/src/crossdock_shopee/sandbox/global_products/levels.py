"""Prices and stock of global products; stock follows in every shop, prices in those that follow the global ones."""

from __future__ import annotations

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import MERCHANT, Call, Endpoint
from crossdock_shopee.sandbox.global_products.found import global_item, published, twin
from crossdock_shopee.sandbox.global_products.record import GlobalItem
from crossdock_shopee.sandbox.global_products.writing import LOCATIONS
from crossdock_shopee.sandbox.products import rules
from crossdock_shopee.sandbox.products.record import Model
from crossdock_shopee.sandbox.products.refusals import refused
from crossdock_shopee.sandbox.products.requests import SellerStock
from crossdock_shopee.sandbox.replies import Reply
from crossdock_shopee.sandbox.requests import Money, Request

MAX_ROWS = 50


class GlobalPriceRow(Request):
    """A variation's new price in the merchant's currency; 0 or none is the product itself."""

    global_model_id: int = 0
    original_price: Money


class GlobalPriceRequest(Request):
    """Parameters of global_product.update_price."""

    global_item_id: int
    price_list: list[GlobalPriceRow] = Field(min_length=1, max_length=MAX_ROWS)


class GlobalStockRow(Request):
    """A variation's new stock; 0 or none is the product itself."""

    global_model_id: int = 0
    seller_stock: list[SellerStock] = Field(min_length=1)


class GlobalStockRequest(Request):
    """Parameters of global_product.update_stock."""

    global_item_id: int
    stock_list: list[GlobalStockRow] = Field(min_length=1, max_length=MAX_ROWS)


class SyncRow(Request):
    """Which members of a shop's items follow the global ones."""

    shop_id: int
    shop_region: str
    name_and_description: bool
    media_information: bool
    tier_variation_name_and_option: bool
    price: bool
    days_to_ship: bool


class SyncRequest(Request):
    """Parameters of global_product.set_sync_field."""

    shop_sync_list: list[SyncRow] = Field(min_length=1)


def update_price(call: Call, ask: GlobalPriceRequest) -> Reply:
    """Set prices; all or none."""
    found = global_item(call, ask.global_item_id)
    models = _named(found, [row.global_model_id for row in ask.price_list])
    wanted = {row.global_model_id: row.original_price for row in ask.price_list}
    for price in wanted.values():
        rules.check_price(call.merchant.region, price)
    rules.check_price_ratio(call.merchant.region, [wanted.get(each.model_id, each.price) for each in found.models])
    for model in models:
        _carry_price(call, found, model, wanted[model.model_id] / model.price)
        model.price = wanted[model.model_id]
        key = f"{found.id}:{model.model_id}"
        call.state.world.oracle.record("update_global_price", key, price=str(model.price))
    found.update_time = call.now
    return {}


def update_stock(call: Call, ask: GlobalStockRequest) -> Reply:
    """Set stock; all or none. What promotions in the shops set aside cannot be taken away."""
    found = global_item(call, ask.global_item_id)
    models = _named(found, [row.global_model_id for row in ask.stock_list])
    levels = [rules.stock_by_location(LOCATIONS, row.seller_stock) for row in ask.stock_list]
    for model, stock in zip(models, levels, strict=True):
        _check_reserved(call, found, model, sum(stock.values()))
    for model, stock in zip(models, levels, strict=True):
        model.stock = {**model.stock, **stock}
        for shop, item in published(call, found):
            local = twin(item, model)
            if local is not None:
                local.stock = dict(model.stock)
                shop.catalogue.changed(item, call.now)
        key = f"{found.id}:{model.model_id}"
        call.state.world.oracle.record("update_global_stock", key, sku=model.sku or found.sku, stock=stock)
    found.update_time = call.now
    return {}


def set_sync_field(call: Call, ask: SyncRequest) -> Reply:
    """Say what follows; here only the price makes a difference."""
    for row in ask.shop_sync_list:
        if row.shop_id not in call.merchant.shop_ids:
            raise refused("error_auth", "partner does not have permission to operate shop")
    for row in ask.shop_sync_list:
        call.state.shops[row.shop_id].synced_price = row.price
    call.state.world.oracle.record("set_sync_field", str(call.merchant.id))
    return {}


def _named(found: GlobalItem, model_ids: list[int]) -> list[Model]:
    models = [found.model(model_id) for model_id in model_ids]
    known = [model for model in models if model is not None]
    if len(known) < len(models):
        message = "Global_model_id and global_item_id not match."
        raise refused("error_busi_global_item_model_stock_no_match", message)
    if len(set(model_ids)) < len(model_ids):
        raise refused("error_param", "Repeat model_id.")
    return known


def _check_reserved(call: Call, found: GlobalItem, model: Model, units: int) -> None:
    for _shop, item in published(call, found):
        local = twin(item, model)
        if local is not None and units < item.reserved(local.model_id, call.now):
            message = "Normal_stock/ seller_stock is less than min limit."
            raise refused("error_stock_less_then_min_limit", message)


def _carry_price(call: Call, found: GlobalItem, model: Model, ratio: Money) -> None:
    """Let the prices in the shops that follow change in proportion."""
    for shop, item in published(call, found):
        local = twin(item, model)
        if shop.synced_price and local is not None:
            local.price = max(shop.region.smallest, shop.region.round(local.price * ratio))
            shop.catalogue.changed(item, call.now)


ENDPOINTS = (
    Endpoint("POST", "global_product/update_price", GlobalPriceRequest, update_price, MERCHANT),
    Endpoint("POST", "global_product/update_stock", GlobalStockRequest, update_stock, MERCHANT),
    Endpoint("POST", "global_product/set_sync_field", SyncRequest, set_sync_field, MERCHANT),
)
