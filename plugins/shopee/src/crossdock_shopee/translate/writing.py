"""From our numbers to those that the product calls want. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from crossdock.errors import Refused
from crossdock.model import Money, Product, StockLevel, Variant
from crossdock_shopee.config import Region, ShopeeRoute

__all__ = [
    "currency_of",
    "in_shops_currency",
    "local_price",
    "merchant_price",
    "price_number",
    "require_price",
    "seller_stock",
    "shop_price",
]

_CURRENCIES: dict[Region, str] = {
    "SG": "SGD",
    "MY": "MYR",
    "TH": "THB",
    "ID": "IDR",
    "VN": "VND",
    "PH": "PHP",
    "TW": "TWD",
    "BR": "BRL",
    "MX": "MXN",
    "CO": "COP",
    "CL": "CLP",
    "AR": "ARS",
    "PL": "PLN",
    "ES": "EUR",
    "FR": "EUR",
    "IN": "INR",
    "KR": "KRW",
}
_PRICE = "price"
_WITH_DECIMALS = frozenset({"SGD", "MYR", "BRL", "MXN", "PLN", "EUR", "ARS", "USD", "CNY"})
"""Prices in all other currencies are whole numbers. Source: product.update_price."""


def currency_of(region: Region) -> str:
    """In which a shop's prices are."""
    return _CURRENCIES[region]


def price_number(price: Money, currency: str, region: Region) -> Decimal:
    """A price as Shopee takes it.

    Raises:
        Refused: another currency, nothing or less, or decimals where the market has none.
    """
    if price.currency != currency:
        raise Refused(f"A price of {price} cannot be set: the listing is in {currency}, region {region}.", code=_PRICE)
    if price.amount <= 0:
        raise Refused(f"A price of {price} cannot be set: it must be above 0.", code=_PRICE)
    if currency not in _WITH_DECIMALS and price.amount != price.amount.to_integral_value():
        raise Refused(f"A price of {price} cannot be set: Shopee takes whole {currency} only.", code=_PRICE)
    return price.amount if currency in _WITH_DECIMALS else price.amount.to_integral_value()


def seller_stock(levels: Sequence[StockLevel], options: ShopeeRoute) -> list[dict[str, object]]:
    """The levels of one variation, each at its location; a shop with one place for stock names none.

    Raises:
        Refused: a location has no counterpart, or two of them would overwrite each other.
    """
    rows = [_row(_location(level, options), int(level.available)) for level in levels]
    if len(rows) > 1 and any("location_id" not in row for row in rows):
        raise Refused(
            f"SKU {levels[0].sku} has levels of {len(levels)} locations, but Shopee would take them for one.",
            hint="give each its own location id in locations of the route, or send stock of one location",
        )
    return rows


def _row(location: str, stock: int) -> dict[str, object]:
    return {"location_id": location, "stock": stock} if location else {"stock": stock}


def _location(level: StockLevel, options: ShopeeRoute) -> str:
    found = options.locations.get(level.location)
    if found is not None:
        return found
    if not options.locations and not level.location:
        return ""
    known = ", ".join(sorted(options.locations)) or "none"
    raise Refused(
        f"Location {level.location!r} of SKU {level.sku} has no counterpart in Shopee; known are {known}.",
        hint='add it to locations of the route: to their location id, or to "" where the shop has one place for stock',
    )


def local_price(price: Decimal, factor: Decimal, region: Region) -> Decimal:
    """A merchant's price in the currency of a shop, rounded to what the market takes."""
    currency = currency_of(region)
    whole = Decimal(1) if currency not in _WITH_DECIMALS else Decimal("0.01")
    return (price * factor).quantize(whole, ROUND_HALF_UP)


def merchant_price(price: Money, currency: str, region: Region, factor: Decimal | None) -> Decimal:
    """A price as a merchant's items take it; one in the shop's currency is divided by the factor.

    Args:
        price: in the merchant's currency or in the shop's.
        currency: the merchant's.
        region: of the shop.
        factor: merchant's price x factor = price in the shop's currency; None where the route says none.

    Raises:
        Refused: neither of the two currencies, or the shop's without a factor.
    """
    if price.currency == currency or price.currency != currency_of(region):
        return price_number(price, currency, region)
    if factor is None:
        hint = 'are prices in the currency of the shop? Then set price_currency = "shop" and local_price_factor'
        raise Refused(f"A price of {price} cannot be set: the listing is in {currency}, region {region}.", hint=hint)
    whole = Decimal("0.01") if currency in _WITH_DECIMALS else Decimal(1)
    return price_number(Money((price.amount / factor).quantize(whole, ROUND_HALF_UP), currency), currency, region)


def shop_price(price: Money, currency: str, region: Region, factor: Decimal) -> Decimal:
    """A price as the shop itself shows it: as it is where it is in the shop's currency, else by the factor."""
    if price.currency == currency_of(region):
        return price_number(price, price.currency, region)
    return local_price(price_number(price, currency, region), factor, region)


def in_shops_currency(product: Product, region: Region, rate: Decimal | None) -> Product:
    """A merchant's item with its prices in the currency of the shop; as it is without a rate."""
    local = currency_of(region)
    if rate is None or all(variant.price is None or variant.price.currency == local for variant in product.variants):
        return product
    variants = [
        variant
        if variant.price is None
        else variant.model_copy(update={"price": Money(local_price(variant.price.amount, rate, region), local)})
        for variant in product.variants
    ]
    return product.model_copy(update={"variants": tuple(variants)})


def require_price(variant: Variant) -> Money:
    """The price that a new listing starts with.

    Raises:
        Refused: there is none.
    """
    if variant.price is None:
        raise Refused(
            f"SKU {variant.sku} has no price, and a listing needs one.", code=_PRICE, hint="maintain its price"
        )
    return variant.price
