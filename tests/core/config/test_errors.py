import pytest

from crossdock.config import ConfigErrors, load
from tests.core.config.conftest import find


def test_every_problem_of_a_file_is_reported_at_once_in_its_order(files):
    text = """
    [conections.shop-sg]
    plugin = "shop"
    [connections.shop]
    plugin = "shpo"
    [connections.shop-sg]
    plugin = "shop"
    regoin = "SG"
    region = "sg"
    shop_id = "many"
    key = "env:SHOP_KEY"
    [routes.sg]
    channel = "shopsg"
    backend = "shop-sg"
    [routes.sg.orders]
    every = "5 minutes"
    """
    assert files.errors(text) == [
        "crossdock.toml:2: conections: there is no such table or key",
        "crossdock.toml:5: connections.shop.plugin: plugin shpo: it is not installed "
        "(installed: shop, books, gift_wrap)",
        "crossdock.toml:8: connections.shop-sg.regoin: there is no such key",
        "crossdock.toml:9: connections.shop-sg.region: must be 'SG', 'MY' or 'TH', not 'sg'",
        "crossdock.toml:10: connections.shop-sg.shop_id: must be a valid integer, unable to parse string as an "
        "integer, not 'many'",
        "crossdock.toml:11: connections.shop-sg.key: the environment variable SHOP_KEY is not set",
        "crossdock.toml:13: routes.sg.channel: there is no connection 'shopsg'",
        "crossdock.toml:16: routes.sg.orders.every: a duration is a whole number and a unit: 90s, 5m, 2h or 1d, "
        "not '5 minutes'",
    ]
    assert files.hints(text) == [
        "did you mean 'connections'?",
        None,
        "did you mean 'region'?",
        "did you mean 'SG'?",
        "The shop's number.",
        "set it: export SHOP_KEY=…",
        "did you mean 'shop-sg'?",
        "How often the channel and the backend are asked for changes.",
    ]


def test_text_that_is_no_toml_names_the_line(files):
    assert files.errors('[ledger]\nurl = "sqlite:///a.db\n') == [
        "crossdock.toml:2: this is no TOML: illegal character '\\n'"
    ]
    (error,) = files.errors("[ledger]\nurl =")
    assert error.startswith("crossdock.toml:2: this is no TOML")


def test_a_file_that_is_no_text_is_refused(files):
    path = files.write("")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigErrors, match="byte 0 is no UTF-8 text"):
        load(path, find, {})


def test_what_is_missing_is_reported_at_its_table(files, good):
    text = good.replace("shop_id = 600000\n", "")
    assert files.errors(text) == ["crossdock.toml:4: connections.shop-sg.shop_id: is missing"]
    assert files.hints(text) == ["The shop's number."]
    assert files.errors(good.replace('backend = "books"\n', "")) == ["crossdock.toml:13: routes.sg.backend: is missing"]


def test_a_key_inside_an_inline_table_has_its_own_line(files, good):
    text = good.replace('key = "public', 'mirrors.one = { host = "h", prot = 1 }\nkey = "public')
    assert files.errors(text) == ["crossdock.toml:8: connections.shop-sg.mirrors.one.prot: there is no such key"]
    assert files.hints(text) == ["allowed: host, password"]


def test_an_unknown_key_of_a_connection_may_be_meant_for_the_core(files, good):
    assert files.hints(good.replace('plugin = "books"', 'plugin = "books"\ntransprot = "httpx"')) == [
        "did you mean 'transport'?"
    ]


def test_a_table_in_the_wrong_shape_is_said_so(files, good):
    assert files.errors(good + "[extensions]\nwrap = 3") == [
        "crossdock.toml:20: extensions.wrap: must be a table, as in [extensions.wrap], not 3"
    ]
    assert files.errors("connections = 1") == [
        "crossdock.toml:1: connections: must be tables, as in [connections.NAME], not 1"
    ]
    assert files.errors('allow_plain_secrets = "yes"') == [
        "crossdock.toml:1: allow_plain_secrets: must be true or false, not 'yes'"
    ]


def test_a_name_that_would_break_addresses_is_refused(files, good):
    (error,) = files.errors(good + '[connections."a/b"]\nplugin = "books"')
    assert error.startswith("crossdock.toml:19: connections.a/b: a name is made of letters")


def test_a_system_is_no_extension_and_an_extension_no_system(files, good):
    text = good + '[extensions.x]\nplugin = "books"\n[connections.y]\nplugin = "gift_wrap"'
    assert files.errors(text) == [
        "crossdock.toml:20: extensions.x.plugin: 'books' is a system, no extension",
        "crossdock.toml:22: connections.y.plugin: 'gift_wrap' is an extension, no system that can be connected to",
    ]


def test_the_value_seen_is_shown_even_when_the_message_happens_to_hold_it(files, good):
    (error,) = files.errors(good.replace('"2m"', "5"))
    assert error.endswith("90s, 5m, 2h or 1d, not 5")
