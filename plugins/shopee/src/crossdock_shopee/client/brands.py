"""Which of Shopee's brands a product has: by the route's list, or by its name, once Shopee has approved it.

Source: Shopee Open Platform v2, product.get_brand_list (status 1 approved, 2 waiting) and product.register_brand.
"""

from __future__ import annotations

from collections.abc import Sequence

from crossdock.contract import Vault
from crossdock.errors import Refused, TryLater
from crossdock.model import Product
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.config import Brand, ShopeeRoute, UnknownBrand
from crossdock_shopee.translate.drafts import category_of
from crossdock_shopee.wire.brands import BrandList, BrandRow, RegisteredBrand

__all__ = ["Brands"]

_VERB = "push_product"
_APPROVED, _WAITING = 1, 2
_PAGE = 100
_FRESH_SECONDS = 3_600.0
_ASK_AGAIN_SECONDS = 600.0


class Brands:
    """Finds brands, and has new ones registered where the route says so.

    Args:
        gateway: sends the calls.
        module: of the calls: the shop's or the merchant's.
        vault: remembers what was registered, so that what was rejected is not registered for ever.
    """

    def __init__(self, gateway: Gateway, module: str, vault: Vault) -> None:
        self._gateway = gateway
        self._module = module
        self._vault = vault
        self._approved: dict[int, tuple[float, dict[str, Brand]]] = {}

    async def of(self, product: Product, images: Sequence[str], options: ShopeeRoute) -> Brand:
        """The brand of `product`; `images` are shown to whoever decides about a new one.

        Raises:
            TryLater: it waits for Shopee's approval.
            Refused: Shopee does not have it, or did not approve it.
        """
        mapped = options.brands.get(product.brand)
        if mapped is not None or not product.brand or options.unknown_brand is UnknownBrand.NONE:
            return mapped or Brand()
        category = category_of(product, options)
        name = product.brand.casefold()
        approved = await self._all_approved(category)
        if name in approved:
            return approved[name]
        if any(row.original_brand_name.casefold() == name for row in await self._rows(category, _WAITING)):
            raise _waiting(product.brand)
        self._approved.pop(category, None)  # it may have been approved since they were read
        approved = await self._all_approved(category)
        if name in approved:
            return approved[name]
        if options.unknown_brand is UnknownBrand.REFUSE:
            hint = 'add it to brands of the route, or set unknown_brand = "register"'
            raise Refused(f"Shopee has no brand {product.brand!r} in category {category}.", code="brand", hint=hint)
        return await self._register(product, category, images)

    async def explain(self, brand: Brand, category: int) -> None:
        """Say why a brand was refused, where that can be found out.

        Raises:
            TryLater: it waits for Shopee's approval.
        """
        if brand.id and any(row.brand_id == brand.id for row in await self._rows(category, _WAITING)):
            raise _waiting(brand.name)

    async def _register(self, product: Product, category: int, images: Sequence[str]) -> Brand:
        kept = f"brand/{category}/{product.brand.casefold()}"
        if await self._vault.read(kept):
            hint = "add another brand for it to brands of the route"
            raise Refused(f"Shopee did not approve brand {product.brand!r}.", code="brand", hint=hint)
        body = {
            "original_brand_name": product.brand,
            "category_list": [category],
            "product_image": {"image_id_list": list(images)},
            "brand_region": self._gateway.settings.region,
        }
        made = await self._gateway.change("product/register_brand", body, RegisteredBrand, verb=_VERB, effect=False)
        await self._vault.write(kept, str(made.brand_id))
        raise _waiting(product.brand)

    async def _all_approved(self, category: int) -> dict[str, Brand]:
        now = self._gateway.clock.monotonic()
        read_at, found = self._approved.get(category, (float("-inf"), {}))
        if now - read_at >= _FRESH_SECONDS:
            rows = await self._rows(category, _APPROVED)
            found = {
                row.original_brand_name.casefold(): Brand(id=row.brand_id, name=row.original_brand_name) for row in rows
            }
            self._approved[category] = (now, found)
        return found

    async def _rows(self, category: int, status: int) -> list[BrandRow]:
        found: list[BrandRow] = []
        offset: int | None = 0
        while offset is not None:
            params = {
                "offset": str(offset),
                "page_size": str(_PAGE),
                "category_id": str(category),
                "status": str(status),
            }
            page = await self._gateway.get(f"{self._module}/get_brand_list", params, BrandList, verb=_VERB)
            found += page.brand_list or ()
            offset = page.next_offset if page.has_next_page else None
        return found


def _waiting(name: str) -> TryLater:
    return TryLater(f"Brand {name!r} waits for Shopee's approval.", after=_ASK_AGAIN_SECONDS)
