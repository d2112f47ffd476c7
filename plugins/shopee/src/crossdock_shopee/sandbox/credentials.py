"""The sandbox as it starts: three shops, one merchant, their fixed tokens and codes."""

from __future__ import annotations

from collections.abc import Mapping

from crossdock.sandbox import World
from crossdock_shopee.sandbox import settings as fixed
from crossdock_shopee.sandbox.accounts import TokenPair
from crossdock_shopee.sandbox.global_products.samples import publish_samples
from crossdock_shopee.sandbox.listings import LOCATION_ID, Bygones
from crossdock_shopee.sandbox.products.catalogue import Catalogue
from crossdock_shopee.sandbox.products.samples import sample_items
from crossdock_shopee.sandbox.regions import MERCHANT_REGIONS, REGIONS
from crossdock_shopee.sandbox.settings import Settings
from crossdock_shopee.sandbox.signin import login_of, owners_of
from crossdock_shopee.sandbox.state import Merchant, Shop, State

_LOCATIONS = ("SGZ", "SGW2")


def new_state(world: World, settings: Settings) -> State:
    """A local shop, and a cross-border merchant with a shop in Singapore and one in Malaysia; all authorized.

    Raises:
        ValueError: there is no such region.
    """
    if settings.region not in REGIONS:
        raise ValueError(f"region is {settings.region!r}; it must be one of {', '.join(REGIONS)}")
    abroad = zip(fixed.MERCHANT_SHOP_IDS, ("SG", "MY"), strict=True)
    shops = [
        _shop(fixed.SHOP_ID, "Sandbox Shop", settings.region, None, _LOCATIONS if settings.multi_warehouse else None),
        *(_shop(number, f"Sandbox Abroad {code}", code, fixed.MERCHANT_ID) for number, code in abroad),
    ]
    region = MERCHANT_REGIONS[settings.merchant_region]
    merchant = Merchant(fixed.MERCHANT_ID, "Sandbox Company", region, fixed.MERCHANT_SHOP_IDS)
    state = State(world, settings, shops, [merchant])
    _grant(state)
    for number, shop in enumerate(shops):
        factor = 1 if shop.region.decimals else 1000
        for item in sample_items(factor, shop.catalogue.locations[0], world.clock.timestamp(), number):
            shop.catalogue.add(item)
    publish_samples(merchant, shops[1:], world.clock.timestamp())
    return state


def announced(settings: Settings) -> Mapping[str, object]:
    """The test credentials.

    The merchant's pair is the one that a main account starts with: it is good once for the merchant and once for
    each of its shops.
    """
    return {
        "partner_id": fixed.PARTNER_ID,
        "partner_key": fixed.PARTNER_KEY,
        "region": settings.region,
        "shop_id": fixed.SHOP_ID,
        "access_token": fixed.ACCESS_TOKEN,
        "refresh_token": fixed.REFRESH_TOKEN,
        "code": fixed.CODE,
        "main_account_id": fixed.MAIN_ACCOUNT_ID,
        "main_account_code": fixed.MAIN_ACCOUNT_CODE,
        "merchant_id": fixed.MERCHANT_ID,
        "merchant_region": settings.merchant_region,
        "merchant_shop_ids": list(fixed.MERCHANT_SHOP_IDS),
        "merchant_access_token": fixed.MERCHANT_ACCESS_TOKEN,
        "merchant_refresh_token": fixed.MERCHANT_REFRESH_TOKEN,
    }


def _shop(
    number: int, name: str, region_code: str, merchant_id: int | None, locations: tuple[str, ...] | None = None
) -> Shop:
    catalogue = Catalogue(locations or (LOCATION_ID,))
    return Shop(number, name, REGIONS[region_code], catalogue, Bygones(846_500_000 + number), merchant_id)


def _grant(state: State) -> None:
    local, company = owners_of(state, "shop"), owners_of(state, "main")
    state.accounts.authorize([*local, *company])
    state.accounts.issue(local, TokenPair(fixed.ACCESS_TOKEN, fixed.REFRESH_TOKEN))
    state.accounts.issue(company, TokenPair(fixed.MERCHANT_ACCESS_TOKEN, fixed.MERCHANT_REFRESH_TOKEN))
    state.accounts.new_code(login_of("shop"), local, fixed.CODE)
    state.accounts.new_code(login_of("main"), company, fixed.MAIN_ACCOUNT_CODE)
