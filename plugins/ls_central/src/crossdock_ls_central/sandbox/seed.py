"""The world that the sandbox starts with."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from crossdock_ls_central.sandbox.catalog import (
    Attribute,
    Item,
    Location,
    ShippingAgent,
    StatusCode,
    Store,
    TenderType,
    Variant,
)
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.pictures import picture
from crossdock_ls_central.sandbox.replicated.changing import add_item, note_setup

SHIPPING_ITEM = "66010"


def seed(company: Company) -> None:
    """Fill an empty company: two stores, tender types, VAT, statuses and the items of `_ITEMS`."""
    _seed_setup(company)
    company.images = {"LS40020": picture(0xC0, 0x60, 0x30), "LS40030": picture(0x30, 0x60, 0xC0)}
    note_setup(company)
    for item in _items():
        _stock(item, _QUANTITIES)
        add_item(company, item)
    for number in range(1, company.switches.item_count + 1):
        item = Item(f"BULK{number:05}", f"Bulk item {number}", Decimal(10 + number % 90))
        _stock(item, {"S0013": Decimal(1000)})
        add_item(company, item)


def _seed_setup(company: Company) -> None:
    currency = company.switches.currency
    company.stores = {
        "S0013": Store("S0013", "Web Store", "S0013", ("S0013", "W0001"), "LOCAL", True, "Bangkok", "TH", currency),
        "S0001": Store("S0001", "High Street", "S0001", ("S0001",), "CITY", False, "Singapore", "SG", currency),
    }
    company.locations = {
        code: Location(code, name, company.new_id())
        for code, name in (("S0013", "Web Store"), ("S0001", "High Street"), ("W0001", "Warehouse"))
    }
    company.tender_types = {
        code: TenderType(code, text)
        for code, text in (("1", "Cash"), ("3", "Card"), ("11", "Customer Account"), ("31", "Marketplace"))
    }
    company.vat_percent = {
        ("LOCAL", "STANDARD"): Decimal(7),
        ("CITY", "STANDARD"): Decimal(9),
        ("LOCAL", "ZERO"): Decimal(0),
        ("CITY", "ZERO"): Decimal(0),
    }
    company.customers = {"44090": "Marketplace customer", "44010": "Walk-in customer"}
    company.currencies = {currency, "SGD", "THB", "MYR", "PHP", "VND", "IDR", "TWD", "BRL", "USD", "EUR", "GBP", "LOY"}
    company.units = {"PCS": "Piece", "PACK6": "Pack of 6", "BOX": "Box"}
    company.categories = {code: code.capitalize() for code in ("GENERAL", "SERVICE", "CLOTHING", "DRINKS", "FOOD")}
    company.vendors = {"44010": "Nordic Textiles", "44020": "Home & Office Trading"}
    company.attributes = {
        "MATERIAL": Attribute("Material"),
        "COLOUR": Attribute("Colour", ("White", "Blue", "Black")),
    }
    company.agents = [ShippingAgent("S0013", "SPX", "STANDARD"), ShippingAgent("S0001", "DHL", "EXPRESS")]
    company.statuses = {status.code: status for status in _statuses()}


def _statuses() -> Iterable[StatusCode]:
    for code, text, may_cancel in (
        ("NEW", "New", True),
        ("TOPICK", "To Pick", True),
        ("PICKING", "Picking", True),
        ("PICKED", "Picked", False),
        ("SHORTAGE", "Shortage", True),
        ("SHIPPED", "Shipped", False),
        ("CANCELED", "Canceled", False),
        ("CLOSED", "Closed", False),
    ):
        yield StatusCode(code, text, code, may_cancel, may_cancel)


_QUANTITIES = {"S0013": Decimal(100), "S0001": Decimal(25), "W0001": Decimal(500)}


def _stock(item: Item, quantities: dict[str, Decimal]) -> None:
    if item.is_service:
        return
    for variant in item.sellable():
        for location, quantity in quantities.items():
            item.stock[variant, location] = quantity


def _items() -> Iterable[Item]:
    yield Item(SHIPPING_ITEM, "Shipping charge", Decimal(0), type="Service", category="SERVICE")
    yield _shirt("40020", "Linen shirt", "80", ("000", "001", "002", "003"))
    yield _shirt("40030", "Denim jacket", "149.9", ("S", "M", "L"))
    yield _drink("30010", "Spring water 0.5 l", "1.5")
    yield _drink("30020", "Orange juice 1 l", "3.2")
    yield Item("30030", "Rice 1 kg", Decimal("4.75"), vat_group="ZERO", category="FOOD", barcodes={"8850000030031": ""})
    yield Item("30040", "Milk powder 400 g", Decimal("12.9"), vat_group="ZERO", category="FOOD")
    for number, (name, price) in enumerate(_PLAIN, start=1):
        code = f"100{number:02}"
        yield Item(code, name, Decimal(price), vendor="44020", barcodes={f"885000010{number:03}1": ""})
    yield Item("10090", "Discontinued lamp", Decimal("25"), blocked=True)


def _shirt(number: str, name: str, price: str, codes: Iterable[str]) -> Item:
    variants = {code: Variant(code, f"{name} {code}") for code in codes}
    barcodes = {f"885{number}{place:04}": code for place, code in enumerate(variants)}
    return Item(
        number,
        name,
        Decimal(price),
        variants=variants,
        barcodes=barcodes,
        category="CLOTHING",
        vendor="44010",
        html=f"<p>{name}, made to last.</p>",
        images=[f"LS{number}"],
        attributes={"MATERIAL": "Linen" if number == "40020" else "Denim", "COLOUR": "Blue"},
    )


def _drink(number: str, name: str, price: str) -> Item:
    units = {"PCS": Decimal(1), "PACK6": Decimal(6), "BOX": Decimal(24)}
    return Item(number, name, Decimal(price), units=units, category="DRINKS", barcodes={f"88500000{number}": ""})


_PLAIN = (
    ("Desk lamp", "39.9"),
    ("Alarm clock", "24.5"),
    ("Coffee mug", "9.9"),
    ("Tea pot", "29"),
    ("Notebook A5", "5.5"),
    ("Ball pen", "1.95"),
    ("Backpack", "59"),
    ("Umbrella", "18.9"),
    ("Phone case", "15"),
    ("Charging cable", "12.45"),
    ("Power bank", "45"),
    ("Yoga mat", "35.6"),
)
