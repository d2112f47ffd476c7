"""singer-sdk, the reading half: one incremental stream, signed and paged as the marketplace wants it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, ClassVar

from singer_sdk import RESTStream, Tap
from singer_sdk import typing as th

from benchmarks.job import LIST_PATH
from benchmarks.peers.marketplace import pages

ITEM = th.ObjectType(
    th.Property("model_sku", th.StringType),
    th.Property("item_name", th.StringType),
    th.Property("model_quantity_purchased", th.IntegerType),
    th.Property("model_original_price", th.NumberType),
    th.Property("model_discounted_price", th.NumberType),
    additional_properties=True,
)
ORDER = th.PropertiesList(
    th.Property("order_sn", th.StringType, required=True),
    th.Property("order_status", th.StringType),
    th.Property("currency", th.StringType),
    th.Property("total_amount", th.NumberType),
    th.Property("estimated_shipping_fee", th.NumberType),
    th.Property("shipping_carrier", th.StringType),
    th.Property("payment_method", th.StringType),
    th.Property("create_time", th.IntegerType),
    th.Property("update_time", th.IntegerType),
    th.Property("recipient_address", th.ObjectType(additional_properties=True)),
    th.Property("item_list", th.ArrayType(ITEM)),
)


class Orders(RESTStream[str]):
    """The shop's orders."""

    name = "orders"
    path = LIST_PATH
    primary_keys: ClassVar[list[str]] = ["order_sn"]
    replication_key = "update_time"
    is_sorted = True
    schema = ORDER.to_dict()

    @property
    def url_base(self) -> str:
        """Where the marketplace is."""
        return str(self.config["marketplace"])

    def request_records(self, context: Any) -> Iterable[dict[str, Any]]:
        """Read page by page, with the session that the SDK keeps."""
        since = self.get_starting_replication_key_value(context) or 0
        for page in pages(self.requests_session, self.url_base, int(since)):
            yield from page


class TapShop(Tap):
    """The shop."""

    name = "tap-shop"
    config_jsonschema = th.PropertiesList(th.Property("marketplace", th.StringType, required=True)).to_dict()

    def discover_streams(self) -> list[Orders]:
        """Offer one stream."""
        return [Orders(self)]


if __name__ == "__main__":
    TapShop.cli(sys.argv[1:])
