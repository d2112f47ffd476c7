import pytest

from tests.plugins.shopee.sandbox_client import Client, connected, signature

SHOP_INFO = "/api/v2/shop/get_shop_info"


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        (
            "2001887/api/v2/public/get_shops_by_partner1655714431",
            "bfd95b21eda3ed2c80e9373e8c0ce80bdc39b2dc02e4c6dc19e1413c75f8ab09",
        ),
        (
            "2001887/api/v2/shop/get_shop_info165571443159777174636562737266615546704c6d14701711",
            "9fdae5aeed86e753249982ec04aa54339280f12d3f456b9e3f7d8ee91e66a2b3",
        ),
        (
            "2001887/api/v2/global_product/get_category165571443109777174636962737266615546704c6d1000000",
            "acd5a420a62ce9d730d869464ecd8e0cc66698e31175baf1b755007c90d0bd35",
        ),
    ],
)
def test_the_tests_sign_as_the_documented_vectors_do(base: str, expected: str) -> None:
    assert signature("test_partner_key", base) == expected


async def test_a_shop_call_is_admitted_when_signed_over_token_and_shop() -> None:
    async with connected() as client:
        answer = await client.get("shop/get_shop_info")
        assert answer.status == 200
        assert answer.body["region"] == "SG"
        assert answer.body["merchant_id"] is None
        assert "response" not in answer.body
        assert len(answer.body["request_id"]) == 32


async def test_a_merchant_call_names_the_region_that_makes_its_shops_krsc() -> None:
    async with connected() as client:
        merchant = await client.get("merchant/get_merchant_info", client.as_merchant())
        shops = await client.get("merchant/get_shop_list_by_merchant", client.as_merchant(), page_no=1, page_size=1)
        assert (merchant.body["merchant_region"], merchant.body["merchant_currency"]) == ("KR", "KRW")
        assert (shops.body["shop_list"][0]["shop_id"], shops.body["more"]) == (600001, True)


async def test_a_public_call_needs_no_token() -> None:
    async with connected() as client:
        answer = await client.get("public/get_shops_by_partner", {})
        assert [row["shop_id"] for row in answer.body["authed_shop_list"]] == [600000, 600001, 600002]


async def send(client: Client, **changes: object) -> tuple[int, str, str]:
    query = {**client.common(SHOP_INFO, client.as_shop()), **changes}
    query = {name: value for name, value in query.items() if value is not None}
    answer = await client.http.get(SHOP_INFO, params=query)
    return answer.status_code, answer.json()["error"], answer.json()["message"]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"partner_id": None}, "error_param", "There is no partner_id in query."),
        ({"partner_id": "x"}, "error_param", "Partner_id is invalid"),
        ({"partner_id": 1}, "invalid_partner_id", "Invalid partner_id"),
        ({"timestamp": None}, "error_param", "no timestamp"),
        ({"timestamp": "soon"}, "error_param", "Timestamp is invalid"),
        ({"sign": None}, "error_param", "There is no sign in query."),
        ({"sign": "0" * 64}, "error_sign", "Wrong sign."),
        ({"sign": "é"}, "error_sign", "Wrong sign."),
    ],
)
async def test_the_gateway_names_what_is_wrong_with_the_common_parameters(
    changes: dict[str, object], error: str, message: str
) -> None:
    async with connected() as client:
        status, code, text = await send(client, **changes)
        assert (status, code) == (403, error)
        assert text.startswith(message)


async def test_an_upper_case_sign_is_wrong() -> None:
    async with connected() as client:
        sign = client.common(SHOP_INFO, client.as_shop())["sign"]
        assert (await send(client, sign=sign.upper()))[1] == "error_sign"


async def test_a_shop_call_signed_like_a_public_one_is_refused() -> None:
    async with connected() as client:
        public = client.common(SHOP_INFO, {})
        assert (await send(client, sign=public["sign"]))[1:] == ("error_sign", "Wrong sign.")


async def test_a_hint_beside_the_answer_says_which_call_the_sign_fits() -> None:
    async with connected() as client:
        query = {**client.common(SHOP_INFO, client.as_shop()), "sign": client.common(SHOP_INFO, {})["sign"]}
        answer = await client.http.get(SHOP_INFO, params=query)
        assert answer.headers["X-Sandbox-Hint"] == "the sign fits a public call, and this endpoint takes a shop call"


async def test_a_shop_call_without_a_token_is_told_so() -> None:
    async with connected() as client:
        answer = await client.get("shop/get_shop_info", {})
        assert answer.body["message"] == "There is no access_token in query."
        answer = await client.get("shop/get_shop_info", client.as_merchant())
        assert answer.body["message"] == "There is no shop_id in query."


@pytest.mark.parametrize(("age", "accepted"), [(300, True), (301, False), (-300, True), (-301, False)])
async def test_a_timestamp_is_good_for_five_minutes(age: int, accepted: bool) -> None:
    async with connected() as client:
        known = client.credentials
        moment = client.now - age
        base = f"{known['partner_id']}{SHOP_INFO}{moment}{known['access_token']}{known['shop_id']}"
        status, _code, text = await send(client, timestamp=moment, sign=signature(known["partner_key"], base))
        assert (status == 200) is accepted
        assert accepted or text == "Timestamp is expired."


async def test_common_parameters_in_the_body_do_not_count() -> None:
    async with connected() as client:
        path = "/api/v2/payment/get_escrow_detail_batch"
        answer = await client.http.post(path, json=client.common(path, client.as_shop()))
        assert answer.json()["message"] == "There is no partner_id in query."


async def test_a_token_of_another_shop_is_an_invalid_token() -> None:
    async with connected() as client:
        answer = await client.get("shop/get_shop_info", {**client.as_shop(), "shop_id": 600001})
        assert answer.error == "invalid_acceess_token"
        answer = await client.get("shop/get_shop_info", {**client.as_shop(), "shop_id": 1})
        assert answer.error == "shop_no_linked"


async def test_an_unknown_path_is_answered_with_the_bare_error() -> None:
    async with connected() as client:
        answer = await client.get("order/no_such_thing")
        assert (answer.status, answer.body) == (404, {"error": "error_not_found"})


@pytest.mark.parametrize("path", ["/api/v1/orders/basics", "/api/v1/order/get_order_list", "/api/order/get_order_list"])
async def test_f03_nothing_but_version_2_is_spoken(path: str) -> None:
    async with connected() as client:
        answer = await client.http.get(path, params=client.common(path, client.as_shop()))
        assert (answer.status_code, answer.json()) == (404, {"error": "error_not_found"})


async def test_the_status_of_gateway_refusals_is_a_switch() -> None:
    async with connected(gateway_status=200) as client:
        assert (await send(client, sign="x"))[:2] == (200, "error_sign")


async def test_a_rate_limit_fault_speaks_like_shopee() -> None:
    async with connected() as client:
        await client.operate("PUT", "/faults", {"rules": [{"kind": "rate_limited", "times": 1}]})
        answer = await client.get("shop/get_shop_info")
        assert (answer.status, answer.error) == (429, "error_rate_limit")
        assert (await client.get("shop/get_shop_info")).status == 200
