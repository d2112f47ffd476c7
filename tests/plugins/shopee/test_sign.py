"""Signatures against the base strings of Shopee's guide."""

from __future__ import annotations

import json

import pytest

from crossdock_shopee.sign import Level, level_of, push_signature, same, signature

KEY = b"test_partner_key"


def test_a_public_call_signs_partner_path_and_time():
    found = signature(KEY, 2001887, "/api/v2/public/get_shops_by_partner", 1655714431)
    assert found == "bfd95b21eda3ed2c80e9373e8c0ce80bdc39b2dc02e4c6dc19e1413c75f8ab09"


def test_a_shop_call_adds_token_and_shop():
    token = "59777174636562737266615546704c6d"
    found = signature(KEY, 2001887, "/api/v2/shop/get_shop_info", 1655714431, token, 14701711)
    assert found == "9fdae5aeed86e753249982ec04aa54339280f12d3f456b9e3f7d8ee91e66a2b3"


def test_a_merchant_call_adds_token_and_merchant():
    token = "09777174636962737266615546704c6d"
    found = signature(KEY, 2001887, "/api/v2/global_product/get_category", 1655714431, token, 1000000)
    assert found == "acd5a420a62ce9d730d869464ecd8e0cc66698e31175baf1b755007c90d0bd35"


@pytest.mark.parametrize(
    ("path", "level"),
    [
        ("/api/v2/auth/token/get", Level.PUBLIC),
        ("/api/v2/public/get_shops_by_partner", Level.PUBLIC),
        ("/api/v2/push/get_lost_push_message", Level.PUBLIC),
        ("/api/v2/global_product/add_global_item", Level.MERCHANT),
        ("/api/v2/merchant/get_merchant_info", Level.MERCHANT),
        ("/api/v2/order/get_order_list", Level.SHOP),
        ("/api/v2/media_space/upload_image", Level.SHOP),
    ],
)
def test_the_module_decides_whose_token_a_call_carries(path, level):
    assert level_of(path) is level


def test_a_push_message_is_signed_over_address_and_raw_body():
    data = {"items": [], "ordersn": "220810QSK8S7BX", "status": "PROCESSED", "completed_scenario": ""}
    message = {"data": {**data, "update_time": 1660123127}, "shop_id": 727720655, "code": 3, "timestamp": 1660123127}
    body = json.dumps(message, separators=(",", ":")).encode()
    found = push_signature(KEY, "http://127.0.0.1:9000/push", body)
    assert found == "c57c23a8cf36ef35c5dab6c4e1660f017fc6f29ee33affdd66b38f2eb361e40c"


def test_signatures_are_the_same_only_when_every_character_is():
    assert same("ab12", "ab12")
    assert not same("ab12", "ab13")
    assert not same("ab12", "äb12")
