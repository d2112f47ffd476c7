"""Who we are: authorising the app, and the shop that the tokens belong to."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from crossdock.contract import Probe
from crossdock.errors import Refused, SignInAgain
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.config import SignInPage
from crossdock_shopee.sign import Level
from crossdock_shopee.translate.amounts import moment
from crossdock_shopee.wire.identity import ShopInfo

__all__ = ["finish_sign_in", "probe", "sign_in_address"]

_SOON_DAYS = 14
_OPEN_PAGES = {
    "https://openplatform.shopee.com.br": "https://open.shopee.com.br/auth",
    "https://openplatform.shopee.cn": "https://open.shopee.cn/auth",
    "https://openplatform.sandbox.test-stable.shopee.sg": "https://open.sandbox.test-stable.shopee.com/auth",
}


def sign_in_address(gateway: Gateway, redirect_url: str) -> str:
    """The page that the shop's owner opens; the signed one is good for five minutes."""
    settings = gateway.settings
    if settings.sign_in_page is SignInPage.SIGNED:
        return gateway.signed_public("shop/auth_partner", {"redirect": redirect_url})
    page = _OPEN_PAGES.get(settings.base_url, "https://open.shopee.com/auth")
    query = {
        "partner_id": str(settings.partner_id),
        "auth_type": "seller",
        "redirect_uri": redirect_url,
        "response_type": "code",
    }
    return f"{page}?{urlencode(query)}"


async def finish_sign_in(gateway: Gateway, answer: Mapping[str, str]) -> Probe:
    """Exchange what the browser brought back.

    Raises:
        SignInAgain: no code, another shop, a shop's own account where the merchant is needed too, or a code that is
            used or expired.
        Refused: the shop is another merchant's, or in another market.
    """
    code, shop, account = answer.get("code", ""), answer.get("shop_id", ""), answer.get("main_account_id", "")
    if not code:
        raise SignInAgain("The browser came back without a code.", hint="open a new sign-in link")
    if shop and shop != str(gateway.settings.shop_id):
        raise SignInAgain(
            f"Shop {shop} was authorised, but this connection is for shop {gateway.settings.shop_id}.",
            hint="log in as the other shop, or correct shop_id",
        )
    if gateway.settings.merchant_id and not account:
        raise SignInAgain(
            f"Shop {shop or gateway.settings.shop_id} was authorised by itself, without merchant"
            f" {gateway.settings.merchant_id} to whom its products belong.",
            hint='log in as the main account, tick "Auth Merchant", or leave merchant_id out',
        )
    await gateway.tokens[Level.SHOP].sign_in(code, int(account) if account.isdigit() else None)
    return await probe(gateway)


async def probe(gateway: Gateway) -> Probe:
    """Read the shop's name, and compare its market and merchant with the settings.

    Raises:
        Refused: the shop is in another market, of another merchant, or is not open.
    """
    shop = await gateway.get("shop/get_shop_info", (), ShopInfo, verb="probe", flat=True)
    settings = gateway.settings
    if shop.region != settings.region:
        raise Refused(
            f"Shop {settings.shop_id} is in {shop.region}, but the connection says {settings.region}.",
            hint=f'set region = "{shop.region}"',
        )
    if shop.merchant_id and settings.merchant_id and shop.merchant_id != settings.merchant_id:
        raise Refused(
            f"Shop {settings.shop_id} belongs to merchant {shop.merchant_id},"
            f" but the connection says {settings.merchant_id}.",
            hint=f"set merchant_id = {shop.merchant_id}",
        )
    if shop.status not in ("NORMAL", ""):
        raise Refused(f"Shop {settings.shop_id} is {shop.status}.", hint="ask Shopee's seller support")
    return _probe(gateway, shop)


def _probe(gateway: Gateway, shop: ShopInfo) -> Probe:
    ends = moment(shop.expire_time)
    until = f", authorised until {ends:%Y-%m-%d}" if ends else ""
    facts = {"shop": shop.shop_name, "region": shop.region, "country": shop.region, "status": shop.status or ""}
    warnings = []
    if ends:
        facts["authorised_until"] = ends.isoformat()
        if (ends - gateway.clock.now()).days < _SOON_DAYS:
            warnings.append(f"the authorisation ends on {ends:%Y-%m-%d}: sign in again before that day")
    if shop.merchant_id and not gateway.settings.merchant_id:
        facts["merchant_id"] = str(shop.merchant_id)
        warnings.append(f"a cross-border shop: set merchant_id = {shop.merchant_id} to write products and stock")
    return Probe(f"Shopee shop {shop.shop_name} ({shop.region}){until}", facts, warnings, ends)
