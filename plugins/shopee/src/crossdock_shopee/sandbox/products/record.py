"""What the sandbox knows of a product."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

MAX_MODELS = 50


class ItemStatus(StrEnum):
    """``item_status``; a deleted item can still be read."""

    NORMAL = "NORMAL"
    BANNED = "BANNED"
    UNLIST = "UNLIST"
    REVIEWING = "REVIEWING"
    SELLER_DELETE = "SELLER_DELETE"
    SHOPEE_DELETE = "SHOPEE_DELETE"


DELETED = frozenset({ItemStatus.SELLER_DELETE, ItemStatus.SHOPEE_DELETE})


@dataclass
class Promotion:
    """A promotion of one model (0 is the item itself); `reserved` units are set aside for it. Times in UTC seconds."""

    promotion_id: int
    kind: str
    model_id: int
    price: Decimal
    reserved: int
    start_time: int
    end_time: int

    def running(self, now: int) -> bool:
        """Whether it has begun and has not ended."""
        return self.start_time <= now < self.end_time


@dataclass
class Component:
    """What one piece of a kit is made of."""

    item_id: int
    model_id: int
    quantity: int
    main: bool


@dataclass
class Model:
    """One variation; an item without variations has one with the id 0.

    Attributes:
        stock: units by location.
        components: of a kit; its stock is what they allow.
    """

    model_id: int
    sku: str
    price: Decimal
    stock: dict[str, int]
    tier_index: tuple[int, ...] = ()
    status: str = "MODEL_NORMAL"
    gtin_code: str = ""
    weight: Decimal | None = None
    dimension: dict[str, int] | None = None
    pre_order: dict[str, Any] | None = None
    components: list[Component] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Units at all locations."""
        return sum(self.stock.values())


@dataclass
class Tier:
    """One dimension in which variations differ; images stand beside the options of the first one only."""

    name: str
    options: list[str]
    image_ids: list[str]


@dataclass
class Item:
    """One product. Times are UTC seconds."""

    item_id: int
    category_id: int
    name: str
    description: str
    sku: str
    create_time: int
    update_time: int
    image_ids: list[str]
    weight: Decimal
    logistics: list[dict[str, Any]]
    models: list[Model]
    tiers: list[Tier] = field(default_factory=list)
    status: ItemStatus = ItemStatus.NORMAL
    dimension: dict[str, int] = field(default_factory=dict)
    attributes: list[dict[str, Any]] = field(default_factory=list)
    brand: dict[str, Any] = field(default_factory=lambda: {"brand_id": 0, "original_brand_name": "NoBrand"})
    pre_order: dict[str, Any] = field(default_factory=lambda: {"is_pre_order": False, "days_to_ship": 3})
    condition: str = "NEW"
    description_type: str = "normal"
    gtin_code: str = ""
    wholesales: list[dict[str, Any]] = field(default_factory=list)
    promotions: list[Promotion] = field(default_factory=list)
    kit: bool = False

    @property
    def has_model(self) -> bool:
        """Whether it has variations."""
        return bool(self.tiers)

    def model(self, model_id: int) -> Model | None:
        """The variation with this id; 0 is the item itself if it has none."""
        return next((model for model in self.models if model.model_id == model_id), None)

    def model_name(self, model: Model) -> str:
        """The options that make up a variation, joined by a comma."""
        return ",".join(tier.options[index] for tier, index in zip(self.tiers, model.tier_index, strict=True))

    def reserved(self, model_id: int, now: int) -> int:
        """Units of a model that promotions, present and coming, set aside."""
        return sum(each.reserved for each in self.promotions if each.model_id == model_id and now < each.end_time)

    def running_promotion(self, now: int, model_id: int | None = None) -> Promotion | None:
        """The promotion that runs for a model, or for any."""
        fitting = (each for each in self.promotions if model_id in (None, each.model_id) and each.running(now))
        return next(fitting, None)
