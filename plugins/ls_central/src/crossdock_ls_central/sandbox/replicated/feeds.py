"""Which replication action gives which table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crossdock_ls_central.sandbox.replicated import items, prices, setup, stock
from crossdock_ls_central.sandbox.replicated.source import Source


@dataclass(frozen=True)
class Feed:
    """A replication action: its table, whether it takes a storeNo, and which of the two shapes it answers in."""

    source: Source
    takes_store: bool = True
    as_data_set: bool = False


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
}
