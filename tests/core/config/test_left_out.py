"""A plugin that cannot be used: the routes that need it stay out, the others go on."""

import pytest

from crossdock.config import ConfigErrors, load
from tests.core.config.conftest import find

SECOND = """
[connections.lost]
plugin = "losst"

[routes.my]
channel = "lost"
backend = "books"
[routes.my.orders]
"""


def load_leniently(files, text):
    return load(files.write(text), find, {}, must_remain=1)


def test_a_route_whose_plugin_cannot_be_used_is_left_out_and_named(files, good):
    config = load_leniently(files, good + SECOND)
    assert list(config.routes) == ["sg"]
    assert list(config.connections) == ["shop-sg", "books"]
    assert str(config.left_out["my"]).replace(f"{files.folder}/", "") == (
        "crossdock.toml:21: connections.lost.plugin: plugin losst: it is not installed (installed: "
        "shop, books, gift_wrap)"
    )


def test_a_route_without_its_extension_is_left_out_since_that_may_hold_orders_back(files, good):
    second = good.replace("[routes.sg.orders]", '[routes.my]\nchannel="shop-sg"\nbackend="books"\n[routes.my.orders]')
    text = second.replace('backend = "books"\n', 'backend = "books"\nextensions = ["veto"]\n', 1)
    config = load_leniently(files, text + '[extensions.veto]\nplugin = "no_such"')
    assert (list(config.routes), list(config.left_out)) == (["my"], ["sg"])


def test_nothing_is_left_out_when_nothing_would_remain(files, good):
    with pytest.raises(ConfigErrors, match="plugin shap: it is not installed"):
        load_leniently(files, good.replace('plugin = "shop"', 'plugin = "shap"'))


def test_everybody_else_is_told_at_once(files, good):
    assert [error.partition(": ")[2] for error in files.errors(good + SECOND)] == [
        "connections.lost.plugin: plugin losst: it is not installed (installed: shop, books, gift_wrap)"
    ]


def test_other_mistakes_are_never_left_out(files, good):
    with pytest.raises(ConfigErrors, match="2 problems"):
        load_leniently(files, good.replace('region = "SG"', 'region = "XX"') + SECOND)
