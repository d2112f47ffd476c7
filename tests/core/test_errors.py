import copy
import pickle

import pytest

from crossdock import errors
from crossdock.errors import (
    CannotTranslate,
    ConfigError,
    CrossdockError,
    PluginError,
    Refused,
    RemoteError,
    SignInAgain,
    TryLater,
    Unclear,
)


def test_the_drawn_tree_is_the_real_one():
    drawn = [line for line in (errors.__doc__ or "").splitlines() if "─" in line]
    names = [line.split("─ ")[1].split("(")[0].split()[0] for line in drawn]
    assert sorted(names) == sorted(name for name in errors.__all__ if name not in ("CrossdockError", "RemoteContext"))
    for name, line in zip(names, drawn, strict=True):
        parent = RemoteError if line.strip().startswith("│") else CrossdockError
        assert getattr(errors, name).__bases__ == (parent,)


@pytest.mark.parametrize("kind", [TryLater, SignInAgain, Refused, Unclear])
def test_a_remote_error_starts_with_what_is_known_of_its_place(kind):
    assert str(kind("Too many calls.")) == "Too many calls."
    error = kind("Too many calls.", connection="shop-sg", verb="push_order", status=429, request_id="r1")
    assert str(error) == "shop-sg, push_order, HTTP 429, request r1: Too many calls."


def test_the_engine_fills_in_the_place_and_keeps_what_the_plugin_knew():
    error = TryLater("Busy.", verb="sign_in", after=3.0)
    assert error.at(connection="shop-sg", verb="pull_orders", hint="Wait.") is error
    assert (error.connection, error.verb, error.hint, error.after) == ("shop-sg", "sign_in", "Wait.", 3.0)
    assert str(error) == "shop-sg, sign_in: Busy."


def test_the_hint_is_kept_apart_from_the_message():
    error = CrossdockError("The ledger is locked.", hint="Stop the other process.")
    assert (str(error), error.hint) == ("The ledger is locked.", "Stop the other process.")


def test_a_refusal_keeps_its_reason_code_and_facts():
    error = Refused("Stock is below zero.", code="product.error_param", facts={"item": 7}, status=200)
    assert (error.reason, error.code, dict(error.facts)) == ("Stock is below zero.", "product.error_param", {"item": 7})
    assert dict(Refused("No.").facts) == {}


def test_being_throttled_is_said_aloud():
    assert TryLater("Slow down.", throttled=True).throttled
    assert not TryLater("Busy.").throttled


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ({}, "Unknown."),
        ({"key": "a.b"}, "a.b: Unknown."),
        ({"file": "x.toml"}, "x.toml: Unknown."),
        ({"file": "x.toml", "line": 3, "key": "a.b"}, "x.toml:3: a.b: Unknown."),
        ({"line": 3}, "Unknown."),
    ],
)
def test_a_config_error_names_file_line_and_key(place, text):
    assert str(ConfigError("Unknown.", **place)) == text


def test_a_plugin_error_names_the_plugin_and_where_it_came_from():
    assert str(PluginError("No hook.")) == "No hook."
    assert str(PluginError("No hook.", plugin="shopee")) == "plugin shopee: No hook."
    error = PluginError("No hook.", plugin="shopee", distribution="crossdock-shopee 0.1.0")
    assert str(error) == "plugin shopee (from crossdock-shopee 0.1.0): No hook."


def test_what_cannot_be_translated_is_named_by_path_and_never_shows_the_value_unasked():
    error = CannotTranslate("order_list[0].total_amount", "a decimal number")
    assert str(error) == "order_list[0].total_amount must be a decimal number."
    shown = CannotTranslate("status", "one of OPEN, CLOSED", seen="AJAR")
    assert str(shown) == "status must be one of OPEN, CLOSED, not 'AJAR'."


@pytest.mark.parametrize(
    "error",
    [
        ConfigError("Unknown.", file="x.toml", line=3, key="a.b", hint="Say c."),
        PluginError("No hook.", plugin="p", distribution="d 1"),
        TryLater("Busy.", after=2.0, connection="shop-sg", throttled=True),
        Refused("No.", code="c", facts={"a": 1}),
        CannotTranslate("a.b", "a number", seen="x"),
    ],
)
def test_an_error_survives_a_copy_and_a_pickle(error):
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (type(twin), str(twin), vars(twin)) == (type(error), str(error), vars(error))
