"""What the account holds when it starts."""

from __future__ import annotations

from crossdock.sandbox import World
from crossdock_anchanto_oms.sandbox import products, stock
from crossdock_anchanto_oms.sandbox.goods_bodies import ComponentBody, PutProduct
from crossdock_anchanto_oms.sandbox.prices import PriceRow, set_price
from crossdock_anchanto_oms.sandbox.records import Carrier, Store, Warehouse
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.settings import STORE_CODE, Settings
from crossdock_anchanto_oms.sandbox.values import decimals

FIRST_LEVEL = 100
FIRST_PRICES = {"MUG": 12000, "TEA": 8000, "SHIRT-RED": 25000, "SHIRT-BLUE": 25000, "GIFT-SET": 30000}
CARRIERS = (
    Carrier("SLS", "Shopee Logistics Service", "marketplace"),
    Carrier("SPX", "SPX Express", "marketplace"),
    Carrier("CJ", "CJ Logistics", "integrated"),
    Carrier("HANJIN", "Hanjin Express", "integrated"),
)


def seeded(world: World, settings: Settings) -> Seller:
    """An account with one store, some products with prices, and 100 pieces of each ISKU in the first warehouse."""
    seller = Seller(world, settings)
    codes = ["WH-1", "WH-2", "WH-3"] if settings.multi_warehouse else ["WH-1"]
    seller.warehouses = {code: Warehouse(code, f"Warehouse {code[-1]}", settings.country) for code in codes}
    seller.carriers = {carrier.carrier_code: Carrier(**vars(carrier)) for carrier in CARRIERS}
    seller.add_store(
        Store(
            STORE_CODE,
            "Sandbox store",
            settings.channel_shop_id,
            settings.country,
            settings.currency,
            codes[:2],
            settings.default_carrier,
            settings.default_integrated_carrier,
            None if settings.authorized_brands is None else list(settings.authorized_brands),
        )
    )
    _fill(seller, seller.shops[STORE_CODE].store)
    return seller


def _fill(seller: Seller, store: Store) -> None:
    shirts = [
        ComponentBody(isku="SHIRT-RED", options={"Colour": "Red"}),
        ComponentBody(isku="SHIRT-BLUE", options={"Colour": "Blue"}),
    ]
    gift = [ComponentBody(isku="MUG", quantity=2), ComponentBody(isku="TEA", quantity=1)]
    products.put(seller, "MUG", PutProduct(type="single", name="Mug", weight_grams=350))
    products.put(seller, "TEA", PutProduct(type="single", name="Green tea", weight_grams=120))
    products.put(seller, "SHIRT", PutProduct(type="group", name="Shirt", components=shirts))
    products.put(seller, "GIFT-SET", PutProduct(type="kit", name="Two mugs and tea", components=gift))
    for isku in ("MUG", "TEA", "SHIRT-RED", "SHIRT-BLUE"):
        stock.count(seller, stock.level(seller, isku, "WH-1"), sellable=FIRST_LEVEL, damaged=0)
    for sku, price in FIRST_PRICES.items():
        text = str(price) if decimals(store.currency) == 0 else f"{price // 1000}.00"
        set_price(seller, store, PriceRow(sku=sku, retail_price=text))
    seller.affected.clear()
