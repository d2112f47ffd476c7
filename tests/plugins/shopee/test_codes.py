"""The error table, row by row, with the messages of Shopee's own lists."""

from __future__ import annotations

import pytest

from crossdock.errors import Refused, SignInAgain, TryLater, Unclear
from crossdock_shopee.codes import RULES, Next, TokenRejected, error_of, next_of

ROWS = [
    ("invalid_acceess_token", "Invalid access_token, please have a check.", Next.NEW_TOKEN),
    ("invalid_access_token", "Invalid access_token.", Next.NEW_TOKEN),
    ("error_auth", "Invalid access_token.", Next.NEW_TOKEN),
    ("error_auth", "Invalid code", Next.SIGN_IN),
    ("error_auth", "Invalid refresh_token.", Next.SIGN_IN),
    ("error_auth", "Invalid partner_id or shopid.", Next.SETTINGS),
    ("error_auth", "The App is deleted, and you'll be unable to make any API call.", Next.SETTINGS),
    ("error_auth", "System error, please try again later.", Next.THEIR_FAULT),
    ("error_auth", "Total stock must be more than reserved stock.", Next.REFUSED),
    ("invalid_code", "The code is expired or used or invalid, please check the code.", Next.SIGN_IN),
    ("error_shop_refresh_token", "Your refresh token is error ,please check refresh token or shopid.", Next.SIGN_IN),
    ("error_merchant_refresh_token", "Your refresh token is error.", Next.SIGN_IN),
    ("refresh_token_expired", "Your refresh_token expired.", Next.SIGN_IN),
    ("shop_access_expired", "Your access to shop has expired.", Next.SIGN_IN),
    ("merchant_access_expired", "Your access to merchant has expired.", Next.SIGN_IN),
    ("shop_no_linked", "Partner and shop has no linked.", Next.SIGN_IN),
    ("merchant_no_linked", "Partner and merchant has no linked.", Next.SIGN_IN),
    ("partner_shop_no_link", "Invalid partner_id or shop_id, please have a check.", Next.SIGN_IN),
    ("shop_banned", "The shop account has been banned", Next.SIGN_IN),
    ("partner_frozen", "The Partner has been frozen", Next.SIGN_IN),
    ("error_sign", "Wrong sign.", Next.SETTINGS),
    ("invalid_partner_id", "Invalid partner_id, please have a check.", Next.SETTINGS),
    ("source_ip_undeclared", "Request Source IP (1.2.3.4) is undeclared.", Next.SETTINGS),
    ("error_partner_key_expired", "Your API partner key has expired", Next.SETTINGS),
    ("error_param", "Invalid partner_id.", Next.SETTINGS),
    ("error_param", "Timestamp is expired.", Next.CLOCK),
    ("error_param", "Wrong parameters, detail: order_sn is a required field.", Next.REFUSED),
    ("error_rate_limit", "Too many requests.", Next.THROTTLED),
    (
        "error_limit",
        "The total API call number made by your APP has reached the daily API call limit",
        Next.DAY_IS_FULL,
    ),
    ("order.error_limit", "Can not cancel this order", Next.REFUSED),
    ("error_system_busy", "Our system is taking some time to respond, please try later.", Next.THEIR_FAULT),
    ("error_server", "Something wrong. Please try later.", Next.THEIR_FAULT),
    ("product.error_server", "Something wrong.", Next.THEIR_FAULT),
    ("error_network", "Inner http call failed", Next.THEIR_FAULT),
    ("error_inner", "inner", Next.THEIR_FAULT),
    ("product.error_busi", "Too many connections", Next.THEIR_FAULT),
    ("product.error_busi", "Invalid product setting. Please verify.", Next.REFUSED),
    ("logistics.error_param", "The order is being allocated, please wait", Next.NOT_YET),
    ("logistics.error_param", "Parameter error", Next.REFUSED),
    ("logistics.lack_of_invoice_data", "Pending invoice data", Next.NOT_YET),
    ("lack_of_invoice_data", "Pending invoice data, can not arrange shipment.", Next.NOT_YET),
    ("logistics.download_later", "Processing, please download later.", Next.NOT_YET),
    ("logistics.package_print_failed", "Some package failed to print, please try again later.", Next.NOT_YET),
    ("order.order_unsplit_failed", "Undo split failed, please try again later.", Next.NOT_YET),
    ("failure_list", "Our system is taking some time to respond", Next.THEIR_FAULT),
    ("failure_list", "Please wait for the holiday mode set then to edit item. Please try later.", Next.THEIR_FAULT),
    ("product.error_busi", "System error, please try again later", Next.THEIR_FAULT),
    ("logistics.package_already_shipped", "This package has already been arranged shipment", Next.REFUSED),
    ("never_seen_before", "?", Next.REFUSED),
]


@pytest.mark.parametrize(("code", "message", "expected"), ROWS)
def test_each_code_leads_to_what_happens_next(code, message, expected):
    assert next_of(code, message) is expected


def test_every_row_of_the_table_is_the_first_match_of_some_documented_error():
    reached = {next(rule for rule in RULES if rule.matches(code, message.lower())) for code, message, next_ in ROWS
               if next_ is not Next.REFUSED}  # fmt: skip
    assert reached == set(RULES)


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        ("invalid_acceess_token", "no", TokenRejected),
        ("shop_no_linked", "no", SignInAgain),
        ("error_sign", "Wrong sign.", SignInAgain),
        ("error_rate_limit", "slower", TryLater),
        ("logistics.download_later", "later", TryLater),
        ("error_server", "sorry", TryLater),
        ("whatever", "no", Refused),
    ],
)
def test_each_way_on_is_an_error_of_the_contract(code, message, kind):
    error = error_of(code, message, effect=False, request_id="r9")
    assert type(error) is kind
    assert error.request_id == "r9"


def test_their_own_failure_leaves_an_effect_unclear():
    assert type(error_of("error_server", "sorry", effect=True)) is Unclear


def test_a_rate_limit_slows_the_connection_down():
    assert error_of("error_rate_limit", "slower", effect=True).throttled
    full = error_of("error_limit", "daily API call limit", effect=True)
    assert full.throttled
    assert full.after == 3600


def test_a_refusal_keeps_their_code_and_their_sentence():
    error = error_of("order.error_limit", "Can not cancel this order", effect=True)
    assert (error.code, error.reason) == ("order.error_limit", "Can not cancel this order")


def test_a_refusal_without_a_sentence_says_its_code():
    assert error_of("odd_code", "", effect=False).reason == "odd_code"
