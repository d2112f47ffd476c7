"""Shopee (Open Platform API v2) as a crossdock system."""

from crossdock.contract import Plugin
from crossdock_shopee.abilities import CANNOT
from crossdock_shopee.config import ShopeeRoute, ShopeeSettings
from crossdock_shopee.connection import ShopeeConnection, connect

plugin = Plugin(
    name="shopee", title="Shopee", contract=">=1,<2", settings=ShopeeSettings, route_options=ShopeeRoute,
    connect=connect, connection=ShopeeConnection, sandbox="crossdock_shopee.sandbox:create", cannot=CANNOT,
    kit="crossdock_shopee.conformance:kit", one_each=("base_url", "shop_id"),
)  # fmt: skip
