"""Everything that speaks to one shop, put together."""

from __future__ import annotations

from crossdock.contract import Toolbox
from crossdock_shopee.client.brands import Brands
from crossdock_shopee.client.catalogue import Catalogue
from crossdock_shopee.client.extras import Extras
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.global_listings import GlobalListings
from crossdock_shopee.client.images import Images
from crossdock_shopee.client.levels import LevelWriter
from crossdock_shopee.client.listings import Listings
from crossdock_shopee.client.orders import OrderReader
from crossdock_shopee.client.shelves import GlobalShelf, shelf_of
from crossdock_shopee.config import ShopeeSettings

__all__ = ["Shop"]


class Shop:
    """One shop, and its merchant where products belong to one.

    Args:
        settings: of the connection.
        toolbox: lent by the engine.

    Attributes:
        gateway: sends calls.
        orders: reads orders.
        catalogue: knows which listing carries which SKU.
        levels: writes stock and prices.
        listings: makes and changes listings, in the shop or with the merchant.
    """

    def __init__(self, settings: ShopeeSettings, toolbox: Toolbox) -> None:
        self.gateway = Gateway(settings, toolbox)
        self.orders = OrderReader(self.gateway, Extras(self.gateway))
        shelf, images = shelf_of(self.gateway), Images(self.gateway, toolbox)
        self.catalogue = Catalogue(self.gateway, shelf, toolbox.vault)
        brands = Brands(self.gateway, shelf.module, toolbox.vault)
        self.levels = LevelWriter(self.gateway, shelf, self.catalogue)
        self.listings: Listings | GlobalListings = (
            GlobalListings(self.gateway, shelf, self.catalogue, images, brands)
            if isinstance(shelf, GlobalShelf)
            else Listings(self.gateway, self.catalogue, images, brands)
        )
