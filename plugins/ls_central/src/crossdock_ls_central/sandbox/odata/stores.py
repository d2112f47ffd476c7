"""Stores as GetStores and GetStoreBuffer show them."""

from __future__ import annotations

from collections.abc import Iterable

from crossdock_ls_central.sandbox.tables.table import Column, Table, column


def _columns() -> Iterable[Column]:
    yield column(1, "No.", "Code", lambda s: s.number)
    yield column(2, "Name", "Text", lambda s: s.name)
    yield column(3, "City", "Text", lambda s: s.city)
    yield column(4, "Country Code", "Code", lambda s: s.country)
    yield column(10, "Currency Code", "Code", lambda s: s.currency)
    yield column(11, "LCY Code", "Code", lambda s: s.currency)
    yield column(20, "Click and Collect", "Boolean", lambda s: not s.web_store)
    yield column(21, "Web Store", "Boolean", lambda s: s.web_store)
    yield column(22, "Web Store POS Terminal", "Code", lambda s: "P9999" if s.web_store else "")
    yield column(23, "Web Store Staff ID", "Code", lambda s: "9999" if s.web_store else "")
    yield column(24, "Calc Inv for Sourcing Location", "Boolean", lambda s: s.web_store)
    yield column(30, "Location Code", "Code", lambda s: s.location)
    yield column(31, "VAT Bus. Posting Gr. (Price)", "Code", lambda s: s.vat_bus_group)


STORES = Table(10012861, "StoreView", tuple(_columns()), lambda company: company.stores.values())
