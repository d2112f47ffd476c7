"""Global items of a cross-border merchant, brought into the shape of a shop's items. Pure.

Source: Shopee Open Platform v2, global_product.get_global_item_list, get_global_item_info and get_global_model_list.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from crossdock_shopee.wire import items as shop

__all__ = [
    "GlobalItem",
    "GlobalItemList",
    "GlobalItems",
    "GlobalModels",
    "MadeGlobal",
    "MerchantInfo",
    "PublishTask",
    "Published",
]


class GlobalRow(msgspec.Struct, gc=False):
    """One row of the list."""

    global_item_id: int
    update_time: int | None = 0


class GlobalItemList(msgspec.Struct):
    """A page of the list; `offset` is opaque."""

    global_item_list: list[GlobalRow] | None = None
    has_next_page: bool = False
    offset: str | None = ""


class GlobalStock(msgspec.Struct, gc=False):
    """Stock at one place."""

    normal_stock: int | None = 0
    stock_location_id: str | None = ""


class GlobalPrice(msgspec.Struct, gc=False):
    """Price of a global model: one object, without currency."""

    original_price: Decimal


class GlobalItem(msgspec.Struct, gc=False):
    """A global item."""

    global_item_id: int
    global_item_name: str
    global_item_sku: str | None = ""
    category_id: int | None = 0
    description: str | None = ""
    update_time: int | None = 0
    attribute_list: list[shop.Attribute] | None = None
    price_info: list[shop.Price] | None = None
    stock_info: list[GlobalStock] | None = None
    image: shop.Images | None = None
    weight: Decimal | None = None
    dimension: shop.Dimension | None = None
    pre_order: shop.PreOrder | None = None
    has_model: bool | None = False
    brand: shop.Brand | None = None

    def as_item(self) -> shop.Item:
        """The same in the shape of a shop's item."""
        return shop.Item(
            item_id=self.global_item_id,
            item_name=self.global_item_name,
            item_status="NORMAL",  # others cannot be read
            category_id=self.category_id,
            item_sku=self.global_item_sku,
            description=self.description,
            update_time=self.update_time,
            attribute_list=self.attribute_list,
            price_info=self.price_info,
            stock_info_v2=_stock(self.stock_info),
            image=self.image,
            weight=self.weight,
            dimension=self.dimension,
            pre_order=self.pre_order,
            has_model=self.has_model,
            brand=self.brand,
        )


class GlobalItems(msgspec.Struct):
    """Several items, undecoded."""

    global_item_list: list[msgspec.Raw] | None = None


class GlobalModel(msgspec.Struct, gc=False):
    """One variation."""

    global_model_id: int
    tier_index: list[int]
    global_model_sku: str | None = ""
    price_info: GlobalPrice | None = None
    stock_info: list[GlobalStock] | None = None


class GlobalModels(msgspec.Struct, gc=False):
    """All variations of a global item."""

    tier_variation: list[shop.Tier] | None = None
    global_model: list[GlobalModel] | None = None

    def as_models(self, currency: str) -> shop.Models:
        """The same in the shape of a shop's variations; prices are in the merchant's `currency`."""
        return shop.Models(self.tier_variation, [_model(one, currency) for one in self.global_model or ()])


class MadeGlobal(msgspec.Struct, gc=False):
    """What add_global_item answers."""

    global_item_id: int


class PublishTask(msgspec.Struct, gc=False):
    """What create_publish_task answers."""

    publish_task_id: int


class Success(msgspec.Struct, gc=False):
    """Where it was published."""

    item_id: int | str | None = None


class Failure(msgspec.Struct, gc=False):
    """Why it was not."""

    failed_reason: str | None = ""


class Published(msgspec.Struct, gc=False):
    """How far a task is: one of the two is filled in once it has ended."""

    publish_status: str | None = ""
    success: Success | None = None
    failed: Failure | None = None


class MerchantInfo(msgspec.Struct, gc=False):
    """The merchant, as far as it counts."""

    merchant_currency: str | None = ""


def _model(one: GlobalModel, currency: str) -> shop.Model:
    return shop.Model(
        model_id=one.global_model_id,
        tier_index=one.tier_index,
        model_sku=one.global_model_sku,
        price_info=[shop.Price(one.price_info.original_price, currency)] if one.price_info else None,
        stock_info_v2=_stock(one.stock_info),
    )


def _stock(places: list[GlobalStock] | None) -> shop.Stock:
    return shop.Stock([shop.SellerStock(one.normal_stock or 0, one.stock_location_id) for one in places or ()])
