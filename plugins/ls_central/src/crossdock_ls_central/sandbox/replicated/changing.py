"""Notes in the change log exactly those rows of an item that a change made different."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crossdock_ls_central.sandbox.catalog import Item
from crossdock_ls_central.sandbox.changes import Key
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.replicated import items, prices, setup, stock
from crossdock_ls_central.sandbox.replicated.source import Source
from crossdock_ls_central.sandbox.tables.table import as_text

_ITEM_SOURCES = (
    items.WEB_ITEMS,
    items.VARIANTS,
    items.REGISTRATIONS,
    items.REGISTRATIONS_WITH_STATUS,
    items.BARCODES,
    items.ITEM_UNITS,
    items.TEXTS,
    items.IMAGE_LINKS,
    items.ATTRIBUTE_VALUES,
    prices.WEB_PRICES,
    prices.SALES_PRICES,
    prices.PRICE_LIST_LINES,
    stock.INVENTORY,
    stock.ITEM_LOCATIONS,
)
_SETUP_SOURCES = (
    setup.TENDERS,
    setup.VAT,
    setup.ALL_STORES,
    setup.UNITS,
    setup.CATEGORIES,
    setup.PRODUCT_GROUPS,
    setup.CURRENCIES,
    setup.VENDORS,
    setup.STORE_LOCATIONS,
    setup.ATTRIBUTES,
    setup.ATTRIBUTE_OPTIONS,
    setup.IMAGES,
)
Picture = dict[tuple[str, Key], tuple[str, ...]]


@contextmanager
def changing(company: Company, item: Item) -> Iterator[None]:
    """Change `item` inside the block; it may come into being there, or go."""
    before = _picture(company, item)
    yield
    after = _picture(company, item)
    for (table, key), row in after.items():
        if before.get((table, key)) != row:
            company.changes.touch(table, key)
    for table, key in before.keys() - after.keys():
        company.changes.touch(table, key, deleted=True)
    if company.item(item.number) is item:
        company.touch_item(item)


def add_item(company: Company, item: Item) -> Item:
    """Put a new item in the catalogue."""
    with changing(company, item):
        company.put_item(item)
    return item


def delete_item(company: Company, item: Item) -> None:
    """Remove an item with all that belongs to it."""
    with changing(company, item):
        company.drop_item(item)


def note_setup(company: Company) -> None:
    """Note every row of the set-up tables as new."""
    for source in _SETUP_SOURCES:
        for key in source.rows(company):
            company.changes.touch(source.table.name, key)


def note_image(company: Company, image_id: str) -> None:
    """Note that the content of an image is new."""
    company.changes.touch(setup.IMAGES.table.name, (image_id,))


def _picture(company: Company, item: Item) -> Picture:
    if company.item(item.number) is not item:
        return {}
    return {key: row for source in _ITEM_SOURCES for key, row in _rows(company, source, item)}


def _rows(company: Company, source: Source, item: Item) -> Iterator[tuple[tuple[str, Key], tuple[str, ...]]]:
    for row in source.of_item(company, item) if source.of_item else ():
        yield (source.table.name, source.key(row)), tuple(as_text(col.get(row)) for col in source.table.columns)
