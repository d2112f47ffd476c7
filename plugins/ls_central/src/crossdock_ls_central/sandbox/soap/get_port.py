"""The xmlport of CustomerOrderGetV3."""

from __future__ import annotations

from crossdock_ls_central.sandbox.soap.order_ports import DISCOUNT_FIELDS, PAYMENT_FIELDS
from crossdock_ls_central.sandbox.soap.schema import XmlPort, record

_HEADER = """DocumentID CreatedatStore Created:dateTime CustomerNo MemberCardNo SourceType Name Address Address2 City
    County PostCode CountryRegionCode PhoneNo Email HouseApartmentNo MobilePhoneNo DaytimePhoneNo TerritoryCode
    ShipOrderPOSFlag:boolean ShipOrder:boolean ShiptoName ShiptoAddress ShiptoAddress2 ShiptoCity ShiptoCounty
    ShiptoPostCode ShiptoCountryRegionCode ShiptoPhoneNo ShiptoEmail ShiptoHouseApartmentNo ShowaspostedInt:boolean
    ExternalID OnHold:boolean TotalAmount:decimal OrderNetAmount:decimal TotalDiscount:decimal TotalQuantity:decimal
    TotalAmountInt:decimal TotalDiscountInt:decimal TotalPaymentInt:decimal TotalPreAuthorizationInt:decimal
    RequestedDeliveryDate:date ShippingAgentCode ShippingAgentServiceCode SalesPersonCode ClickandCollectOrder:boolean
    CollectShelfs CollectionbyExclusion:boolean PrepaymentInvoiceType"""
_LINE = """DocumentID LineNo:int Status LineType Number VariantCode UnitofMeasureCode NetPrice:decimal Price:decimal
    Quantity:decimal DiscountAmount:decimal DiscountPercent:decimal NetAmount:decimal VatAmount:decimal Amount:decimal
    VatProdPostingGroup ItemDescription VariantDescription UoMDescription OriginalLineNo:int SourcingLocation
    OrderReference InventoryTransfer:boolean VendorSourcing:boolean LeadTime PrepaymentAmount:decimal PurchaseOrderNo
    QuantityReceived:decimal RetailImageID StoreNo CollectShelf TerminalNo CollectTimeLimit ClickAndCollectLine:boolean
    ShippingAgentCode ShippingAgentServiceCode SourcingOrderType RequestedDeliveryDate:date ExternalID BoxNo
    ShipLine:boolean ServiceItem:boolean QtyPicked:decimal QtyShortage:decimal QtyCanceledInPicking:decimal
    QtyCollected:decimal QtyCanceledInCollecting:decimal ToTransferInt:boolean PrepaymentDocumentType
    PrepaymentDocumentNo"""
_NOT_IN_GET = {"DepositPayment:boolean", "TaxGroupCode", "EFTCardType"}
_PAYMENT = " ".join(
    [*(entry for entry in PAYMENT_FIELDS.split() if entry not in _NOT_IN_GET), "ApplicationEntryNo:int"]
)
_SHIPMENT = """DocumentID RequestedDate:date OrderNo CustomerOrderId ShipToName ShipToName2 ShipToAddress ShipToAddress2
    ShipToPostCode ShipToCity ShipToCounty ShipToCountry ShipToContact ShippingAgentCode ShippingAgentServiceCode
    PackageTrackingNo PackageTrackingUrl ShipmentDate:date"""
_SHIPMENT_LINE = """DocumentID LineNo:int ItemNo Description Quantity:decimal UnitOfMeasure PlannedDeliveryDate:date
    PlannedShipmentDate:date ShipmentDate:date GrossWeight:decimal NetWeight:decimal UnitVolume:decimal"""

GET_V3 = XmlPort(
    10033060,
    (
        record("CustomerOrderGetCOHeaderV3", _HEADER),
        record("CustomerOrderGetCOLineV3", _LINE),
        record("CustomerOrderGetCOLineDataEntryV3", "DataEntryType DataEntryCode PIN LineNo:int"),
        record("CustomerOrderGetCODiscountLineV3", DISCOUNT_FIELDS),
        record("CustomerOrderGetCOPaymentV3", _PAYMENT),
        record("CustomerOrderGetSalesShipmentHeaderV3", _SHIPMENT),
        record("CustomerOrderGetSalesShipmentLineV3", _SHIPMENT_LINE),
        record("GeneralComment", "DocumentID Comment"),
        record("DeliveryComment", "DocumentID Comment"),
    ),
)
