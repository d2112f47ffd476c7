"""The procedures of OmniWrapper that concern stock. Quantities are in base units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from crossdock_ls_central.sandbox.catalog import Item, Store
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.refusal import BusinessRefusal
from crossdock_ls_central.sandbox.replicated.stock import available
from crossdock_ls_central.sandbox.soap.arguments import Arguments, rows, text
from crossdock_ls_central.sandbox.soap.schema import Port, Row, Value

Results = Mapping[str, Value | Port]


def inventory_multiple(company: Company, arguments: Arguments) -> Results:
    """GetInventoryMultipleV2: a row for each item, variant, store and location; unknown items have none."""
    stores = _stores(company, text(arguments, "storeNo"))
    location = text(arguments, "locationCode").upper()
    sourcing = bool(arguments["sourcingLocationAvailability"])
    found: list[Row] = []
    for wanted in rows(arguments, "getInventoryMultipleInXML", "InventoryBufferIn"):
        item = company.item(str(wanted["Number"]))
        if item is None or item.is_service:
            continue
        for variant in _variants(item, str(wanted["Variant"]).upper()):
            for store in stores:
                places = store.sourcing if sourcing else (store.location,)
                found += [
                    _multiple_row(company, item, variant, store, place) for place in places if location in ("", place)
                ]
    return {"getInventoryMultipleOutXML": {"InventoryBufferOut": found}}


def item_inventory(company: Company, arguments: Arguments) -> Results:
    """GetItemInventory: the stock of one item in each store."""
    item = company.item(text(arguments, "itemNo"))
    if item is None:
        raise BusinessRefusal("1603", f"Item {text(arguments, 'itemNo')} does not exist.")
    wanted = text(arguments, "variantCode").upper()
    if wanted and wanted not in item.variants:
        raise BusinessRefusal("1607", f"Variant {wanted} of item {item.number} does not exist.")
    location = text(arguments, "locationCode").upper()
    found = [
        _inventory_row(company, item, variant, store)
        for variant in (_variants(item, wanted) if not item.is_service else ())
        for store in _stores(company, text(arguments, "storeNo"))
        if location in ("", store.location)
    ]
    return {"getItemInventoryXML": {"WSInventoryBuffer": found}}


def quantity_availability(company: Company, arguments: Arguments) -> Results:
    """COQtyAvailabilityV2: what of the lines the store's sourcing locations have."""
    headers = rows(arguments, "cOQtyAvailabilityInXML", "CustomerOrderHeader")
    if len(headers) != 1:
        raise BusinessRefusal("0099", f"One customer order header is expected, {len(headers)} were sent.")
    store_no = str(headers[0]["CreatedAtStore"])
    if not store_no:
        raise BusinessRefusal("1410", "Store No. is missing: Created At Store is empty.")
    (store,) = _stores(company, store_no)
    found: list[Row] = []
    for line in rows(arguments, "cOQtyAvailabilityInXML", "CustomerOrderLine"):
        item = company.item(str(line["Number"]))
        if item is None:
            raise BusinessRefusal("1603", f"Item {line['Number']} does not exist.")
        if not item.is_service:
            found += [_availability_row(company, item, str(line["VariantCode"]).upper(), p) for p in store.sourcing]
    return {"preferredSourcingLocation": store.sourcing[0], "cOQtyAvailabilityOutXML": {"WSInventoryBuffer": found}}


def _stores(company: Company, number: str) -> list[Store]:
    if not number:
        return list(company.stores.values())
    store = company.stores.get(number.upper())
    if store is None:
        raise BusinessRefusal("1601", f"Store {number} does not exist.")
    return [store]


def _variants(item: Item, wanted: str) -> Iterable[str]:
    if not wanted:
        return item.sellable()
    return (wanted,) if wanted in item.variants else ()


def _multiple_row(company: Company, item: Item, variant: str, store: Store, location: str) -> Row:
    return {
        "Number": item.number,
        "Variant": variant,
        "Store": store.number,
        "Location": location,
        "Inventory": available(company, item, variant, location),
    }


def _inventory_row(company: Company, item: Item, variant: str, store: Store) -> Row:
    return {
        "ItemNo": item.number,
        "VariantCode": variant,
        "StoreNo": store.number,
        "LocationCode": store.location,
        "Inventory": item.stock.get((variant, store.location), Decimal(0)),
        "QtySoldnotPosted": company.reserved.get((item.number, variant, store.location), Decimal(0)),
        "ActualInventory": available(company, item, variant, store.location),
        "BaseUnitofMeasure": item.base_unit,
    }


def _availability_row(company: Company, item: Item, variant: str, location: str) -> Row:
    return {
        "ItemNo": item.number,
        "VariantCode": variant,
        "LocationCode": location,
        "ActualInventory": available(company, item, variant, location),
        "BaseUnitOfMeasure": item.base_unit,
    }
