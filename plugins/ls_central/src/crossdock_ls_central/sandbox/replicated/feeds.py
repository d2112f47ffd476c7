"""Which replication action gives which table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crossdock_ls_central.sandbox.replicated import items, prices, setup, stock
from crossdock_ls_central.sandbox.replicated.source import Source
from crossdock_ls_central.sandbox.tables.table import Table, column


@dataclass(frozen=True)
class Feed:
    """A replication action: its table, whether it takes a storeNo, and which of the two shapes it answers in."""

    source: Source
    takes_store: bool = True
    as_data_set: bool = False


_EMPTY_OF_STORE = """GetCollection GetExtdVariantValues GetHierarchy GetHierarchyDeal GetHierarchyDealLine
    GetHierarchyLeaf GetHierarchyNodes GetInvWorksheetBuffer GetInventoryMenu GetInventoryMenuLines GetOfferHTML
    GetPluBuffer GetStaffPermission GetStoreStaff GetTenderTypeCurrency GetTenderTypeEx GetVendorItem GetWIDiscounts
    GetWIItemModifier GetWIItemRecipeBuffer GetWIMixMatch"""
_EMPTY = """GetBarcodeGS1Setup GetBarcodeMask GetBarcodeMaskSegment GetContact GetContact2 GetCountryCode
    GetCurrencyExchRate GetCustomer GetDataTranslation GetDiscountSetup GetItemTracking GetPOSTerminal GetStaff
    GetValidationPeriod"""


def _empty(names: str, *, takes_store: bool) -> dict[str, Feed]:
    """Actions whose tables this company never filled."""
    key = column(1, "No.", "Code", str)
    return {name: Feed(Source(Table(0, name, (key,), lambda _c: ()), 1), takes_store) for name in names.split()}


FEEDS: Mapping[str, Feed] = {
    "GetWIItemBuffer": Feed(items.WEB_ITEMS),
    "GetItemVariant": Feed(items.VARIANTS),
    "GetVariantReg": Feed(items.REGISTRATIONS),
    "GetVariantRegWithStatus": Feed(items.REGISTRATIONS_WITH_STATUS, as_data_set=True),
    "GetBarcode": Feed(items.BARCODES),
    "GetItemUnitOfMeasure": Feed(items.ITEM_UNITS),
    "GetItemHTML": Feed(items.TEXTS, as_data_set=True),
    "GetWIPrice": Feed(prices.WEB_PRICES),
    "GetSalesPrice": Feed(prices.SALES_PRICES),
    "GetPriceListLine": Feed(prices.PRICE_LIST_LINES),
    "GetPriceListLine2": Feed(prices.PRICE_LIST_LINES),
    "GetInventoryStatus": Feed(stock.INVENTORY),
    "GetWIItemLocationBuffer": Feed(stock.ITEM_LOCATIONS),
    "GetWIInvLocationBuffer": Feed(setup.STORE_LOCATIONS),
    "GetTenderType": Feed(setup.TENDERS),
    "GetImageLink": Feed(items.IMAGE_LINKS, takes_store=False),
    "GetWIImageBuffer": Feed(setup.IMAGES, takes_store=False),
    "GetAttribute": Feed(setup.ATTRIBUTES, takes_store=False),
    "GetAttributeOptionValues": Feed(setup.ATTRIBUTE_OPTIONS, takes_store=False),
    "GetAttributeValues": Feed(items.ATTRIBUTE_VALUES, takes_store=False),
    "GetStoreBuffer": Feed(setup.ALL_STORES, takes_store=False, as_data_set=True),
    "GetVATPostingSetup": Feed(setup.VAT, takes_store=False),
    "GetUnitOfMeasure": Feed(setup.UNITS, takes_store=False),
    "GetItemCategory": Feed(setup.CATEGORIES, takes_store=False),
    "GetProductGroup": Feed(setup.PRODUCT_GROUPS, takes_store=False),
    "GetCurrency": Feed(setup.CURRENCIES, takes_store=False),
    "GetVendor": Feed(setup.VENDORS, takes_store=False),
    **_empty(_EMPTY_OF_STORE, takes_store=True),
    **_empty(_EMPTY, takes_store=False),
}
