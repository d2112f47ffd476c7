"""The settings of the administration page: all in the route's config, and shown by ``crossdock check``."""

from __future__ import annotations

from tests.journeys.stage import Stage

BACKEND = """
customer_no = "44090"
member_card = "10021"
sku_delimiter = "_"
price_rounding = "down"
tender_types = { "Apple Pay" = "3" }
shipping_agents = { "Ninja Van" = "NINJA" }
"""


async def test_check_shows_the_settings_in_force(stage: Stage) -> None:
    stage.configure(orders="process_order = false\ncreate_fulfilled_orders = true", backend=BACKEND)

    found = (await stage.crossdock("check", "--json")).json

    [central] = [row for row in found["connections"] if row["connection"] == "central"]
    assert (central["facts"]["company"], central["facts"]["store"]) == ("CRONUS - LS Central", "S0013")
    [route] = found["routes"]
    assert route["flows"]["orders"]["process_order"] is False
    assert route["flows"]["orders"]["create_fulfilled_orders"] is True
    shown = route["backend_options"]
    assert (shown["shipping_item"], shown["default_tender"]) == ("66010", "1")
    assert (shown["tender_types"], shown["shipping_agents"]) == ({"Apple Pay": "3"}, {"Ninja Van": "NINJA"})
    assert (shown["customer_no"], shown["member_card"], shown["sku_delimiter"]) == ("44090", "10021", "_")
    assert shown["price_rounding"] == "down"


async def test_check_shows_defaults_and_what_is_not_set_to_people_too(stage: Stage) -> None:
    rows = [line.split() for line in (await stage.crossdock("check")).out.splitlines()]

    assert ["orders.process_order", "true", "default"] in rows
    assert ["backend_options.shipping_item", '"66010"', "file"] in rows
    assert ["backend_options.price_rounding", '"nearest"', "default"] in rows
    assert ["backend_options.customer_no", "not", "set", "default"] in rows
