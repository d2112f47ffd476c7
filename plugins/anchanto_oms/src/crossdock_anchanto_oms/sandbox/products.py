"""Products: what an ISKU and a CSKU are, and how they come into being."""

from __future__ import annotations

from crossdock_anchanto_oms.sandbox import problems
from crossdock_anchanto_oms.sandbox.goods_bodies import ComponentBody, PutProduct
from crossdock_anchanto_oms.sandbox.records import Component, Product
from crossdock_anchanto_oms.sandbox.refusal import Refusal, invalid, unprocessable
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.values import fits


def put(seller: Seller, csku: str, sent: PutProduct) -> bool:
    """Create or replace a product; tells whether it is new.

    Raises:
        Refusal: its type is another one, or its components are not what its type asks for.
    """
    known = seller.products.get(csku)
    if known is not None and known.type != sent.type:
        raise invalid("type", f"{csku!r} is a {known.type} and stays one")
    if not 1 <= len(csku) <= 64:
        raise invalid("csku", "must have 1 to 64 characters")
    if sent.cost_price is not None and (sent.currency is None or not fits(sent.cost_price, sent.currency)):
        raise invalid("cost_price", "needs a currency, and no more decimals than it allows")
    components = _components(seller, csku, sent)
    for component in components if sent.type == "group" else ():
        if component.isku not in seller.products:
            _add(seller, _variant(seller, sent, component))
    _add(seller, _product(seller, csku, sent, components, known))
    problems.review_waiting(seller)
    return known is None


def _components(seller: Seller, csku: str, sent: PutProduct) -> list[Component]:
    given = [Component(each.isku, each.quantity, each.options) for each in sent.components or ()]
    if sent.type == "single":
        if sent.components is not None and [(each.isku, each.quantity) for each in given] != [(csku, 1)]:
            raise wrong_components(csku, "a single is its own only component, once")
        return [Component(csku)]
    if not given or len({each.isku for each in given}) < len(given):
        raise wrong_components(csku, f"a {sent.type} has components, each once")
    _check_parts(seller, csku, sent.type, sent.components or [])
    return given


def _check_parts(seller: Seller, csku: str, kind: str, parts: list[ComponentBody]) -> None:
    for part in parts:
        known = seller.products.get(part.isku)
        if part.isku == csku or (known is not None and known.type != "single"):
            raise wrong_components(csku, f"{part.isku!r} is not an ISKU")
        if kind == "group" and part.quantity != 1:
            raise wrong_components(csku, "a variant counts once")
    missing = [part.isku for part in parts if part.isku not in seller.products]
    if kind == "kit" and missing:
        raise unprocessable("missing_isku", f"kit {csku!r}: no such ISKU {', '.join(missing)}", missing=missing)


def wrong_components(csku: str, why: str) -> Refusal:
    """The components do not fit the product's type."""
    return unprocessable("wrong_components", f"{csku!r}: {why}", csku=csku)


def _variant(seller: Seller, sent: PutProduct, component: Component) -> Product:
    options = " ".join((component.options or {}).values())
    name = f"{sent.name} {options}".strip()
    single = [Component(component.isku)]
    return Product(component.isku, "single", name, single, seller.now(), brand=sent.brand, images=list(sent.images))


def _product(
    seller: Seller, csku: str, sent: PutProduct, components: list[Component], known: Product | None
) -> Product:
    return Product(
        csku,
        sent.type,
        sent.name,
        components,
        seller.now() if known is None else known.created_at,
        description=sent.description,
        brand=sent.brand,
        images=list(sent.images),
        barcode=sent.barcode,
        weight_grams=sent.weight_grams,
        cost_price=sent.cost_price,
        currency=sent.currency,
    )


def _add(seller: Seller, product: Product) -> None:
    seller.products.put(product.csku, product)
    if product.type == "group":
        return
    for shop in seller.shops.values():
        shop.offers.put(product.csku, product.csku)
    if product.type == "kit":
        for kits in seller.kits_with.values():
            if product.csku in kits:
                kits.remove(product.csku)
        for component in product.components:
            seller.kits_with.setdefault(component.isku, []).append(product.csku)
