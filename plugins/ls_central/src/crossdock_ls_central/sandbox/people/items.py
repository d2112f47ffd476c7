"""What a person does with items in the simulated LS Central."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_ls_central.sandbox.catalog import Item, Variant
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.people.views import item_view
from crossdock_ls_central.sandbox.replicated.changing import add_item, changing

View = dict[str, Any]
Path = dict[str, str]


class NewItem(BaseModel):
    """An item to be created; stock goes to the web store's location, for each variant."""

    model_config = ConfigDict(extra="forbid")
    number: str = Field(min_length=1, max_length=20)
    description: str = Field(default="", max_length=100)
    unit_price: Decimal = Decimal(10)
    vat_group: str = "STANDARD"
    type: str = "Inventory"
    units: dict[str, Decimal] = Field(default_factory=lambda: {"PCS": Decimal(1)})
    variants: list[str] = Field(default_factory=list)
    barcodes: dict[str, str] = Field(default_factory=dict)
    stock: Decimal = Decimal(0)


class NewItems(BaseModel):
    """Many items at once, all alike: `prefix` and a number of five digits."""

    model_config = ConfigDict(extra="forbid")
    prefix: str = Field(default="MANY", min_length=1, max_length=15)
    count: int = Field(gt=0, le=99_999)
    unit_price: Decimal = Decimal(10)
    stock: Decimal = Decimal(1000)


class Block(BaseModel):
    """What to block or to free again; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    blocked: bool | None = None
    blocked_on_ecommerce: bool | None = None
    blocked_on_pos: bool | None = None
    variant: str = ""


class NewPrice(BaseModel):
    """A unit price including VAT, of the item or of a variant."""

    model_config = ConfigDict(extra="forbid")
    unit_price: Decimal = Field(ge=0)
    variant: str = ""


class NewStock(BaseModel):
    """The stock at a location, in base units."""

    model_config = ConfigDict(extra="forbid")
    quantity: Decimal
    variant: str = ""
    location: str = "S0013"


class ItemDesk:
    """The person at the item pages."""

    def __init__(self, company: Company) -> None:
        self._company = company

    async def list(self, _body: None, _path: Path) -> View:
        """All items."""
        return {"items": [item_view(item) for item in self._company.items.values()]}

    async def show(self, _body: None, path: Path) -> View:
        """One item."""
        return item_view(self._item(path))

    async def create(self, body: NewItem, _path: Path) -> View:
        """Create an item."""
        number = body.number.upper()
        if self._company.item(number) is not None:
            raise OperatorError(f"item {number} already exists")
        base = next(iter(body.units))
        item = Item(
            number,
            body.description or f"Item {number}",
            body.unit_price,
            vat_group=body.vat_group,
            type=body.type,
            base_unit=base,
            sales_unit=base,
            units=body.units,
            variants={code.upper(): Variant(code.upper(), code) for code in body.variants},
            barcodes=body.barcodes,
        )
        return item_view(self._stocked(item, body.stock))

    async def create_many(self, body: NewItems, _path: Path) -> View:
        """Create many items that are all alike."""
        created = 0
        for number in range(1, body.count + 1):
            code = f"{body.prefix.upper()}{number:05}"
            if self._company.item(code) is None:
                self._stocked(Item(code, f"Item {code}", body.unit_price), body.stock)
                created += 1
        return {"created": created}

    async def block(self, body: Block, path: Path) -> View:
        """Block or free an item or a variant."""
        item = self._item(path)
        target = self._variant(item, body.variant) if body.variant else item
        blocks = body.model_dump(exclude_none=True, exclude={"variant"})
        if body.variant and "blocked_on_pos" in blocks:
            raise OperatorError("a variant has no blocked_on_pos")
        with changing(self._company, item):
            for name, value in blocks.items():
                setattr(target, name, value)
        return item_view(item)

    async def price(self, body: NewPrice, path: Path) -> View:
        """Set a price."""
        item = self._item(path)
        with changing(self._company, item):
            if body.variant:
                item.variant_prices[self._variant(item, body.variant).code] = body.unit_price
            else:
                item.unit_price = body.unit_price
        return item_view(item)

    async def stock(self, body: NewStock, path: Path) -> View:
        """Set the stock at a location."""
        item = self._item(path)
        if item.is_service:
            raise OperatorError(f"item {item.number} is of type {item.type} and has no stock")
        variant = self._variant(item, body.variant).code if body.variant else ""
        if body.location.upper() not in self._company.locations:
            raise OperatorError(f"there is no location {body.location}", missing=True)
        place = (variant, body.location.upper())
        item.stock[place] = body.quantity
        self._company.touch_stock(item, *place)
        return item_view(item)

    def _stocked(self, item: Item, quantity: Decimal) -> Item:
        if not item.is_service:
            item.stock = {(variant, "S0013"): quantity for variant in item.sellable()}
        add_item(self._company, item)
        self._company.world.oracle.record("create_item", item.number)
        return item

    def _item(self, path: Path) -> Item:
        item = self._company.item(path["number"])
        if item is None:
            raise OperatorError(f"there is no item {path['number']}", missing=True)
        return item

    def _variant(self, item: Item, code: str) -> Variant:
        variant = item.variants.get(code.upper())
        if variant is None:
            raise OperatorError(f"item {item.number} has no variant {code}", missing=True)
        return variant


def item_actions(company: Company) -> Sequence[OperatorAction]:
    """The actions on items."""
    desk = ItemDesk(company)
    one = "/items/{number}"
    return [
        OperatorAction("GET", "/items", "All items with prices and stock.", desk.list),
        OperatorAction("POST", "/items", "Create an item.", desk.create, NewItem),
        OperatorAction("POST", "/items-many", "Create many items that are all alike.", desk.create_many, NewItems),
        OperatorAction("GET", one, "One item with prices and stock.", desk.show),
        OperatorAction("POST", f"{one}/block", "Block or free an item or a variant.", desk.block, Block),
        OperatorAction("POST", f"{one}/price", "Set the price of an item or a variant.", desk.price, NewPrice),
        OperatorAction("POST", f"{one}/stock", "Set the stock at a location.", desk.stock, NewStock),
    ]
