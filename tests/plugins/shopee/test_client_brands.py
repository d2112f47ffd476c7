"""A product waits for its brand, gets it once it is approved, and says so when it is not."""

from __future__ import annotations

from typing import Any

import pytest

from crossdock.errors import Refused, TryLater
from crossdock.model import Image, Money, Product, Variant
from tests.plugins.shopee.client_kit import Online, online, route
from tests.plugins.shopee.listing_bodies import PNG

MUGS, SHIRTS = 100300, 100200


def mug(**fields: Any) -> Product:
    known = {
        "id": "M", "sku": "M-1", "name": "Mug of many colours", "category": str(MUGS), "weight_grams": 300,
        "description": "Described at such length that it may be listed", "images": (Image(id="front", url=PNG),),
        "variants": (Variant(sku="M-1", price=Money.parse("20 SGD")),),
    }  # fmt: skip
    return Product(**(known | fields))


async def push(shop: Online, product: Product, **options: Any) -> str:
    """List it, and answer under which brand."""
    await shop.connection.push_product(product, None, route(**options))
    (listed,) = await shop.connection.find_product("M-1", route())
    return listed.brand


async def registered(shop: Online) -> str:
    (one,) = (await shop.operator.get("/_sandbox/writes?kind=register_brand")).json()["writes"]
    return str(one["key"])


async def test_a_new_brand_is_registered_once_waited_for_and_then_assigned():
    async with online() as shop:
        for _ in range(3):
            with pytest.raises(TryLater, match=r"Brand 'Fabrikam' waits for Shopee's approval") as wait:
                await push(shop, mug(brand="Fabrikam"), unknown_brand="register")
        assert wait.value.after == 600
        await shop.act(f"/brands/{await registered(shop)}/decide", {"decision": "approve"})
        assert await push(shop, mug(brand="Fabrikam"), unknown_brand="register") == "Fabrikam"


async def test_a_brand_that_was_rejected_is_told_and_not_registered_again():
    async with online() as shop:
        with pytest.raises(TryLater):
            await push(shop, mug(brand="Fabrikam"), unknown_brand="register")
        await shop.act(f"/brands/{await registered(shop)}/decide", {"decision": "reject"})
        with pytest.raises(Refused, match="Shopee did not approve brand 'Fabrikam'"):
            await push(shop, mug(brand="Fabrikam"), unknown_brand="register")
        await registered(shop)


async def test_a_brand_is_found_by_its_name_in_its_category_or_refused():
    async with online() as shop:
        assert await push(shop, mug(brand="northwind"), unknown_brand="refuse") == "Northwind"
        with pytest.raises(Refused, match=f"Shopee has no brand 'Contoso' in category {MUGS}"):
            await push(shop, mug(brand="Contoso"), unknown_brand="refuse")


async def test_a_brand_of_the_route_that_is_not_approved_yet_is_waited_for():
    async with online() as shop:
        with pytest.raises(TryLater):
            await push(shop, mug(brand="Fabrikam"), unknown_brand="register")
        mapped = {"brands": {"Ours": {"id": int(await registered(shop)), "name": "Fabrikam"}}}
        with pytest.raises(TryLater, match="waits for Shopee's approval"):
            await push(shop, mug(brand="Ours"), **mapped)
        unknown = {"brands": {"Ours": {"id": 999, "name": "Nobody"}}}
        with pytest.raises(Refused, match="Invalid brand"):
            await push(shop, mug(brand="Ours"), **unknown)


async def test_a_brand_that_nobody_named_is_listed_as_none_and_one_chosen_on_shopee_is_left():
    async with online() as shop:
        assert await push(shop, mug(brand="Fabrikam")) in ("", "NoBrand")
        named = {"brands": {"Fabrikam": {"id": 1001, "name": "Northwind"}}}
        (listed,) = await shop.connection.find_product("M-1", route())
        await shop.connection.push_product(mug(brand="Fabrikam"), listed, route(**named))
        (listed,) = await shop.connection.find_product("M-1", route())
        receipt = await shop.connection.push_product(mug(brand="Fabrikam"), listed, route())
        assert (listed.brand, receipt.already) == ("Northwind", True)
