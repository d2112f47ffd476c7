"""Who is who: shops, merchants, and which of them authorized the partner. All these answers are flat."""

from __future__ import annotations

from pydantic import Field

from crossdock_shopee.sandbox.accounts import Authorization, Owner
from crossdock_shopee.sandbox.endpoint import MERCHANT, PUBLIC, Call, Endpoint
from crossdock_shopee.sandbox.replies import Reply, wrapped
from crossdock_shopee.sandbox.requests import Nothing, Request


class MerchantPage(Request):
    """Parameters of merchant.get_shop_list_by_merchant; pages count from 1."""

    page_no: int = Field(ge=1)
    page_size: int = Field(ge=1, le=500)


class PartnerPage(Request):
    """Parameters of the lists of a partner's authorizations; pages count from 1."""

    page_size: int = Field(default=100, ge=1, le=100)
    page_no: int = Field(default=1, ge=1)


def get_shop_info(call: Call, _ask: Nothing) -> Reply:
    """The shop and how long it is authorized."""
    shop = call.shop
    granted = call.state.accounts.authorizations[Owner("shop", shop.id)]
    cross_border = shop.merchant_id is not None
    return {
        "shop_name": shop.name,
        "region": shop.region.code,
        "status": shop.status,
        "sip_affi_shops": [],
        "is_cb": cross_border,
        **_term(granted),
        "is_sip": False,
        "is_upgraded_cbsc": cross_border,
        "merchant_id": shop.merchant_id,
        "shop_fulfillment_flag": "Others",
        "is_main_shop": False,
        "is_direct_shop": False,
        "linked_main_shop_id": 0,
        "linked_direct_shop_list": [],
        "is_one_awb": False,
        "is_mart_shop": False,
        "is_outlet_shop": False,
    }


def get_profile(call: Call, _ask: Nothing) -> Reply:
    """The shop's public face."""
    return wrapped({"shop_logo": "", "description": "", "shop_name": call.shop.name, "invoice_issuer": ""})


def get_merchant_info(call: Call, _ask: Nothing) -> Reply:
    """The merchant; its region says whether its shops are KRSC or CNSC."""
    merchant = call.merchant
    return {
        "merchant_name": merchant.name,
        "is_cnsc": merchant.region.code in ("CN", "HK"),
        **_term(call.state.accounts.authorizations[Owner("merchant", merchant.id)]),
        "merchant_currency": merchant.region.currency,
        "merchant_region": merchant.region.code,
        "is_upgraded_cbsc": True,
    }


def get_shop_list_by_merchant(call: Call, ask: MerchantPage) -> Reply:
    """The shops under the merchant."""
    start = (ask.page_no - 1) * ask.page_size
    shop_ids = call.merchant.shop_ids
    return {
        "is_cnsc": call.merchant.region.code in ("CN", "HK"),
        "shop_list": [{"shop_id": number, "sip_affi_shops": []} for number in shop_ids[start : start + ask.page_size]],
        "more": start + ask.page_size < len(shop_ids),
    }


def get_shops_by_partner(call: Call, ask: PartnerPage) -> Reply:
    """All shops that authorized the partner."""
    granted = [shop for shop in call.state.shops.values() if call.state.accounts.linked(Owner("shop", shop.id))]
    start = (ask.page_no - 1) * ask.page_size
    rows = [
        {
            "region": shop.region.code,
            "shop_id": shop.id,
            **_term(call.state.accounts.authorizations[Owner("shop", shop.id)]),
            "sip_affi_shop_list": [],
        }
        for shop in granted[start : start + ask.page_size]
    ]
    return {"authed_shop_list": rows, "more": start + ask.page_size < len(granted)}


def get_merchants_by_partner(call: Call, ask: PartnerPage) -> Reply:
    """All merchants that authorized the partner."""
    found = call.state.merchants.values()
    granted = [merchant for merchant in found if call.state.accounts.linked(Owner("merchant", merchant.id))]
    start = (ask.page_no - 1) * ask.page_size
    rows = [
        {
            "region": merchant.region.code,
            "merchant_id": merchant.id,
            **_term(call.state.accounts.authorizations[Owner("merchant", merchant.id)]),
        }
        for merchant in granted[start : start + ask.page_size]
    ]
    return {"authed_merchant_list": rows, "more": start + ask.page_size < len(granted)}


def _term(granted: Authorization) -> dict[str, int]:
    return {"auth_time": granted.auth_time, "expire_time": granted.expire_time}


ENDPOINTS = (
    Endpoint("GET", "shop/get_shop_info", Nothing, get_shop_info),
    Endpoint("GET", "shop/get_profile", Nothing, get_profile),
    Endpoint("GET", "merchant/get_merchant_info", Nothing, get_merchant_info, MERCHANT),
    Endpoint("GET", "merchant/get_shop_list_by_merchant", MerchantPage, get_shop_list_by_merchant, MERCHANT),
    Endpoint("GET", "public/get_shops_by_partner", PartnerPage, get_shops_by_partner, PUBLIC),
    Endpoint("GET", "public/get_merchants_by_partner", PartnerPage, get_merchants_by_partner, PUBLIC),
)
