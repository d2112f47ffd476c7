import json
from xml.sax.saxutils import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossdock.redaction import (
    MASK,
    forget_secrets,
    hide_secrets,
    is_private,
    redact,
    redact_json,
    redact_xml,
    register_secret,
)


@pytest.fixture(autouse=True)
def _no_secrets():
    yield
    forget_secrets()


@pytest.mark.parametrize(
    "key",
    [
        "access_token", "refreshToken", "partner_key", "API-Key", "apikey", "client_secret", "Authorization", "sign",
        "password", "code", "phone", "Phone No.", "buyer_email", "E-Mail", "recipient_address", "Ship-to_Address_2",
        "buyer_username", "name", "Ship-to Name", "recipientName", "receiver_name", "Set-Cookie", "zipcode",
        "message_to_seller", "note", "Sell_to_City", "bill-to-post-postcode",
    ],
)  # fmt: skip
def test_keys_of_secrets_and_of_persons_are_private(key):
    assert is_private(key)


@pytest.mark.parametrize(
    "key",
    ["order_sn", "status", "item_name", "shop_name", "currency", "error", "design", "tokenizer", "region", "qty",
     "status_code", "keyword", "carrier_name", "assignee_id", "", "收件人"],
)  # fmt: skip
def test_other_keys_are_shown(key):
    assert not is_private(key)


def test_everything_below_a_private_key_is_masked_but_its_shape_stays():
    order = {"recipient_address": {"town": "X", "lines": ["a", ""], "region": None, "default": True, "floor": 3}}
    assert redact(order) == {
        "recipient_address": {"town": MASK, "lines": [MASK, ""], "region": None, "default": True, "floor": MASK}
    }


def test_bytes_are_told_by_their_size():
    assert redact({"body": b"1234"}) == {"body": "[4 bytes]"}


def test_a_json_body_keeps_its_numbers_to_the_last_digit():
    body = b'{"amount":12345678901234567.890,"id":123456789012345678901234567890,"x":[1e2,true,null]}'
    assert redact_json(body) == body.replace(b"1e2", b"1E+2")


@pytest.mark.parametrize("body", [b'{"phone": "+65', b"\xff\xfe", b"", b"[" * 100_000])
def test_a_body_that_is_not_json_is_told_by_its_size(body):
    assert redact_json(body) == f"[unreadable, {len(body)} bytes]".encode()


def test_half_of_a_surrogate_pair_is_said_as_a_question_mark():
    body = rb'{"a": [1.50, "x\ud800"], "\udfff": "{\"b\": \"\\ud800\"}"}'
    assert redact_json(body) == rb'{"a":[1.50,"x?"],"?":"{\"b\":\"?\"}"}'


def test_an_xml_body_is_masked_by_element_and_attribute_and_is_otherwise_untouched():
    body = (
        '<?xml version="1.0"?>\n<s:Order xmlns:s="urn:x" Id="7"><s:No>42</s:No>'
        '<s:Phone_No kind="home">+65 1</s:Phone_No>'
        "<Address><Line1>Elm 1</Line1><Line2/><Line3>Oak</Line3></Address><Email/><Total>9.90</Total>"
        "<Customer Password='p&quot;w' No='C1'><![CDATA[kept]]></Customer><!-- Elm 1 --></s:Order>"
    )
    masked = redact_xml(body.encode()).decode()
    assert masked == (
        '<?xml version="1.0"?>\n<s:Order xmlns:s="urn:x" Id="7"><s:No>42</s:No>'
        '<s:Phone_No kind="home">[redacted]</s:Phone_No>'
        "<Address><Line1>[redacted]</Line1><Line2/><Line3>[redacted]</Line3></Address><Email/><Total>9.90</Total>"
        "<Customer Password=\"[redacted]\" No='C1'><![CDATA[kept]]></Customer><!-- [redacted] --></s:Order>"
    )


@pytest.mark.parametrize("end", range(10, 60, 7))
def test_an_xml_body_that_was_cut_off_is_masked_as_far_as_it_goes(end):
    body = b"<a><Phone><![CDATA[+65 12345678]]></Phone><Email>me@x.invalid</Email></a>"[:end]
    masked = redact_xml(body)
    assert b"+65" not in masked
    assert b"me@" not in masked


def test_a_body_that_is_not_xml_is_told_by_its_size():
    assert redact_xml(b"phone=1") == b"[unreadable, 7 bytes]"


@pytest.mark.parametrize("how", [redact_json, redact_xml])
def test_a_registered_secret_is_masked_in_bodies_too(how):
    register_secret("tok-12345")
    body = b'{"text": "got tok-12345"}' if how is redact_json else b"<Text a='tok-12345'>got tok-12345</Text>"
    assert b"tok-12345" not in how(body)


def test_the_longer_of_two_secrets_is_masked_whole():
    register_secret("abcd")
    register_secret("abcdef")
    assert hide_secrets("x abcdef y") == f"x {MASK} y"


def test_a_value_too_short_to_be_a_secret_is_refused_without_showing_it():
    with pytest.raises(ValueError, match="at least 4 characters; this one has 3") as caught:
        register_secret("xyz")
    assert "xyz" not in str(caught.value)


def test_only_the_newest_secrets_are_remembered():
    for number in range(1_001):
        register_secret(f"secret-{number:04}")
    assert hide_secrets("secret-0000") == "secret-0000"
    assert hide_secrets("secret-0001 secret-1000") == f"{MASK} {MASK}"


PLANTED = "PLANTED-9731"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(json_values, st.sampled_from(["phone", "buyer_name", "Ship-to Address"]))
def test_nothing_planted_under_a_private_key_survives(tree, key):
    body = json.dumps([tree, {"a": {key: [PLANTED, {"b": PLANTED, "tree": tree}]}}]).encode()
    masked = redact_json(body)
    assert PLANTED.encode() not in masked
    json.loads(masked)


NAME = "Tan Ah Kow"
INNER_JSON = json.dumps({"recipient_address": {"name": NAME}, "sku": "TEE"})
INNER_XML = f"<Order><Ship-to_Name>{NAME}</Ship-to_Name><No>CO1</No></Order>"


@pytest.mark.parametrize("inner", [INNER_JSON, INNER_XML])
def test_a_document_within_a_text_is_masked_like_a_document(inner):
    for _ in range(3):  # one within the other within the other
        body = json.dumps({"data": inner, "shop": 7}).encode()
        masked = redact_json(body)
        assert NAME.encode() not in masked
        assert b"TEE" in masked or b"CO1" in masked
        inner = body.decode()


@pytest.mark.parametrize("inner", [INNER_JSON, INNER_XML])
@pytest.mark.parametrize("how", [escape, lambda inner: f"<![CDATA[{inner}]]>", lambda inner: f"\n {escape(inner)} "])
def test_a_document_within_an_element_is_masked_like_a_document(inner, how):
    masked = redact_xml(f"<Result><return_value>{how(inner)}</return_value></Result>".encode())
    assert NAME.encode() not in masked
    assert b"TEE" in masked or b"CO1" in masked


@pytest.mark.parametrize("text", ["{not json", "[sic] 3 < 4", "<3", "<b>", "{}"])
def test_a_text_that_only_looks_like_a_document_stays(text):
    assert json.loads(redact_json(json.dumps({"data": text}).encode())) == {"data": text}
    assert unescape(redact_xml(f"<data>{escape(text)}</data>".encode()).decode()) == f"<data>{text}</data>"
