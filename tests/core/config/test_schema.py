import json

from crossdock.config import schema
from tests.core.config.conftest import PLUGINS


def test_the_schema_knows_tables_plugins_and_flows():
    found = schema(PLUGINS.values())
    shop, books = found["properties"]["connections"]["additionalProperties"]["oneOf"]
    assert shop["properties"]["plugin"] == {"const": "shop"}
    assert set(books["properties"]) == {"plugin", "transport", "requests_per_second", "max_in_flight", "company"}
    assert shop["required"] == ["plugin", "region", "shop_id", "key"]
    (wrap,) = found["properties"]["extensions"]["additionalProperties"]["oneOf"]
    assert wrap["title"] == "Gift wrap"
    assert "every" in found["$defs"]["OrdersOptions"]["properties"]


def test_every_reference_of_the_schema_leads_somewhere():
    text = json.dumps(schema(PLUGINS.values()))
    names = {part.split('"')[0] for part in text.split("#/$defs/")[1:]}
    assert names
    assert names <= set(schema(PLUGINS.values())["$defs"])


def test_a_number_may_come_from_outside():
    shop = schema(PLUGINS.values())["properties"]["connections"]["additionalProperties"]["oneOf"][0]
    assert {"type": "string", "pattern": "^(env|file):.+"} in shop["properties"]["shop_id"]["anyOf"]
