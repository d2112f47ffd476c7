"""update_price and update_stock: one item a call, up to fifty variations, each of which fails alone."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.products import rules
from crossdock_shopee.sandbox.products.record import Item, Model
from crossdock_shopee.sandbox.products.refusals import editable_item, local_shop_only, no_kit, refused
from crossdock_shopee.sandbox.products.requests import SellerStock
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Money, Request
from crossdock_shopee.sandbox.wire import number

MAX_ROWS = 50


class PriceRow(Request):
    """A variation's new list price; 0 or none is the item itself."""

    model_id: int = 0
    original_price: Money


class UpdatePriceRequest(Request):
    """Parameters of product.update_price."""

    item_id: int
    price_list: list[PriceRow] = Field(min_length=1, max_length=MAX_ROWS)


class StockRow(Request):
    """A variation's new stock; 0 or none is the item itself."""

    model_id: int = 0
    seller_stock: list[SellerStock] = Field(min_length=1)


class UpdateStockRequest(Request):
    """Parameters of product.update_stock."""

    item_id: int
    stock_list: list[StockRow] = Field(min_length=1, max_length=MAX_ROWS)


def update_price(call: Call, ask: UpdatePriceRequest) -> Reply:
    """Set list prices; a kit's can be set too."""
    item = editable_item(call, ask.item_id)
    if call.shop.merchant_id is not None and call.shop.synced_price:
        local_shop_only(call)
    _check_models(item, [row.model_id for row in ask.price_list], "price")
    wanted = {row.model_id: row.original_price for row in ask.price_list}
    rules.check_price_ratio(call.shop.region, [wanted.get(model.model_id, model.price) for model in item.models])
    outcome = Outcome()
    for row in ask.price_list:
        reason = _price_obstacle(call, item, row)
        if reason:
            outcome.fail(row.model_id, reason)
        else:
            _set_price(call, item, row)
            outcome.done(model_id=row.model_id, original_price=number(row.original_price))
    return outcome.reply(call, item, "price")


def update_stock(call: Call, ask: UpdateStockRequest) -> Reply:
    """Set what the seller has, by location; what promotions set aside cannot be taken away."""
    local_shop_only(call)
    item = editable_item(call, ask.item_id)
    no_kit(item)
    _check_models(item, [row.model_id for row in ask.stock_list], "stock")
    places = call.shop.catalogue.locations
    levels = [(row.model_id, rules.stock_by_location(places, row.seller_stock)) for row in ask.stock_list]
    outcome = Outcome()
    for model_id, stock in levels:
        model = item.model(model_id)
        if model is None:
            continue
        after = {**model.stock, **stock}
        if sum(after.values()) < item.reserved(model_id, call.now):
            outcome.fail(model_id, "Total stock must be more than reserved stock.")
            continue
        model.stock = after
        for place, units in stock.items():
            shown = place if len(call.shop.catalogue.locations) > 1 else ""
            outcome.done(model_id=model_id, location_id=shown, stock=units)
        call.state.world.oracle.record("update_stock", f"{item.item_id}:{model_id}", sku=_sku(item, model), stock=stock)
    return outcome.reply(call, item, "stock")


class Outcome:
    """The rows of both answers."""

    def __init__(self) -> None:
        self._success: list[dict[str, Any]] = []
        self._failure: list[dict[str, Any]] = []

    def done(self, **row: object) -> None:
        """Note that a row was written."""
        self._success.append(row)

    def fail(self, model_id: int, reason: str) -> None:
        """Note that a row was not written."""
        self._failure.append({"model_id": model_id, "failed_reason": reason})

    def reply(self, call: Call, item: Item, what: str) -> Reply:
        """The envelope's members.

        Raises:
            ApiError: a row failed; the others were written all the same, and all are in the body.
        """
        if self._success:
            call.shop.catalogue.changed(item, call.now)
        body = wrapped({"failure_list": self._failure, "success_list": self._success})
        if self._failure and not self._success:
            raise refused("error_busi", self._failure[0]["failed_reason"], body)
        if self._failure and what == "stock":  # of prices, partial failure is documented as a success with failed rows
            message = "Update stock failed, please check failure_list for detailed reason"
            raise refused("error_busi_update_stock_failed", message, body)
        return body


def _check_models(item: Item, model_ids: list[int], what: str) -> None:
    """The variations exist, each is named once, and the item itself is not meant when it has variations."""
    if item.has_model and 0 in model_ids:
        code = f"error_edit_item_{what}_for_item_has_model"
        verb = "Can't edit item price" if what == "price" else "Can't to edit item stock"
        raise refused(code, f"{verb} directly while item has models.")
    if len(set(model_ids)) < len(model_ids):
        raise refused("error_param", "Repeat model_id.")
    if any(item.model(model_id) is None for model_id in model_ids):
        raise refused("error_param", "Wrong model_id.")


def _price_obstacle(call: Call, item: Item, row: PriceRow) -> str:
    if item.running_promotion(call.now, row.model_id):
        return "Price cannot be changed when model is under promotion."
    try:
        rules.check_price(call.shop.region, row.original_price)
    except ApiError as error:
        return error.message
    return ""


def _set_price(call: Call, item: Item, row: PriceRow) -> None:
    model = item.model(row.model_id)
    if model is None:
        return
    before, model.price = model.price, row.original_price
    call.state.world.oracle.record("update_price", f"{item.item_id}:{row.model_id}", price=str(row.original_price))
    data = {
        "item_id": item.item_id,
        "model_id": row.model_id,
        "update_field": "original_price",
        "old_value": number(before),
        "new_value": number(row.original_price),
        "update_time": call.now,
    }
    call.state.outbox.emit(22, call.shop.id, data)


def _sku(item: Item, model: Model) -> str:
    return model.sku if item.has_model else item.sku


ENDPOINTS = (
    Endpoint("POST", "product/update_price", UpdatePriceRequest, update_price),
    Endpoint("POST", "product/update_stock", UpdateStockRequest, update_stock),
)
