"""What an operator does to products: Seller Center's edits, and Shopee's own decisions."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_shopee.sandbox.products.record import Item, ItemStatus, Model, Promotion
from crossdock_shopee.sandbox.products.samples import alike
from crossdock_shopee.sandbox.settings import SHOP_ID
from crossdock_shopee.sandbox.state import Shop, State

PathValues = dict[str, str]


class StockEdit(BaseModel):
    """Body of ``PUT /items/{item_id}/stock``; without a location it is the shop's first one."""

    model_config = ConfigDict(extra="forbid")
    stock: int = Field(ge=0)
    model_id: int = 0
    location_id: str = ""


class StatusEdit(BaseModel):
    """Body of ``PUT /items/{item_id}/status``."""

    model_config = ConfigDict(extra="forbid")
    status: ItemStatus


class ManyItems(BaseModel):
    """Body of ``POST /items-many``: SKUs `prefix` and a number of five digits, some of them in one item."""

    model_config = ConfigDict(extra="forbid")
    prefix: str = Field(default="MANY", min_length=1, max_length=15)
    count: int = Field(gt=0, le=99_999)
    variations: int = Field(default=1, ge=1, le=50)
    stock: int = Field(default=0, ge=0)


class PromotionDraft(BaseModel):
    """Body of ``POST /items/{item_id}/promotions``; times are from now."""

    model_config = ConfigDict(extra="forbid")
    model_id: int = 0
    price: Decimal = Field(gt=0)
    reserved: int = Field(default=0, ge=0)
    starts_in_seconds: int = Field(default=0, ge=0)
    lasts_seconds: int = Field(default=3600, gt=0)


class BrandDecision(BaseModel):
    """Body of ``POST /brands/{brand_id}/decide``."""

    model_config = ConfigDict(extra="forbid")
    decision: Literal["approve", "reject"] = "approve"


class ProductDesk:
    """The operator's actions on products."""

    def __init__(self, state: State) -> None:
        self._state = state

    def actions(self) -> list[OperatorAction]:
        """As the server offers them."""
        one, brand = "/items/{item_id}", "/brands/{brand_id}/decide"
        return [
            OperatorAction("GET", "/items", "All items of all shops, shortly.", self.show_all),
            OperatorAction("POST", "/items-many", "List many items that are all alike.", self.many, ManyItems),
            OperatorAction("PUT", f"{one}/stock", "Seller Center: set stock.", self.set_stock, StockEdit),
            OperatorAction("PUT", f"{one}/status", "Shopee bans, reviews or frees an item.", self.status, StatusEdit),
            OperatorAction("POST", f"{one}/promotions", "Put an item on offer.", self.promote, PromotionDraft),
            OperatorAction("DELETE", f"{one}/promotions", "End all offers of an item.", self.end_promotions),
            OperatorAction("POST", brand, "Shopee decides about a brand.", self.decide, BrandDecision),
            OperatorAction("POST", "/categories/{category_id}/retire", "Take a category away.", self.retire),
        ]

    async def show_all(self, _body: None, _path: PathValues) -> dict[str, object]:
        """Every shop's items."""
        rows = [_summary(shop, item) for shop in self._state.shops.values() for item in shop.catalogue]
        return {"items": rows}

    async def many(self, body: ManyItems, _path: PathValues) -> dict[str, object]:
        """List many items in the local shop, a second apart."""
        shop = self._state.shops[SHOP_ID]
        skus = [f"{body.prefix}{number:05}" for number in range(1, body.count + 1)]
        groups = [skus[at : at + body.variations] for at in range(0, len(skus), body.variations)]
        for age, group in enumerate(groups):
            numbers = [self._state.numbers.serial() for _ in (group[0], *group)]
            shop.catalogue.add(alike(numbers, group, shop.catalogue.locations[0], body.stock, self._now() - age))
        return {"items": len(groups), "skus": len(skus)}

    async def set_stock(self, body: StockEdit, path: PathValues) -> dict[str, object]:
        """Set stock as a person would."""
        shop, item = self._find(path)
        location = body.location_id or shop.catalogue.locations[0]
        if location not in shop.catalogue.locations:
            raise OperatorError(f"shop {shop.id} has no location {location}", missing=True)
        self._model(item, body.model_id).stock[location] = body.stock
        shop.catalogue.changed(item, self._now())
        return _summary(shop, item)

    async def status(self, body: StatusEdit, path: PathValues) -> dict[str, object]:
        """Set the item's status."""
        shop, item = self._find(path)
        item.status = body.status
        shop.catalogue.changed(item, self._now())
        data = {"item_id": item.item_id, "item_name": item.name, "item_status": item.status, "deboost": False}
        self._state.outbox.emit(16, shop.id, data)
        return _summary(shop, item)

    async def promote(self, body: PromotionDraft, path: PathValues) -> dict[str, object]:
        """Put a variation on offer; the stock set aside can no longer be taken away."""
        shop, item = self._find(path)
        model = self._model(item, body.model_id)
        if body.reserved > model.total:
            raise OperatorError(f"only {model.total} units can be set aside, not {body.reserved}")
        start = self._now() + body.starts_in_seconds
        promotion = Promotion(
            promotion_id=self._state.numbers.serial(),
            kind="Discount Promotions",
            model_id=body.model_id,
            price=body.price,
            reserved=body.reserved,
            start_time=start,
            end_time=start + body.lasts_seconds,
        )
        item.promotions.append(promotion)
        shop.catalogue.changed(item, self._now())
        self._tell(shop, item, promotion)
        return {"promotion_id": promotion.promotion_id}

    async def end_promotions(self, _body: None, path: PathValues) -> dict[str, object]:
        """End all offers."""
        shop, item = self._find(path)
        item.promotions.clear()
        shop.catalogue.changed(item, self._now())
        return _summary(shop, item)

    async def decide(self, body: BrandDecision, path: PathValues) -> dict[str, object]:
        """Approve a brand that was registered, or reject it."""
        brands = self._state.taxonomy.brands
        brand = brands.get(int(path["brand_id"])) if path["brand_id"].isdigit() else None
        if brand is None or brand.approved:
            raise OperatorError(f"no brand {path['brand_id']} waits for a decision", missing=True)
        if body.decision == "approve":
            brand.approved = True
        else:
            del brands[brand.id]
        result = "Brand Registration Successfully" if brand.approved else "Brand Registration Reject"
        data = {"brand_id": brand.id, "original_brand_name": brand.name, "result": result}
        self._state.outbox.emit(13, SHOP_ID, data)
        return {"brand_id": brand.id, "approved": brand.approved}

    async def retire(self, _body: None, path: PathValues) -> dict[str, object]:
        """Take a category away; items that are in it stay."""
        number = path["category_id"]
        category = self._state.taxonomy.categories.get(int(number)) if number.isdigit() else None
        if category is None:
            raise OperatorError(f"no category {number}", missing=True)
        category.retired = True
        return {"category_id": category.id, "retired": True}

    def _find(self, path: PathValues) -> tuple[Shop, Item]:
        number = int(path["item_id"]) if path["item_id"].isdigit() else 0
        for shop in self._state.shops.values():
            item = shop.catalogue.get(number)
            if item is not None:
                return shop, item
        raise OperatorError(f"no item {path['item_id']}", missing=True)

    def _model(self, item: Item, model_id: int) -> Model:
        model = item.model(model_id)
        if model is None or model.components:
            numbers = ", ".join(str(each.model_id) for each in item.models)
            raise OperatorError(
                f"item {item.item_id} has the models {numbers}; choose one that is no kit", missing=True
            )
        return model

    def _tell(self, shop: Shop, item: Item, promotion: Promotion) -> None:
        data = {
            "shop_id": shop.id,
            "item_id": item.item_id,
            "variation_id": promotion.model_id,
            "promotion_type": "product_promotion",
            "promotion_id": promotion.promotion_id,
            "action": "promo_lock_stock",
            "update_time": self._now(),
            "start_time": promotion.start_time,
            "end_time": promotion.end_time,
            "reserved_stock": promotion.reserved,
        }
        self._state.outbox.emit(7, shop.id, data)

    def _now(self) -> int:
        return self._state.world.clock.timestamp()


def _summary(shop: Shop, item: Item) -> dict[str, object]:
    models = [
        {
            "model_id": model.model_id,
            "sku": model.sku if item.has_model else item.sku,
            "price": str(model.price),
            "stock": dict(model.stock),
            "available": shop.catalogue.available(item, model),
        }
        for model in item.models
    ]
    return {"shop_id": shop.id, "item_id": item.item_id, "item_status": item.status, "models": models}
