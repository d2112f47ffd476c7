"""What a person does with the details of items: variants, barcodes, texts, images, prices for a time, stock."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_ls_central.sandbox.catalog import Item, SpecialPrice, Variant
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.people.views import item_view
from crossdock_ls_central.sandbox.replicated.changing import changing, delete_item, note_image

View = dict[str, Any]
Path = dict[str, str]


class Details(BaseModel):
    """What to write; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    description: str | None = Field(default=None, max_length=100)
    html: str | None = None
    vendor: str | None = None
    category: str | None = None
    vat_group: str | None = None
    attributes: dict[str, str] | None = None


class NewVariant(BaseModel):
    """A variant; its stock goes to the web store's location."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(min_length=1, max_length=10)
    description: str = ""
    stock: Decimal = Decimal(0)


class NewBarcode(BaseModel):
    """A barcode of the item, or of a variant."""

    model_config = ConfigDict(extra="forbid")
    barcode: str = Field(min_length=1, max_length=20)
    variant: str = ""


class NewImage(BaseModel):
    """An image, base64; a known id gets new content."""

    model_config = ConfigDict(extra="forbid")
    image_id: str = Field(min_length=1, max_length=20)
    content: str


class NewSpecialPrice(BaseModel):
    """A price including VAT from a day on, and perhaps until another."""

    model_config = ConfigDict(extra="forbid")
    price: Decimal = Field(ge=0)
    starts: date
    ends: date | None = None
    variant: str = ""
    unit: str = ""


class Movement(BaseModel):
    """A receipt or a sale in a store, in base units."""

    model_config = ConfigDict(extra="forbid")
    quantity: Decimal = Field(gt=0)
    variant: str = ""
    location: str = "S0013"


class DetailDesk:
    """The person at the item card and the item journal."""

    def __init__(self, company: Company) -> None:
        self._company = company

    async def write(self, body: Details, path: Path) -> View:
        """Change fields of the item card."""
        item = self._item(path)
        changes = body.model_dump(exclude_none=True)
        unknown = set(changes.get("attributes", {})) - set(self._company.attributes)
        if unknown:
            raise OperatorError(f"attribute {sorted(unknown)[0]} is not set up", missing=True)
        with changing(self._company, item):
            for name, value in changes.items():
                setattr(item, name, value)
        return item_view(item)

    async def delete(self, _body: None, path: Path) -> View:
        """Delete the item with all that belongs to it."""
        item = self._item(path)
        delete_item(self._company, item)
        self._company.world.oracle.record("delete_item", item.number)
        return {"deleted": item.number}

    async def add_variant(self, body: NewVariant, path: Path) -> View:
        """Add a variant."""
        item, code = self._item(path), body.code.upper()
        if code in item.variants:
            raise OperatorError(f"item {item.number} already has variant {code}")
        with changing(self._company, item):
            new = Variant(code, body.description or f"{item.description} {code}", system_id=self._company.new_id())
            item.variants[code] = new
            item.stock[code, "S0013"] = body.stock
        return item_view(item)

    async def delete_variant(self, _body: None, path: Path) -> View:
        """Delete a variant."""
        item, code = self._item(path), path["variant"].upper()
        if code not in item.variants:
            raise OperatorError(f"item {item.number} has no variant {code}", missing=True)
        with changing(self._company, item):
            del item.variants[code]
            item.variant_prices.pop(code, None)
            item.barcodes = {barcode: variant for barcode, variant in item.barcodes.items() if variant != code}
            item.stock = {place: quantity for place, quantity in item.stock.items() if place[0] != code}
        return item_view(item)

    async def add_barcode(self, body: NewBarcode, path: Path) -> View:
        """Add a barcode."""
        item = self._item(path)
        owner = next((other for other in self._company.items.values() if body.barcode in other.barcodes), None)
        if owner is not None:
            raise OperatorError(f"barcode {body.barcode} already belongs to item {owner.number}")
        with changing(self._company, item):
            item.barcodes[body.barcode] = self._variant(item, body.variant)
        return item_view(item)

    async def delete_barcode(self, _body: None, path: Path) -> View:
        """Delete a barcode."""
        item = self._item(path)
        if path["barcode"] not in item.barcodes:
            raise OperatorError(f"item {item.number} has no barcode {path['barcode']}", missing=True)
        with changing(self._company, item):
            del item.barcodes[path["barcode"]]
        return item_view(item)

    async def set_image(self, body: NewImage, path: Path) -> View:
        """Link an image to the item, with its content."""
        item = self._item(path)
        try:
            content = base64.b64decode(body.content, validate=True)
        except binascii.Error as error:
            raise OperatorError("the content of the image is not base64") from error
        image_id = body.image_id.upper()
        with changing(self._company, item):
            self._company.images[image_id] = content
            if image_id not in item.images:
                item.images.append(image_id)
        note_image(self._company, image_id)
        return item_view(item)

    async def special_price(self, body: NewSpecialPrice, path: Path) -> View:
        """Add a price for a time."""
        item = self._item(path)
        with changing(self._company, item):
            number = 10000 * (1 + len(item.special_prices))
            variant = self._variant(item, body.variant)
            item.special_prices.append(SpecialPrice(number, body.price, body.starts, body.ends, variant, body.unit))
        return item_view(item)

    async def receive(self, body: Movement, path: Path) -> View:
        """Receive stock."""
        return self._move(body, path, body.quantity)

    async def sell(self, body: Movement, path: Path) -> View:
        """Sell stock in a store."""
        return self._move(body, path, -body.quantity)

    def _move(self, body: Movement, path: Path, quantity: Decimal) -> View:
        item = self._item(path)
        place = (self._variant(item, body.variant), body.location.upper())
        if item.is_service or place[1] not in self._company.locations:
            raise OperatorError(f"item {item.number} has no stock at {body.location}")
        item.stock[place] = item.stock.get(place, Decimal(0)) + quantity
        self._company.touch_stock(item, *place)
        return item_view(item)

    def _item(self, path: Path) -> Item:
        item = self._company.item(path["number"])
        if item is None:
            raise OperatorError(f"there is no item {path['number']}", missing=True)
        return item

    def _variant(self, item: Item, code: str) -> str:
        if code and code.upper() not in item.variants:
            raise OperatorError(f"item {item.number} has no variant {code}", missing=True)
        return code.upper()


def detail_actions(company: Company) -> Sequence[OperatorAction]:
    """The actions on details of items."""
    desk = DetailDesk(company)
    one = "/items/{number}"
    return [
        OperatorAction("PATCH", one, "Change fields of the item card.", desk.write, Details),
        OperatorAction("DELETE", one, "Delete an item with all that belongs to it.", desk.delete),
        OperatorAction("POST", f"{one}/variants", "Add a variant.", desk.add_variant, NewVariant),
        OperatorAction("DELETE", f"{one}/variants/{{variant}}", "Delete a variant.", desk.delete_variant),
        OperatorAction("POST", f"{one}/barcodes", "Add a barcode.", desk.add_barcode, NewBarcode),
        OperatorAction("DELETE", f"{one}/barcodes/{{barcode}}", "Delete a barcode.", desk.delete_barcode),
        OperatorAction("POST", f"{one}/images", "Link an image, with its content.", desk.set_image, NewImage),
        OperatorAction("POST", f"{one}/special-prices", "Add a price for a time.", desk.special_price, NewSpecialPrice),
        OperatorAction("POST", f"{one}/receive", "Receive stock at a location.", desk.receive, Movement),
        OperatorAction("POST", f"{one}/sell", "Sell stock at a location, at the till.", desk.sell, Movement),
    ]
