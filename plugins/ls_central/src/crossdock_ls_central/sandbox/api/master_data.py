"""Entity sets of master data: items, itemVariants, locations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from crossdock_ls_central.sandbox.api.entities import EntitySet, Property
from crossdock_ls_central.sandbox.catalog import Item
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.refusal import HttpRefusal
from crossdock_ls_central.sandbox.replicated.changing import add_item, changing, delete_item
from crossdock_ls_central.sandbox.soap.schema import NULL_MOMENT
from crossdock_ls_central.sandbox.tables.table import moment


def _setter(
    field_name: str, wanted: type | tuple[type, ...], convert: Callable[[Any], Any] = lambda value: value
) -> Callable[[Any, Any], None]:
    def write(row: Any, value: Any) -> None:
        if not isinstance(value, wanted) or (wanted is not bool and isinstance(value, bool)):
            raise HttpRefusal(400, "BadRequest", f"Unable to convert value '{value}'.")
        setattr(row, field_name, convert(value))

    return write


def _decimal(value: float) -> Decimal:
    return Decimal(str(value))


def _items(company: Company) -> Iterable[Item]:
    return sorted(company.items.values(), key=lambda item: item.number)


def _variants(company: Company) -> Iterable[tuple[Item, Any]]:
    return ((item, variant) for item in _items(company) for variant in item.variants.values())


def _create_item(company: Company, body: Mapping[str, Any]) -> Item:
    number = str(body.get("number") or "").strip().upper()
    if not number:
        raise HttpRefusal(400, "BadRequest_RequiredParamNotProvided", "No. must have a value in Item.")
    if company.item(number) is not None:
        text = f"The record already exists. Identification fields and values: No.='{number}'"
        raise HttpRefusal(400, "Internal_EntityWithSameKeyExists", text)
    return add_item(company, Item(number, number, Decimal(0)))


_ITEM_PROPERTIES = (
    Property("id", "Guid", lambda i: i.system_id),
    Property("number", "String", lambda i: i.number),
    Property("displayName", "String", lambda i: i.description, _setter("description", str)),
    Property("type", "String", lambda i: i.type),
    Property("itemCategoryCode", "String", lambda i: i.category),
    Property("blocked", "Boolean", lambda i: i.blocked, _setter("blocked", bool)),
    Property("gtin", "String", lambda i: next(iter(i.barcodes), "") if not i.variants else ""),
    Property("inventory", "Decimal", lambda i: i.inventory()),
    Property("unitPrice", "Decimal", lambda i: i.unit_price, _setter("unit_price", (int, float), _decimal)),
    Property("priceIncludesTax", "Boolean", lambda _i: True),
    Property("unitCost", "Decimal", lambda _i: Decimal(0)),
    Property("taxGroupCode", "String", lambda i: i.vat_group),
    Property("baseUnitOfMeasureCode", "String", lambda i: i.base_unit),
    Property("lastModifiedDateTime", "DateTimeOffset", lambda i: moment(i.modified_at, NULL_MOMENT)),
)
VARIANTS = EntitySet(
    "itemVariants",
    "itemVariant",
    (
        Property("id", "Guid", lambda row: row[1].system_id),
        Property("itemId", "Guid", lambda row: row[0].system_id),
        Property("itemNumber", "String", lambda row: row[0].number),
        Property("code", "String", lambda row: row[1].code),
        Property("description", "String", lambda row: row[1].description),
        Property("lastModifiedDateTime", "DateTimeOffset", lambda row: moment(row[0].modified_at, NULL_MOMENT)),
    ),
    _variants,
    version=lambda row: row[0].version,
)
ITEMS = EntitySet(
    "items",
    "item",
    _ITEM_PROPERTIES,
    _items,
    version=lambda item: item.version,
    children={
        "itemVariants": ("itemVariants", lambda _c, item: ((item, variant) for variant in item.variants.values()))
    },
    create=_create_item,
    delete=delete_item,
    changing=changing,
)
LOCATIONS = EntitySet(
    "locations",
    "location",
    (
        Property("id", "Guid", lambda location: location.system_id),
        Property("code", "String", lambda location: location.code),
        Property("displayName", "String", lambda location: location.name),
    ),
    lambda company: company.locations.values(),
)
