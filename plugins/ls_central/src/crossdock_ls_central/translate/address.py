"""Buyer and address as header fields, cut to what Business Central can hold. Pure.

Source: field lengths of Business Central's Sales Header; LS documents none for its web service.
"""

from __future__ import annotations

from crossdock.model import MASKED, Order

__all__ = ["LENGTHS", "address_fields"]

LENGTHS = {
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
"""Signs that each field holds."""


def address_fields(order: Order, *, send_masked: bool) -> dict[str, str]:
    """Header fields of who bought and where it goes: once as the document's address, once as the ship-to.

    Args:
        order: marketplaces know one address, so it serves as both.
        send_masked: whether withheld values are sent as they are; else they are left out.
    """
    to, buyer = order.ship_to, order.buyer
    known = {
        "Name": to.name or buyer.name,
        "Address": to.line,
        "Address2": " ".join(filter(None, (to.line2, to.district))),
        "City": to.city,
        "County": to.state,
        "PostCode": to.postcode,
        "CountryRegionCode": to.country,
        "PhoneNo": to.phone or buyer.phone,
        "Email": buyer.email,
    }
    if not send_masked:
        known = {name: value for name, value in known.items() if MASKED not in value}
    _wrap(known)
    cut = {name: value[: LENGTHS[name]].strip() for name, value in known.items() if value}
    return cut | {f"ShipTo{name}": value for name, value in cut.items()}


def _wrap(known: dict[str, str]) -> None:
    """Go on in Address2 where a long address does not fit: with a whole word, unless signs were lost by that."""
    line = known.get("Address", "")
    limit = LENGTHS["Address"]
    if len(line) > limit:
        at = line.rfind(" ", 0, limit + 1)
        at = at if len(line) - at - 1 <= LENGTHS["Address2"] else limit
        known["Address"] = line[:at]
        known["Address2"] = " ".join(filter(None, (line[at:].strip(), known.get("Address2", ""))))
