"""Request bodies of products and stock."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from crossdock_anchanto_oms.sandbox.values import Body, Code, Currency, Label, Money

Image = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=2000)]
Kind = Literal["single", "kit", "group"]


class ComponentBody(Body):
    """A part of a kit or a variant of a group."""

    isku: Code
    quantity: Annotated[int, Field(ge=1, le=10_000)] = 1
    options: dict[str, str] | None = None


class PutProduct(Body):
    """``PUT /api/v1/products/{csku}``."""

    type: Kind
    name: Label
    description: str | None = None
    brand: Label | None = None
    images: Annotated[list[Image], Field(max_length=9)] = Field(default_factory=list)
    barcode: Code | None = None
    weight_grams: Annotated[int, Field(ge=0)] | None = None
    components: list[ComponentBody] | None = None
    cost_price: Money | None = None
    currency: Currency | None = None


class StockRow(Body):
    """One level to set or to shift."""

    isku: Code
    warehouse_code: Code
    mode: Literal["absolute", "delta"]
    quantity: int
    reference: Code | None = None
    expected_version: int | None = None


class PutStock(Body):
    """``PUT /api/v1/stock``."""

    rows: Annotated[list[StockRow], Field(min_length=1, max_length=100)]
