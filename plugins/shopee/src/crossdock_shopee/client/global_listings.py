"""Making and changing global items of a cross-border merchant, and publishing them to the shop.

Source: Shopee Open Platform v2, KRSC and CNSC integration guides: upgraded shops are written through their merchant.
Status numbers: global_product.get_published_list.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from crossdock.contract import Receipt
from crossdock.errors import Refused, TryLater
from crossdock.model import Product
from crossdock_shopee.client.brands import Brands
from crossdock_shopee.client.catalogue import Catalogue
from crossdock_shopee.client.channels import offered
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.images import Images
from crossdock_shopee.client.shelves import GlobalShelf
from crossdock_shopee.client.shop_window import published, show
from crossdock_shopee.config import ShopeeRoute
from crossdock_shopee.translate.drafts import Fields, Tiers, changes, details, first_stock, models_of, require_complete
from crossdock_shopee.translate.variations import differ
from crossdock_shopee.translate.writing import merchant_price, require_price, shop_price
from crossdock_shopee.wire.global_items import MadeGlobal, Published, PublishTask

__all__ = ["GlobalListings"]

_VERB = "push_product"
_NAMES = {"item_name": "global_item_name", "item_sku": "global_item_sku"}
_MODEL_NAMES = {"model_sku": "global_model_sku"}
_DAYS_TO_SHIP = 3
_ASK_AGAIN_SECONDS = 5.0
_MOST_QUESTIONS = 6
_UNLISTED = 8
_BY_HAND = "unlist or show it in Seller Centre, or let its stock run to 0; parked retry tries again"


class PublishableShop(msgspec.Struct):
    """A shop that the item can be published to."""

    shop_id: int
    shop_region: str


class PublishableShops(msgspec.Struct):
    """All of them; a shop where the item already is does not appear."""

    publishable_shop: list[PublishableShop] | None = None


class Deleted(msgspec.Struct):
    """Shops in which it could not be deleted."""

    failure_delete_item: list[msgspec.Raw] | None = None


class GlobalListings:
    """Makes global items of products, brings them up to date, and publishes them to this connection's shop.

    Args:
        gateway: sends the calls.
        shelf: knows the merchant's currency.
        catalogue: is told what was made.
        images: uploads pictures.
        brands: finds brands.
    """

    def __init__(
        self, gateway: Gateway, shelf: GlobalShelf, catalogue: Catalogue, images: Images, brands: Brands
    ) -> None:
        self._gateway = gateway
        self._shelf = shelf
        self._catalogue = catalogue
        self._images = images
        self._brands = brands

    async def push(self, product: Product, listed: Product | None, options: ShopeeRoute) -> Receipt:
        """Make the global item and publish it, or change what differs; publishing goes on where it stopped.

        Shopee makes kits of a shop's items only. So a kit is an item like any other here: whoever keeps its parts says
        how many there are.

        Raises:
            Refused: a field is missing, Shopee does not take it, or variations changed.
            TryLater: publishing takes longer.
            Unclear: nobody knows whether it was made: look for its SKU first.
        """
        if listed is None:
            require_complete(product, options)
        images = await self._images.upload(product.images)
        wanted = details(product, options, images, await self._brands.of(product, images, options))
        if listed is None:
            number = await self._make(product, wanted, options)
            await self._publish(number, product, options)
            await self._catalogue.read([number])
            return Receipt(number)
        changed = await self._change(product, listed, wanted, options)
        published = await self._publish(listed.id, product, options)
        done = [*changed, *(["published"] if published else [])]
        return Receipt(listed.id, already=not done, note=", ".join(done))

    async def delist(self, listed: Product) -> Receipt:
        """Take what was published of it to this shop off sale; its other shops are left alone.

        Raises:
            Refused: a promotion is running, or Shopee does not let this shop do so.
        """
        return await self._show(listed.id, unlist=True, verb="delist_product")

    async def relist(self, listed: Product) -> Receipt:
        """Show what was published of it to this shop again.

        Raises:
            Refused: it is not published to this shop, Shopee itself took it off, or the shop may not do so.
        """
        return await self._show(listed.id, unlist=False, verb="relist_product")

    async def delete(self, listed: Product) -> Receipt:
        """Delete a global item, and with it what was published of it."""
        body = {"global_item_id": int(listed.id)}
        path = "global_product/delete_global_item"
        answer = await self._gateway.change(path, body, Deleted, verb="delete_product")
        if answer.failure_delete_item:
            raise Refused(f"Global item {listed.id} is still listed in {len(answer.failure_delete_item)} shops.")
        self._catalogue.forget(listed.id)
        return Receipt(listed.id)

    async def _show(self, number: str, *, unlist: bool, verb: str) -> Receipt:
        """Hide or show the shop's own item: the merchant has no call for that, the shop has, with its own token."""
        shop_id = self._gateway.settings.shop_id
        item = await published(self._gateway, number, verb)
        if item is None:
            if unlist:
                return Receipt(number, already=True, note=f"not listed in shop {shop_id}")
            raise Refused(f"Global item {number} is not listed in shop {shop_id}.", hint="publish it there again")
        if (item.item_status == _UNLISTED) == unlist:
            return Receipt(number, already=True)
        try:
            await show(self._gateway, str(item.item_id), unlist=unlist, verb=verb)
        except Refused as error:
            raise error.at(hint=_BY_HAND) from None
        return Receipt(number, note=f"item {item.item_id} of shop {shop_id}")

    async def _make(self, product: Product, wanted: Fields, options: ShopeeRoute) -> str:
        prices = await self._prices(product, options)
        stock = None if product.options else product.variants[0].stock
        body = _renamed(wanted) | {
            "original_price": min(prices),
            "seller_stock": [first_stock(stock, options.first_location)],
            "pre_order": {"days_to_ship": product.days_to_ship or _DAYS_TO_SHIP},
        }
        made = await self._gateway.change("global_product/add_global_item", body, MadeGlobal, verb=_VERB)
        number = str(made.global_item_id)
        if product.options:
            await self._gateway.clock.sleep(options.settle_seconds)
            await self._vary(number, product, prices, options)
        return number

    async def _vary(self, number: str, product: Product, prices: list[Decimal], options: ShopeeRoute) -> None:
        tiers = Tiers(product.options, product.variants)
        rows = models_of(product.variants, tiers, prices, options.first_location)
        body = {
            "global_item_id": int(number),
            "standardise_tier_variation": tiers.body(),
            "global_model": [{_MODEL_NAMES.get(name, name): row[name] for name in row} for row in rows],
        }
        await self._gateway.do("global_product/init_tier_variation", body, verb=_VERB)

    async def _change(self, product: Product, listed: Product, wanted: Fields, options: ShopeeRoute) -> list[str]:
        done: list[str] = []
        if product.options and not listed.options:
            await self._vary(listed.id, product, await self._prices(product, options), options)
            done.append("variations")
        elif differ(product, listed):
            raise Refused(
                f"Variations of global item {listed.id} differ from product {product.sku}.",
                hint="change them in Seller Centre: this plugin only makes them",
            )
        body = _renamed(changes(wanted, product, listed, options))
        if body:
            path = "global_product/update_global_item"
            await self._gateway.do(path, {"global_item_id": int(listed.id), **body}, verb=_VERB, effect=False)
        return [*done, *sorted(body)]

    async def _publish(self, number: str, product: Product, options: ShopeeRoute) -> bool:
        """Publish to this shop unless that was done; whether it was done now."""
        shop_id, path = self._gateway.settings.shop_id, "global_product/get_publishable_shop"
        found = await self._gateway.get(path, {"global_item_id": number}, PublishableShops, verb=_VERB)
        shop = next((one for one in found.publishable_shop or () if one.shop_id == shop_id), None)
        if shop is None:
            return False
        item: Fields = {"item_status": options.list_as, "logistic": await offered(self._gateway, options)}
        if options.local_price_factor:
            item |= await self._local_prices(product, options.local_price_factor)
        body = {"global_item_id": int(number), "shop_id": shop_id, "shop_region": shop.shop_region, "item": item}
        task = await self._gateway.change("global_product/create_publish_task", body, PublishTask, verb=_VERB)
        await self._wait_for(task.publish_task_id, number)
        return True

    async def _local_prices(self, product: Product, factor: Decimal) -> Fields:
        currency, region = await self._shelf.currency(), self._gateway.settings.region
        local = [shop_price(require_price(variant), currency, region, factor) for variant in product.variants]
        fields: Fields = {"original_price": min(local)}
        if product.options:
            tiers = Tiers(product.options, product.variants)
            fields["model"] = [
                {"tier_index": tiers.index(variant), "original_price": price}
                for variant, price in zip(product.variants, local, strict=True)
            ]
        return fields

    async def _prices(self, product: Product, options: ShopeeRoute) -> list[Decimal]:
        currency, region = await self._shelf.currency(), self._gateway.settings.region
        rate = options.rate
        return [merchant_price(require_price(variant), currency, region, rate) for variant in product.variants]

    async def _wait_for(self, task_id: int, number: str) -> None:
        params = {"publish_task_id": str(task_id)}
        for _ in range(_MOST_QUESTIONS):
            await self._gateway.clock.sleep(_ASK_AGAIN_SECONDS)
            found = await self._gateway.get("global_product/get_publish_task_result", params, Published, verb=_VERB)
            if found.failed and found.failed.failed_reason:
                raise Refused(f"Global item {number} was not published: {found.failed.failed_reason}")
            if found.success and found.success.item_id:
                return
        raise TryLater(f"Publishing global item {number} takes longer.", after=60)


def _renamed(wanted: Fields) -> Fields:
    """Fields of a shop's item under the names that they have for a global item."""
    renamed = {_NAMES.get(name, name): value for name, value in wanted.items()}
    order = renamed.get("pre_order")
    if isinstance(order, dict):
        renamed["pre_order"] = {"days_to_ship": order["days_to_ship"]}
    return renamed
