"""The xmlports of Customer Orders, field by field in the order of the LS Central 25 WSDL."""

from __future__ import annotations

from crossdock_ls_central.sandbox.soap.schema import Record, XmlPort, record

_HEADER = """DocumentID MemberCardNo SourceType CustomerNo Name Address Address2 City County PostCode CountryRegionCode
    PhoneNo Email HouseApartmentNo MobilePhoneNo DaytimePhoneNo TerritoryCode ShipToName ShipToAddress ShipToAddress2
    ShipToCity ShipToCounty ShipToPostCode ShipToCountryRegionCode ShipToPhoneNo ShipToEmail ShipToHouseApartmentNo
    ExternalID CreatedAtStore ShipOrder:boolean RequestedDeliveryDate:date ScanPaygo:boolean RoundingAmount:decimal
    ShippingAgentCode ShippingAgentServiceCode SalesPersonCode TaxAreaCode TaxLiable:boolean TaxExemptionNo
    Created:dateTime CreatedByPOS PrepaymentInvoiceType"""
_LINE_HEAD = "DocumentID LineNo:int"
_LINE_BODY = """LineType Number VariantCode UnitofMeasureCode NetPrice:decimal Price:decimal
    Quantity:decimal DiscountAmount:decimal DiscountPercent:decimal NetAmount:decimal VatAmount:decimal Amount:decimal
    SourcingLocation OrderReference InventoryTransfer:boolean VendorSourcing:boolean LeadTimeCalculation
    PrepaymentAmount:decimal PurchaseOrderNo"""
_LINE_V5_DUPLICATES = "SourcingLocation1 InventoryTransfer1:boolean VendorSourcing1:boolean"
_LINE_TAIL = """ClickAndCollect:boolean StoreNo TerminalNo ShipOrder:boolean RequestedDeliveryDate:date ExternalID
    TaxGroupCode ValidateTaxParameter:boolean ServiceItem:boolean CreatedByReceiptNo PrepaymentDocumentType
    PrepaymentDocumentNo"""
DISCOUNT_FIELDS = """DocumentID LineNo:int EntryNo:int DiscountType:int OfferNo PeriodicDiscType:int PeriodicDiscGroup
    Description DiscountPercent:decimal DiscountAmount:decimal SequenceCode SequenceFunction"""
PAYMENT_FIELDS = """DocumentID StoreNo LineNo:int PreApprovedAmount:decimal FinalizedAmount:decimal TenderType CardType
    CurrencyCode CurrencyFactor:decimal AuthorizationCode PreApprovedValidDate:date CardorCustomernumber
    IncomeExpenseAccountNo PreApprovedAmountLCY:decimal FinalizedAmountLCY:decimal LoyaltyPointpayment:boolean
    DepositPayment:boolean PosTransReceiptNo Type Created:dateTime AuthorizationExpired:boolean TokenNo
    ExternalReference TaxGroupCode EFTCardType"""
STATUS_LOG_FIELDS = "StoreNo UserID StaffID TerminalNo TransactionNo:int ReceiptNo"


def _create_records(version: str, line_fields: str) -> tuple[Record, ...]:
    prefix = "CustomerOrderCreateCO"
    return (
        record(f"{prefix}Header{version}", _HEADER),
        record(f"{prefix}Line{version}", line_fields),
        record(f"{prefix}DiscountLine{version}", DISCOUNT_FIELDS),
        record(f"{prefix}Payment{version}", PAYMENT_FIELDS),
        record(f"{prefix}StatusLog{version}", STATUS_LOG_FIELDS),
    )


CREATE_V6 = XmlPort(10000702, _create_records("V6", f"{_LINE_HEAD} {_LINE_BODY} {_LINE_TAIL}"))
CREATE_V5 = XmlPort(
    10000701, _create_records("V5", f"{_LINE_HEAD} Status {_LINE_BODY} {_LINE_V5_DUPLICATES} {_LINE_TAIL}")
)
CANCEL = XmlPort(
    10033058,
    (
        record("CustomerOrderCancelCOLine", "DocumentID LineNo:int Quantity:decimal"),
        record("CustomerOrderStatusLog", STATUS_LOG_FIELDS),
    ),
)
STATUS_V2 = XmlPort(
    99009332,
    (
        record("CustomerOrderStatusLog", "DocumentID StatusCode Description ExtCode"),
        record(
            "CustomerOrderStatusLineLog",
            """EntryNo:int AllowCancel:boolean AllowModify:boolean Description ItenNo ItemLineNo:int StatusCode
            Quantity:decimal UnitOfMeasure VariantCode StatusChanged:dateTime ExtCode Amount:decimal""",
        ),
    ),
)
FILTERED_LIST_V2 = XmlPort(
    10033212,
    (
        record(
            "CustomerOrderHeaderV2",
            """DocumentID CreatedatStore Created:dateTime MemberCardNo FullName Address PhoneNo Email
            ShipOrderPOSFlag:boolean TotalAmount:decimal TotalQuantity:decimal ProcessingStatus StatusInt
            RequestedDeliveryDate:date ShipOrder:boolean ExternalID CompressedLinesInt:boolean PickType""",
        ),
    ),
)
