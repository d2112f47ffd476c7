"""How long texts may be in the tables behind a Customer Order."""

from __future__ import annotations

from collections.abc import Iterable

from crossdock_ls_central.sandbox.refusal import RuntimeFault
from crossdock_ls_central.sandbox.soap.schema import Row

_ADDRESS = {
    "Name": 100,
    "Address": 100,
    "Address2": 50,
    "City": 30,
    "County": 30,
    "PostCode": 20,
    "CountryRegionCode": 10,
    "PhoneNo": 30,
    "Email": 80,
}
_LONGEST = {
    **_ADDRESS,
    **{f"ShipTo{name}": length for name, length in _ADDRESS.items()},
    "MobilePhoneNo": 30,
    "DaytimePhoneNo": 30,
    "CustomerNo": 20,
    "MemberCardNo": 100,
    "ExternalID": 50,
    "ShippingAgentCode": 10,
    "ShippingAgentServiceCode": 10,
    "PackageTrackingNo": 50,
    "SalesPersonCode": 20,
    "UnitofMeasureCode": 10,
    "VariantCode": 10,
    "Number": 20,
    "TenderType": 10,
    "CurrencyCode": 10,
    "ExternalReference": 50,
}


def check_lengths(rows: Iterable[Row]) -> None:
    """Refuse texts that do not fit.

    Raises:
        RuntimeFault: a text is longer than its field, as an AL assignment fails.
    """
    for row in rows:
        for name, value in row.items():
            longest = _LONGEST.get(name)
            if longest and isinstance(value, str) and len(value) > longest:
                raise RuntimeFault(
                    f"The length of the string is {len(value)}, but it must be less than or equal to {longest} "
                    f"characters. Field: {name}"
                )
