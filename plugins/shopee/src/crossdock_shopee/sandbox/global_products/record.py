"""What the sandbox knows of a global product."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from crossdock_shopee.sandbox.products.record import Model, Tier


@dataclass
class GlobalItem:
    """One global product; prices are in the merchant's currency, stock is shared by all its shops.

    Attributes:
        published: the item's id in each shop.
    """

    id: int
    category_id: int
    name: str
    description: str
    sku: str
    create_time: int
    update_time: int
    image_ids: list[str]
    weight: Decimal
    days_to_ship: int
    models: list[Model]
    tiers: list[Tier] = field(default_factory=list)
    dimension: dict[str, int] = field(default_factory=dict)
    attributes: list[dict[str, Any]] = field(default_factory=list)
    brand: dict[str, Any] = field(default_factory=lambda: {"brand_id": 0, "original_brand_name": "NoBrand"})
    condition: str = "NEW"
    published: dict[int, int] = field(default_factory=dict)

    def model(self, model_id: int) -> Model | None:
        """The global variation with this id; 0 is the product itself if it has none."""
        return next((model for model in self.models if model.model_id == model_id), None)


@dataclass
class PublishTask:
    """A product on its way into a shop; exactly one of item and reason stands when it ended."""

    id: int
    shop_id: int
    region: str
    status: Literal["processing", "success", "failed"] = "processing"
    item_id: int = 0
    reason: str = ""
