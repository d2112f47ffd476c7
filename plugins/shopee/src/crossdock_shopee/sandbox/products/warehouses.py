"""shop.get_warehouse_detail: only shops with several warehouses may ask."""

from __future__ import annotations

from typing import Any

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Request


class WarehouseRequest(Request):
    """Parameters of shop.get_warehouse_detail."""

    warehouse_type: int = 1


def get_warehouse_detail(call: Call, ask: WarehouseRequest) -> Reply:
    """The shop's warehouses; here the answer is a list."""
    locations = call.shop.catalogue.locations
    if len(locations) < 2:
        raise ApiError("warehouse.error_not_in_whitelist", "Your shop is not in multi-warehouse whitelist.")
    return wrapped([_row(call, place, location, ask.warehouse_type) for place, location in enumerate(locations)])


def _row(call: Call, place: int, location: str, kind: int) -> dict[str, Any]:
    empty = dict.fromkeys(("state", "city", "district", "town", "state_code"), "")
    return {
        "warehouse_id": 6 + place,
        "warehouse_name": f"Warehouse {place + 1}",
        "warehouse_type": kind,
        "location_id": location,
        "address_id": 123,
        "region": call.shop.region.code,
        **empty,
        "address": f"{place + 1} Sandbox Road",
        "zipcode": "400009",
        "holiday_mode_state": 0,
    }


ENDPOINTS = (Endpoint("GET", "shop/get_warehouse_detail", WarehouseRequest, get_warehouse_detail),)
