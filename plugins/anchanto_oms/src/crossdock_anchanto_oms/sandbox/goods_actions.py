"""Operator actions on products and stock."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_anchanto_oms.sandbox import problems, products, render, stock
from crossdock_anchanto_oms.sandbox.desk import Desk, Json
from crossdock_anchanto_oms.sandbox.goods_bodies import PutProduct


class Level(BaseModel):
    """What a count found; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    isku: str
    warehouse_code: str
    sellable: int | None = Field(default=None, ge=0)
    damaged: int | None = Field(default=None, ge=0)
    buffer: int | None = Field(default=None, ge=0)


class Levels(BaseModel):
    """Several counts at once."""

    model_config = ConfigDict(extra="forbid")
    levels: list[Level] = Field(min_length=1)


class NewProduct(PutProduct):
    """A product with its code."""

    csku: str = Field(min_length=1, max_length=64)


class NewProducts(BaseModel):
    """Several products at once; a kit after its parts."""

    model_config = ConfigDict(extra="forbid")
    products: list[NewProduct] = Field(min_length=1)


class GoodsDesk:
    """What a person does to the catalogue and to stock."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def actions(self) -> list[OperatorAction]:
        """The actions as routes below ``/_sandbox``."""
        act = self._desk.action
        return [
            act("POST", "/products", "Create or change products.", self.put_products, NewProducts),
            act("PUT", "/stock", "Set levels, as after a count.", self.set_levels, Levels),
            act("GET", "/stock", "All levels.", self.show_levels),
        ]

    def put_products(self, asked: NewProducts, _path: dict[str, str]) -> Json:
        """Orders that waited for one of these SKUs go on."""
        for each in asked.products:
            products.put(self._desk.seller, each.csku, each)
        return {"products": [each.csku for each in asked.products]}

    def set_levels(self, asked: Levels, _path: dict[str, str]) -> Json:
        """Orders that waited for stock go on; answers what was counted."""
        seller = self._desk.seller
        for each in asked.levels:
            product = seller.products.get(each.isku)
            if product is None or product.type != "single" or each.warehouse_code not in seller.warehouses:
                raise OperatorError(
                    f"there is no ISKU {each.isku!r} in a warehouse {each.warehouse_code!r}", missing=True
                )
        counted = []
        for each in asked.levels:
            level = stock.level(seller, each.isku, each.warehouse_code)
            counted.append(level)
            sellable = level.sellable if each.sellable is None else each.sellable
            damaged = level.damaged if each.damaged is None else each.damaged
            level.buffer = level.buffer if each.buffer is None else each.buffer
            stock.count(seller, level, sellable=sellable, damaged=damaged)
        problems.review_waiting(seller)
        return {"levels": [render.stock_level(seller, level) for level in counted]}

    def show_levels(self, _body: None, _path: dict[str, str]) -> Json:
        """Every ISKU in every warehouse."""
        seller = self._desk.seller
        return {"levels": [render.stock_level(seller, level) for level in seller.stock.values()]}
