"""The xmlports of stock."""

from __future__ import annotations

from crossdock_ls_central.sandbox.soap.schema import XmlPort, record

MULTIPLE_IN = XmlPort(10033052, (record("InventoryBufferIn", "Number Variant"),))
MULTIPLE_OUT = XmlPort(10033053, (record("InventoryBufferOut", "Number Variant Store Location Inventory:decimal"),))
ITEM_INVENTORY = XmlPort(
    10032988,
    (
        record(
            "WSInventoryBuffer",
            """ItemNo VariantCode StoreNo LocationCode Inventory:decimal QtySoldnotPosted:decimal
            ActualInventory:decimal Colour Size Style BaseUnitofMeasure ExpectedStock:decimal ReorderPoint:decimal""",
        ),
    ),
)
AVAILABILITY_IN = XmlPort(
    10033062,
    (
        record("CustomerOrderHeader", "DocumentID CreatedAtStore MemberCardNo ShipOrder:boolean"),
        record(
            "CustomerOrderLine",
            """DocumentID LineNo:int LineType Number VariantCode UnitofMeasureCode Quantity:decimal Amount:decimal
            SourcingOrderType""",
        ),
    ),
)
AVAILABILITY_OUT = XmlPort(
    10033032,
    (
        record(
            "WSInventoryBuffer",
            "ItemNo VariantCode LocationCode ActualInventory:decimal LeadTimeDays:int BaseUnitOfMeasure",
        ),
    ),
)
