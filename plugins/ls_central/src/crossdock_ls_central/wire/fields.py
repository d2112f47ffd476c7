"""Elements of the operations that we call, in the order of their WSDL. Data only.

Source: OmniWrapper.wsdl of LS Central 25, and the rows that newer clients add for 28 (CurrencyCode, SerialNo, ...),
which are left out because an older server refuses elements that it does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

__all__ = ["CANCEL", "CREATE", "INVENTORY_IN", "SERVICE", "TRACKING", "Block", "Port", "clark"]

SERVICE = "urn:microsoft-dynamics-schemas/codeunit/{codeunit}"
PORTS = "urn:microsoft-dynamics-nav/xmlports/x"


def clark(namespace: str, name: str) -> str:
    """The name as lxml writes it."""
    return f"{{{namespace}}}{name}"


@dataclass(frozen=True)
class Block:
    """A repeating element of an xmlport, with its fields in order."""

    name: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Port:
    """An xmlport: what an XML parameter of an operation holds.

    Attributes:
        parameter: name of the operation's parameter.
        namespace: of everything inside the parameter.
        blocks: by a short name of ours, in the order in which they are written.
    """

    parameter: str
    namespace: str
    blocks: dict[str, Block]

    @cached_property
    def tags(self) -> dict[str, tuple[str, tuple[tuple[str, str], ...]]]:
        """Short name of a block to its qualified name, and its fields with theirs, worked out once."""
        return {
            short: (
                clark(self.namespace, block.name),
                tuple((field, clark(self.namespace, field)) for field in block.fields),
            )
            for short, block in self.blocks.items()
        }


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_HEADER = _words(
    "DocumentID MemberCardNo SourceType CustomerNo Name Address Address2 City County PostCode CountryRegionCode PhoneNo"
    " Email HouseApartmentNo MobilePhoneNo DaytimePhoneNo TerritoryCode ShipToName ShipToAddress ShipToAddress2"
    " ShipToCity ShipToCounty ShipToPostCode ShipToCountryRegionCode ShipToPhoneNo ShipToEmail ShipToHouseApartmentNo"
    " ExternalID CreatedAtStore ShipOrder RequestedDeliveryDate ScanPaygo RoundingAmount ShippingAgentCode"
    " ShippingAgentServiceCode SalesPersonCode TaxAreaCode TaxLiable TaxExemptionNo Created CreatedByPOS"
    " PrepaymentInvoiceType"
)
_LINE = _words(
    "DocumentID LineNo LineType Number VariantCode UnitofMeasureCode NetPrice Price Quantity DiscountAmount"
    " DiscountPercent NetAmount VatAmount Amount SourcingLocation OrderReference InventoryTransfer VendorSourcing"
    " LeadTimeCalculation PrepaymentAmount PurchaseOrderNo ClickAndCollect StoreNo TerminalNo ShipOrder"
    " RequestedDeliveryDate ExternalID TaxGroupCode ValidateTaxParameter ServiceItem CreatedByReceiptNo"
    " PrepaymentDocumentType PrepaymentDocumentNo"
)
_DISCOUNT = _words(
    "DocumentID LineNo EntryNo DiscountType OfferNo PeriodicDiscType PeriodicDiscGroup Description DiscountPercent"
    " DiscountAmount SequenceCode SequenceFunction"
)
_PAYMENT = _words(
    "DocumentID StoreNo LineNo PreApprovedAmount FinalizedAmount TenderType CardType CurrencyCode CurrencyFactor"
    " AuthorizationCode PreApprovedValidDate CardorCustomernumber IncomeExpenseAccountNo PreApprovedAmountLCY"
    " FinalizedAmountLCY LoyaltyPointpayment DepositPayment PosTransReceiptNo Type Created AuthorizationExpired TokenNo"
    " ExternalReference TaxGroupCode EFTCardType"
)
_STATUS_LOG = _words("StoreNo UserID StaffID TerminalNo TransactionNo ReceiptNo")


def _create(version: str, namespace: str) -> Port:
    name = f"CustomerOrderCreateCO{{}}{version}"
    blocks = {"header": ("Header", _HEADER), "line": ("Line", _LINE)}
    blocks |= {"discount": ("DiscountLine", _DISCOUNT), "payment": ("Payment", _PAYMENT)}
    parameter = f"customerOrderCreate{version}XML"
    return Port(parameter, namespace, {key: Block(name.format(part), fields) for key, (part, fields) in blocks.items()})


CREATE = {"V6": _create("V6", f"{PORTS}10000702"), "V5": _create("V5", "")}
"""CustomerOrderCreate by version. V5 knows further line fields, which we do not send; its namespace is read from the
service's own description."""

CANCEL = Port(
    "customerOrderCancelXML",
    f"{PORTS}10033058",
    {
        "line": Block("CustomerOrderCancelCOLine", _words("DocumentID LineNo Quantity")),
        "log": Block("CustomerOrderStatusLog", _STATUS_LOG),
    },
)
"""CustomerOrderCancel."""

TRACKING = Port(
    "salesShipmentUpdateXML",
    f"{PORTS}10033225",
    {"header": Block("SalesShipmentHeader", _words("ShippingAgentCode ShippingAgentServiceCode PackageTrackingNo"))},
)
"""LSCSalesShipmentUpdate."""

INVENTORY_IN = Port(
    "getInventoryMultipleInXML", f"{PORTS}10033052", {"item": Block("InventoryBufferIn", _words("Number Variant"))}
)
"""GetInventoryMultipleV2."""
