"""Products and prices, both ways. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import UNSET, UnsetType

from crossdock.contract import ListingOutcome
from crossdock.errors import Refused
from crossdock.model import Image, Money, Part, PriceChange, Product, Variant
from crossdock_anchanto_oms.goods_records import (
    Component,
    FeedPart,
    FeedRow,
    NewProduct,
    OmsPrice,
    OmsProduct,
    PriceRow,
    Report,
)
from crossdock_anchanto_oms.translate.stock import GROUP, KIT, orderable

__all__ = [
    "as_product",
    "feed_row",
    "new_product",
    "price_row",
    "report_of",
    "shown_price",
    "sku_of",
    "without_duplicates",
]

SINGLE = "single"
_CODE, _TEXT, _MOST_IMAGES, _MOST_TEXT = 64, 255, 9, 500


def shown_price(price: OmsPrice) -> Decimal | None:
    """The channel shows one price: the selling price if there is one, else the retail price."""
    return price.selling_price if price.selling_price is not None else price.retail_price


def as_product(oms: OmsProduct, prices: Mapping[str, OmsPrice], currency: str, word: str = "") -> Product:
    """A product of the OMS as ours.

    Args:
        oms: single, group or kit.
        prices: by what is ordered.
        currency: of the store; prices in another one are left out.
        word: the state of its listing.
    """
    names = tuple(dict.fromkeys(name for part in oms.components for name in part.options or {}))
    single = oms.type != GROUP
    options = {part.isku: part.options or {} for part in oms.components}
    variants = tuple(
        Variant(
            id=sku,
            sku=sku,
            options=() if single else tuple(options[sku].get(name, "") for name in names),
            barcode=oms.barcode if single else "",
            price=_money(prices.get(sku), currency),
        )
        for sku in orderable(oms)
    )
    return Product(
        id=oms.csku,
        sku=oms.csku,
        name=oms.name,
        description=oms.description,
        brand=oms.brand,
        options=() if single else names,
        variants=variants,
        images=tuple(Image(id=url, url=url, position=number) for number, url in enumerate(oms.images)),
        weight_grams=oms.weight_grams,
        parts=_parts(oms),
        vendor_status=word,
        updated_at=oms.changed_at,
    )


def new_product(product: Product) -> NewProduct:
    """A product of ours for the catalogue.

    Raises:
        Refused: a variant or part without SKU, or a kit of parts of a piece.
    """
    kind = _type_of(product)
    return NewProduct(
        type=kind,
        name=product.name[:_TEXT],
        description=product.description,
        brand=product.brand,
        images=_urls(product),
        barcode=product.variants[0].barcode if product.variants and kind != GROUP else "",
        weight_grams=product.weight_grams,
        components=_components(product, kind),
    )


def feed_row(product: Product, currency: str) -> FeedRow:
    """A product of the channel as a row of a feed, with name, SKU, price, stock and images.

    A row's price has no currency but the store's, so a price in another one is left out.

    Raises:
        Refused: it has no SKU, or a variant has none.
    """
    kind = _type_of(product)
    only = product.variants[0] if product.variants and kind == SINGLE else None
    return FeedRow(
        csku=sku_of(product),
        type=kind,
        name=product.name[:_TEXT],
        description=product.description,
        brand=product.brand,
        images=_urls(product),
        components=_fed_parts(product, kind, currency),
        channel_item_id=product.id,
        retail_price=_amount(only, currency),
        stock=int(only.stock) if only and only.stock is not None else UNSET,
    )


def sku_of(product: Product) -> str:
    """The CSKU of a product: of a single its variant's, of the parent of variants its own or its number.

    Raises:
        Refused: it has none.
    """
    single = _type_of(product) == SINGLE and product.variants
    sku = (product.variants[0].sku if single else "") or product.sku or (product.id if not single else "")
    if not sku:
        raise Refused(f"Product {product.id} has no SKU.", code="missing_isku", hint="give it a SKU on the channel")
    return sku[:_CODE]


def without_duplicates(products: Iterable[Product]) -> tuple[list[Product], list[tuple[Product, Product]]]:
    """Of products with one SKU the one with the lowest number stays.

    Returns:
        Those that stay, and each that does not beside the one that does.
    """
    kept: dict[str, Product] = {}
    lost = []
    for product in sorted(products, key=lambda one: (len(one.id), one.id)):
        first = kept.setdefault(sku_of(product), product)
        if first is not product:
            lost.append((product, first))
    return list(kept.values()), lost


def price_row(change: PriceChange, currency: str) -> PriceRow:
    """A price as the one that is shown: no selling price stays beside it.

    Raises:
        Refused: zero, negative, or of another currency.
    """
    if change.price.currency != currency or change.price.amount <= 0:
        raise Refused(
            f"The price of {change.sku} is {change.price}; it must be above zero and in {currency}.",
            code="invalid_price",
        )
    return PriceRow(change.sku, change.price.amount)


def _type_of(product: Product) -> str:
    if product.parts:
        return KIT
    return GROUP if product.options or len(product.variants) > 1 else SINGLE


def _components(product: Product, kind: str) -> tuple[Component, ...] | UnsetType:
    if kind == SINGLE:
        return UNSET
    if kind == GROUP:
        made = [
            Component(_isku(product, variant.sku), 1, _options(product.options, variant.options))
            for variant in product.variants
        ]
        return tuple(made)
    return tuple(Component(_isku(product, part.sku), _whole(product, part)) for part in product.parts)


def _amount(variant: Variant | None, currency: str) -> Decimal | UnsetType:
    price = variant.price if variant else None
    return price.amount if price and price.currency == currency else UNSET


def _fed_parts(product: Product, kind: str, currency: str) -> tuple[FeedPart, ...] | UnsetType:
    """The components of a row: variants with price and stock of their own."""
    parts = _components(product, kind)
    if parts is UNSET:
        return UNSET
    variants = {variant.sku[:_CODE]: variant for variant in product.variants if kind == GROUP}
    return tuple(_fed_part(part, variants.get(part.isku), currency) for part in parts)


def _fed_part(part: Component, variant: Variant | None, currency: str) -> FeedPart:
    stock = int(variant.stock) if variant and variant.stock is not None else UNSET
    return FeedPart(part.isku, part.quantity, part.options, _amount(variant, currency), stock)


def report_of(outcome: ListingOutcome, request_id: str, *, listed: str, failed: str) -> Report:
    """What became of a listing, in answer to the request for it.

    Args:
        outcome: ours.
        request_id: theirs.
        listed: their word for what is on sale.
        failed: their word for what is not.
    """
    if outcome.problem:
        return Report(request_id, failed, error=outcome.problem[:_MOST_TEXT])
    return Report(request_id, listed, channel_item_id=outcome.listed_id)


def _options(names: Sequence[str], values: Sequence[str]) -> dict[str, str] | None:
    return dict(zip(names, values, strict=False)) or None


def _whole(product: Product, part: Part) -> int:
    if part.quantity != part.quantity.to_integral_value() or part.quantity < 1:
        raise Refused(f"Kit {product.sku} takes {part.quantity} of {part.sku}.", code="wrong_components")
    return int(part.quantity)


def _isku(product: Product, sku: str) -> str:
    if not sku:
        raise Refused(f"A variant of product {product.id} has no SKU.", code="missing_isku", hint="give it a SKU")
    return sku[:_CODE]


def _urls(product: Product) -> tuple[str, ...]:
    return tuple(image.url for image in product.images if image.url)[:_MOST_IMAGES]


def _parts(oms: OmsProduct) -> tuple[Part, ...]:
    if oms.type != KIT:
        return ()
    return tuple(Part(sku=part.isku, quantity=Decimal(part.quantity)) for part in oms.components)


def _money(price: OmsPrice | None, currency: str) -> Money | None:
    amount = shown_price(price) if price and price.currency == currency else None
    return Money(amount, currency) if amount is not None else None
