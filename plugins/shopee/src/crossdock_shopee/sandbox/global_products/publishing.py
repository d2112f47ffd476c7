"""Bringing a global product into a shop: a task that takes its time."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import MERCHANT, Call, Endpoint
from crossdock_shopee.sandbox.global_products.found import global_item, published
from crossdock_shopee.sandbox.global_products.reading import GlobalItemRequest
from crossdock_shopee.sandbox.global_products.record import GlobalItem, PublishTask
from crossdock_shopee.sandbox.products import rules
from crossdock_shopee.sandbox.products.record import DELETED, Item, ItemStatus, Model
from crossdock_shopee.sandbox.products.refusals import refused
from crossdock_shopee.sandbox.products.requests import LogisticRow, plain
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Listed, Money, Request
from crossdock_shopee.sandbox.state import Shop

_STATUS_NUMBERS = {ItemStatus.NORMAL: 1, ItemStatus.UNLIST: 8, ItemStatus.BANNED: 3, ItemStatus.REVIEWING: 4}


class ShopsRequest(GlobalItemRequest):
    """A product, and some shops."""

    shop_id_list: Annotated[list[int], Listed] = Field(default_factory=list)


class PublishModel(Request):
    """A variation's price in the shop's currency."""

    tier_index: list[int]
    original_price: Money


class PublishItem(Request):
    """What is different in this shop."""

    item_name: str | None = None
    description: str | None = None
    item_status: Literal["NORMAL", "UNLIST"] = "NORMAL"
    original_price: Money | None = None
    model: list[PublishModel] = Field(default_factory=list)
    logistic: list[LogisticRow]


class PublishRequest(Request):
    """Parameters of global_product.create_publish_task."""

    global_item_id: int
    shop_id: int
    shop_region: str
    item: PublishItem


class TaskRequest(Request):
    """One task."""

    publish_task_id: int


def get_publishable_shop(call: Call, ask: ShopsRequest) -> Reply:
    """The merchant's shops that do not have the product yet."""
    found = global_item(call, ask.global_item_id)
    rows = [
        {"shop_id": number, "shop_region": call.state.shops[number].region.code}
        for number in call.merchant.shop_ids
        if number not in _live(call, found) and (not ask.shop_id_list or number in ask.shop_id_list)
    ]
    return wrapped({"publishable_shop": rows})


def create_publish_task(call: Call, ask: PublishRequest) -> Reply:
    """Begin to publish; whether it succeeds is told by the task."""
    found = global_item(call, ask.global_item_id)
    if ask.shop_id not in call.merchant.shop_ids:
        raise refused("error_auth", "partner does not have permission to operate shop")
    shop = call.state.shops[ask.shop_id]
    if ask.shop_region != shop.region.code:
        raise refused("error_param", "Parameter is not match the constraints, shop_region is not the shop's.")
    task = PublishTask(call.state.numbers.below(900_000_000) + 100_000_000, shop.id, shop.region.code)
    call.merchant.tasks[task.id] = task
    delay = call.state.settings.publish_seconds
    call.state.agenda.after(delay, lambda at: _finish(call, task, found, ask.item, at))
    call.state.world.oracle.record("create_publish_task", str(found.id), shop_id=shop.id)
    return wrapped({"publish_task_id": task.id})


def get_publish_task_result(call: Call, ask: TaskRequest) -> Reply:
    """How the task went."""
    task = call.merchant.tasks.get(ask.publish_task_id)
    if task is None:
        raise refused("error_param", "The information you queried is not found.")
    body: dict[str, Any] = {"publish_status": task.status}
    if task.status == "success":
        body["success"] = {"region": task.region, "shop_id": task.shop_id, "item_id": task.item_id}
    if task.status == "failed":
        body["failed"] = {"failed_reason": task.reason}
    return wrapped(body)


def get_published_list(call: Call, ask: ShopsRequest) -> Reply:
    """The product's items in the shops; here their status is a number."""
    found = global_item(call, ask.global_item_id)
    rows = [
        {
            "shop_id": shop.id,
            "shop_region": shop.region.code,
            "item_id": item.item_id,
            "item_status": _STATUS_NUMBERS.get(item.status, 0),
        }
        for shop, item in published(call, found)
        if not ask.shop_id_list or shop.id in ask.shop_id_list
    ]
    return wrapped({"published_item": rows})


def _live(call: Call, found: GlobalItem) -> set[int]:
    return {shop.id for shop, item in published(call, found) if item.status not in DELETED}


def _finish(call: Call, task: PublishTask, found: GlobalItem, ask: PublishItem, at: int) -> None:
    """Publish now, or say why not."""
    shop = call.state.shops[task.shop_id]
    try:
        if shop.id in _live(call, found):
            raise refused("error_busi_cannot_publish", "Publish failed, the product is already published to the shop.")
        item = _local_item(call, shop, found, ask, at)
    except ApiError as error:
        task.status, task.reason = "failed", error.message
        return
    shop.catalogue.add(item)
    found.published[shop.id] = item.item_id
    task.status, task.item_id = "success", item.item_id


def _local_item(call: Call, shop: Shop, found: GlobalItem, ask: PublishItem, at: int) -> Item:
    rules.check_logistics(ask.logistic)
    rules.check_images(call, found.image_ids)
    models = [_local_model(call, shop, model, ask) for model in found.models]
    rules.check_price_ratio(shop.region, [model.price for model in models])
    return Item(
        item_id=call.state.numbers.item_id(),
        category_id=found.category_id,
        name=ask.item_name or found.name,
        description=ask.description or found.description,
        sku=found.sku,
        create_time=at,
        update_time=at,
        image_ids=list(found.image_ids),
        weight=found.weight,
        logistics=[plain(row) for row in ask.logistic],
        models=models,
        tiers=found.tiers,
        status=ItemStatus(ask.item_status),
        dimension=found.dimension,
        attributes=found.attributes,
        brand=found.brand,
    )


def _local_model(call: Call, shop: Shop, model: Model, ask: PublishItem) -> Model:
    """A variation as the shop has it: at the shop's own price, with the merchant's stock."""
    own = {tuple(row.tier_index): row.original_price for row in ask.model}
    price = own.get(model.tier_index, ask.original_price)
    if price is None:
        raise refused("error_param", "Parameter is not match the constraints, original_price is missing.")
    rules.check_price(shop.region, price)
    number = call.state.numbers.model_id() if model.tier_index else 0
    return Model(number, model.sku, price, dict(model.stock), model.tier_index)


ENDPOINTS = (
    Endpoint("GET", "global_product/get_publishable_shop", ShopsRequest, get_publishable_shop, MERCHANT),
    Endpoint("POST", "global_product/create_publish_task", PublishRequest, create_publish_task, MERCHANT),
    Endpoint("GET", "global_product/get_publish_task_result", TaskRequest, get_publish_task_result, MERCHANT),
    Endpoint("GET", "global_product/get_published_list", ShopsRequest, get_published_list, MERCHANT),
)
