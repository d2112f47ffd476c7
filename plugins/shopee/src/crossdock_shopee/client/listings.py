"""Making and changing a shop's listings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crossdock.contract import Receipt
from crossdock.errors import Refused, TryLater
from crossdock.model import Product, Variant
from crossdock_shopee.client.brands import Brands
from crossdock_shopee.client.catalogue import Catalogue
from crossdock_shopee.client.channels import offered
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.images import Images
from crossdock_shopee.client.shop_window import show
from crossdock_shopee.client.variations import follow, start
from crossdock_shopee.config import ShopeeRoute
from crossdock_shopee.translate.drafts import Fields, category_of, changes, details, first_stock, require_complete
from crossdock_shopee.translate.kits import kit
from crossdock_shopee.translate.products import GONE, Listed
from crossdock_shopee.translate.writing import currency_of, price_number, require_price
from crossdock_shopee.wire.items import Made

__all__ = ["Listings"]

_VERB = "push_product"
_NOT_FOUND = "product.error_item_not_found"


class Listings:
    """Makes listings of products, and brings them up to date.

    Args:
        gateway: sends the calls.
        catalogue: is told what was made.
        images: uploads pictures.
        brands: finds brands.
    """

    def __init__(self, gateway: Gateway, catalogue: Catalogue, images: Images, brands: Brands) -> None:
        self._gateway = gateway
        self._catalogue = catalogue
        self._images = images
        self._brands = brands

    async def push(self, product: Product, listed: Product | None, options: ShopeeRoute) -> Receipt:
        """Make the listing, or change what differs.

        A listing with variations is made in two calls; until the second one it is not shown to buyers, and a run that
        was cut off between them goes on where it stopped.

        Raises:
            Refused: a field is missing, or Shopee does not take it.
            TryLater: Shopee has not finished a step, or not approved the brand.
            Unclear: nobody knows whether it was made: look for its SKU first.
        """
        if listed is None:
            require_complete(product, options)
        images = await self._images.upload(product.images)
        brand = await self._brands.of(product, images, options)
        wanted = details(product, options, images, brand)
        try:
            return await self._bring(product, listed, wanted, options)
        except Refused as error:
            if "brand" in error.reason.lower():
                await self._brands.explain(brand, category_of(product, options))
            raise

    async def _bring(self, product: Product, listed: Product | None, wanted: Fields, options: ShopeeRoute) -> Receipt:
        if listed is None:
            return await (self._make_kit if product.parts else self._make)(product, wanted, options)
        if product.parts:
            return Receipt(listed.id, already=True, note="a kit is not changed once it is listed; its prices are")
        return await self._change(product, listed, wanted, options)

    async def delist(self, listed: Product) -> Receipt:
        """Take a listing off sale.

        Raises:
            Refused: a promotion is running, or there is no such item.
        """
        if listed.vendor_status == "UNLIST" or listed.vendor_status in GONE:
            return Receipt(listed.id, already=True)
        await show(self._gateway, listed.id, unlist=True, verb="delist_product")
        return Receipt(listed.id)

    async def relist(self, listed: Product) -> Receipt:
        """Put a listing on sale again that was taken off.

        Raises:
            Refused: Shopee itself took it off, or there is no such item.
        """
        if listed.vendor_status == "NORMAL":
            return Receipt(listed.id, already=True)
        await show(self._gateway, listed.id, unlist=False, verb="relist_product")
        return Receipt(listed.id)

    async def delete(self, listed: Product) -> Receipt:
        """Delete a listing for good; one that is gone meanwhile is done."""
        if listed.vendor_status in GONE:
            return Receipt(listed.id, already=True)
        gone = False
        try:
            await self._gateway.do("product/delete_item", {"item_id": int(listed.id)}, verb="delete_product")
        except Refused as error:
            if error.code != _NOT_FOUND:
                raise
            gone = True
        self._catalogue.forget(listed.id)
        return Receipt(listed.id, already=gone)

    async def _make(self, product: Product, wanted: Fields, options: ShopeeRoute) -> Receipt:
        require_picture(product, wanted)
        prices = self._prices(product.variants)
        varied = bool(product.options)
        first = product.variants[0]
        body = {
            **wanted,
            "original_price": min(prices),
            "item_status": "UNLIST" if varied else options.list_as,
            "logistic_info": await offered(self._gateway, options),
            "seller_stock": [first_stock(None if varied else first.stock, options.first_location)],
        }
        number = str((await self._add(body)).item_id)
        if varied:
            await self._gateway.clock.sleep(options.settle_seconds)
            await start(self._gateway, number, product, prices, options)
            await self._finish(number, product, options)
        await self._catalogue.read([number])
        return Receipt(number)

    async def _add(self, body: Fields) -> Made:
        try:
            return await self._gateway.change("product/add_item", body, Made, verb=_VERB)
        except Refused as error:
            if "attribute" in error.reason.lower():
                error.at(hint=f"category {body['category_id']} wants more: add them to attributes of the route")
            raise

    async def _make_kit(self, product: Product, wanted: Fields, options: ShopeeRoute) -> Receipt:
        require_picture(product, wanted)
        places = await self._catalogue.places({part.sku for part in product.parts})
        channels = await offered(self._gateway, options)
        body = kit(product, wanted, places, self._prices(product.variants)[0], channels, options)
        made = await self._gateway.change("product/add_kit_item", body, Made, verb=_VERB)
        await self._catalogue.read([str(made.item_id)])
        return Receipt(str(made.item_id))

    async def _change(self, product: Product, listed: Product, wanted: Fields, options: ShopeeRoute) -> Receipt:
        body = changes(wanted, product, listed, options)
        if body:
            path = "product/update_item"
            await self._gateway.do(path, {"item_id": int(listed.id), **body}, verb=_VERB, effect=False)
        prices = self._prices(product.variants)
        moved = await follow(self._gateway, product, listed, prices, options)
        if product.options and not listed.options:
            await self._finish(listed.id, product, options)
        if not body and not moved:
            return Receipt(listed.id, already=True)
        await self._catalogue.read([listed.id])
        return Receipt(listed.id, note=", ".join([*sorted(body), *moved]))

    async def _finish(self, number: str, product: Product, options: ShopeeRoute) -> None:
        """See the variations, then show the listing to buyers."""
        found = [one.product for one in await self._catalogue.read([number]) if isinstance(one, Listed)]
        shown = {variant.sku for one in found for variant in one.variants}
        missing = sorted({variant.sku for variant in product.variants} - shown)
        if missing:
            raise TryLater(f"Item {number} does not show variation {', '.join(missing)} yet.")
        if options.list_as == "NORMAL":
            await show(self._gateway, number, unlist=False, verb=_VERB)

    def _prices(self, variants: Sequence[Variant]) -> list[Decimal]:
        region = self._gateway.settings.region
        return [price_number(require_price(variant), currency_of(region), region) for variant in variants]


def require_picture(product: Product, wanted: Fields) -> None:
    """Refuse a new listing without pictures.

    Raises:
        Refused: no picture could be fetched.
    """
    if "image" not in wanted:
        hint = "give it a picture in the backend"
        text = f"Product {product.sku} has no picture that can be fetched, and Shopee wants one."
        raise Refused(text, code="image", hint=hint)
