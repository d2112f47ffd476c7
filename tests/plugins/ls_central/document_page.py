"""What is read from the rows of documents, as the page `documents.txt`.

After a change that is meant, `python -m tests.plugins.ls_central.document_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crossdock_ls_central.translate.found import DocumentRows, to_order
from tests import pages

PAGE = Path(__file__).with_name("documents.txt")
CHARGES = {"66010": "shipping", "66020": "service"}
HEADER = {
    "Document ID": "CO000001",
    "External ID": "2611210ABCDEFG",
    "Created": "2026-11-21T09:00:00Z",
    "Status": "NEW",
    "SystemModifiedAt": "2026-11-21T10:00:00.5Z",
}
GOODS = {
    "Line No.": "10000",
    "Line Type": "Item",
    "Number": "40020",
    "Variant Code": "002",
    "Unit of Measure Code": "BOX",
    "Quantity": "4",
    "Price": "20.005",
    "Amount": "79",
    "External ID": "11",
}
PLAIN = {"Line No.": "20000", "Number": "30030", "Quantity": "2", "Price": "5", "Amount": "10"}
FEE = {"Line No.": "30000", "Number": "66020", "Quantity": "1", "Price": "2", "Amount": "2"}
OTHER_FEE = {"Line No.": "40000", "Service Item": "true", "Quantity": "1", "Price": "3", "Amount": "3"}
SHIPMENT = {
    "No.": "102042",
    "Posting Date": "2026-11-21",
    "Shipping Agent Code": "SPX",
    "Shipping Agent Service Code": "STD",
    "Package Tracking No.": "TRK1",
    "SystemModifiedAt": "2026-11-22T00:00:00Z",
}
IN_IT = {"Document No.": "102042", "Line No.": "10000", "No.": "40020", "Variant Code": "002", "Quantity": "1"}
BY_ITEM = [
    {"Document No.": "102042", "Line No.": "15000", "No.": "40020", "Variant Code": "002", "Quantity": "2"},
    {"Document No.": "102042", "No.": "30030", "Quantity": "2"},
    {"Document No.": "102042", "No.": "40020", "Variant Code": "003", "Quantity": "7"},
]
ALL = (GOODS, PLAIN, FEE, OTHER_FEE)


def _rows(
    header: dict[str, str] | None = None, *, posted: bool = False, currency: str = "SGD", **more: object
) -> Callable[[], object]:
    rows = DocumentRows(HEADER if header is None else header, posted, **more)  # type: ignore[arg-type]
    return lambda: to_order(rows, currency, "-", CHARGES)


EXAMPLES = {
    "an open document": _rows(lines=ALL),
    "in yen": _rows(lines=[PLAIN | {"Price": "4.5"}], currency="JPY"),
    "nothing is told of it": _rows({}),
    "the same number on two lines": _rows(lines=[GOODS, GOODS | {"Line No.": "20000"}, PLAIN]),
    "a line without a number": _rows(lines=[GOODS, PLAIN | {"Line No.": ""}]),
    "picking": _rows(HEADER | {"Processing Status": "Picking"}, lines=[PLAIN], shipments=[SHIPMENT]),
    "posted": _rows(posted=True, lines=ALL, shipments=[SHIPMENT], shipment_lines=[IN_IT, *BY_ITEM]),
    "posted, more shipped than bought": _rows(
        posted=True, lines=[PLAIN], shipments=[SHIPMENT], shipment_lines=[IN_IT | {"No.": "30030", "Quantity": "9"}]
    ),
    "posted, of shipments without lines": _rows(posted=True, lines=[PLAIN], shipments=[{}, SHIPMENT]),
    "posted, in a shipment with half a line": _rows(
        posted=True, lines=[GOODS], shipments=[SHIPMENT], shipment_lines=[IN_IT | {"Quantity": "0.5"}]
    ),
    "a line of a later shipment, dated as shipped": _rows(
        shipments=[{"No.": "2", "Shipment Date": "2026-11-20"}, {"No.": "1"}]
    ),
    "cancelled": _rows(HEADER | {"CancelledOrder": "true"}, posted=True, lines=[PLAIN]),
    "lines that ended": _rows(
        lines=[GOODS | {"Status": "SHORTAGE"}, PLAIN | {"Status": "CANCELED"}], shipment_lines=[IN_IT]
    ),
    "a line that ended after a part of it was shipped": _rows(
        lines=[GOODS | {"Status": "SHORTAGE"}, PLAIN], shipments=[SHIPMENT], shipment_lines=[IN_IT]
    ),
    "a line of another type": _rows(lines=[PLAIN | {"Line Type": "5"}, PLAIN | {"Line Type": "0", "Quantity": "0"}]),
    "a line without a quantity": _rows(lines=[{"Line No.": "1"}]),
    "a quantity that is none": _rows(lines=[PLAIN | {"Quantity": "two"}]),
    "a price that is none": _rows(lines=[PLAIN | {"Price": "dear"}]),
    "no price, and no amount": _rows(lines=[{"Line No.": "1", "Quantity": "1"}]),
    "an amount that is none": _rows(lines=[PLAIN | {"Amount": "much"}]),
    "a fee that is none": _rows(lines=[FEE | {"Amount": "much"}]),
    "a line that costs more than price times quantity": _rows(lines=[PLAIN | {"Amount": "11"}]),
    "a quantity finer than money": _rows(lines=[PLAIN | {"Quantity": "0.3333", "Amount": "1"}]),
    "a shipped quantity that is none": _rows(lines=[PLAIN], shipments=[SHIPMENT], shipment_lines=[{"Quantity": "x"}]),
    "a shipped quantity that is missing": _rows(lines=[PLAIN], shipments=[SHIPMENT], shipment_lines=[{}]),
}


def page() -> str:
    """All examples."""
    return pages.page(EXAMPLES)


if __name__ == "__main__":
    PAGE.write_text(page())
