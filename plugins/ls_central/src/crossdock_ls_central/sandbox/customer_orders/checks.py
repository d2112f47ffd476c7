"""The checks of CustomerOrderCreate that concern header, discounts, payments and sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.refusal import DUPLICATE_KEY, BusinessRefusal, RuntimeFault
from crossdock_ls_central.sandbox.soap.schema import Row

_PAYMENT_TYPES = {"", *map(str, range(9))}
_DISCOUNT_TYPES = range(13)
_PERIODIC_TYPES = range(6)


def check_header(company: Company, header: Row) -> str:
    """The store of the order, after all checks of the header."""
    if header["DocumentID"]:
        raise BusinessRefusal(
            "0030", f"Document ID must be empty, LS Central numbers the order: {header['DocumentID']}."
        )
    _check_external_id(company, str(header["ExternalID"]))
    store = str(header["CreatedAtStore"]).upper()
    if not store:
        raise BusinessRefusal("1410", "Store No. is missing: Created At Store is empty.")
    if store not in company.stores:
        raise BusinessRefusal("1601", f"Store {store} does not exist.")
    customer = str(header["CustomerNo"])
    if customer and customer.upper() not in company.customers:
        raise BusinessRefusal("1670", f"Customer {customer} does not exist.")
    if header["MemberCardNo"]:
        raise BusinessRefusal("2203", f"Member card {header['MemberCardNo']} does not exist.")
    return store


def _check_external_id(company: Company, external_id: str) -> None:
    if not external_id.strip():
        return
    over_posted = company.switches.external_id_unique_over_posted
    if any(over_posted or not order.posted for order in company.by_external_id(external_id)):
        raise BusinessRefusal(company.switches.duplicate_code, f"External ID {external_id} already exists")


def check_discounts(discounts: Sequence[Row], line_numbers: set[int]) -> None:
    """Each discount line belongs to a line, has known types and a key of its own."""
    seen: set[tuple[object, object]] = set()
    for row in discounts:
        if row["LineNo"] not in line_numbers:
            raise BusinessRefusal("0099", f"Discount line of line {row['LineNo']}, which the order does not have.")
        if row["DiscountType"] not in _DISCOUNT_TYPES or row["PeriodicDiscType"] not in _PERIODIC_TYPES:
            raise BusinessRefusal(
                "0030", f"Discount Type {row['DiscountType']}/{row['PeriodicDiscType']} is not known."
            )
        key = (row["LineNo"], row["EntryNo"])
        if key in seen:
            text = f"Identification fields and values: Line No.='{key[0]}',Entry No.='{key[1]}'"
            raise RuntimeFault(f"The record in table LSC CO Discount Line already exists. {text}", DUPLICATE_KEY)
        seen.add(key)


def check_payments(company: Company, payments: Iterable[Row]) -> None:
    """Each payment has a number of its own, a known tender type, store, type and currency."""
    seen: set[object] = set()
    for row in payments:
        number, store = row["LineNo"], str(row["StoreNo"]).upper()
        if not number:
            raise BusinessRefusal("1107", "Line No. is missing on a customer order payment.")
        if number in seen:
            text = f"Identification fields and values: Document ID='',Line No.='{number}'"
            raise RuntimeFault(f"The record in table LSC Customer Order Payment already exists. {text}", DUPLICATE_KEY)
        seen.add(number)
        if row["TenderType"] not in company.tender_types:
            raise BusinessRefusal("1613", f"Tender Type '{row['TenderType']}' does not exist.")
        if store and store not in company.stores:
            raise BusinessRefusal("1601", f"Store {store} of payment {number} does not exist.")
        if row["Type"] not in _PAYMENT_TYPES:
            raise BusinessRefusal("0030", f"Payment Type {row['Type']} is not known.")
        if row["CurrencyCode"] and str(row["CurrencyCode"]).upper() not in company.currencies:
            raise BusinessRefusal("0030", f"Currency {row['CurrencyCode']} does not exist.")


def check_sums(tolerance: Decimal | None, lines: Iterable[Row], payments: Sequence[Row]) -> None:
    """Line amounts follow from price, quantity and discount, and the payments cover their sum."""
    if tolerance is None:
        return
    total = Decimal(0)
    for row in lines:
        price, quantity, discount, net, vat, amount = (
            Decimal(str(row[name]))
            for name in ("Price", "Quantity", "DiscountAmount", "NetAmount", "VatAmount", "Amount")
        )
        total += amount
        if abs(price * quantity - discount - amount) > tolerance or abs(net + vat - amount) > tolerance:
            raise BusinessRefusal("0099", f"Amount {amount} of line {row['LineNo']} does not follow from its parts.")
    paid = sum((Decimal(str(row["PreApprovedAmount"])) for row in payments), Decimal(0))
    if payments and abs(paid - total) > tolerance:
        raise BusinessRefusal("2224", f"Payments of {paid} do not match the order total of {total}.")
