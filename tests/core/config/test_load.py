from datetime import timedelta
from decimal import Decimal

import pytest

from crossdock.config import ConfigErrors, load
from crossdock.errors import ConfigError
from tests.core.config.conftest import find


def test_a_good_file_becomes_checked_objects(files):
    config = files.load()
    shop = config.connections["shop-sg"]
    assert (shop.plugin.name, shop.settings.shop_id, shop.transport) == ("shop", 600000, "aiohttp")
    assert (shop.requests_per_second, shop.max_in_flight) == (7, 16)
    route = config.routes["sg"]
    assert (route.channel, route.backend, route.extensions) == ("shop-sg", "books", ())
    assert list(route.flows) == ["orders"]
    assert route.flows["orders"].every == timedelta(minutes=2)
    assert route.channel_options.prefix == ""
    assert route.backend_options is None
    assert config.warnings == ()


def test_the_ledger_stands_beside_the_file_unless_said_otherwise(files):
    ledger = files.load().ledger
    assert ledger.url == f"sqlite:///{files.folder}/crossdock.db"
    assert ledger.folder == files.folder / "crossdock-data"


def test_a_sqlite_path_is_relative_to_the_file_and_an_absolute_one_stays(files, good):
    assert files.load(good + '[ledger]\nurl = "sqlite:///var/a.db"').ledger.url == f"sqlite:///{files.folder}/var/a.db"
    assert files.load(good + '[ledger]\nurl = "sqlite:////var/a.db"').ledger.url == "sqlite:////var/a.db"


def test_a_ledger_address_may_come_from_the_environment(files, good):
    config = files.load(good + '[ledger]\nurl = "env:LEDGER"', LEDGER="postgresql://me:pw@db/crossdock")
    assert config.ledger.url == "postgresql://me:pw@db/crossdock"
    assert "pw" not in repr(config)


def test_a_ledger_that_is_no_known_kind_is_refused(files, good):
    (error,) = files.errors(good + '[ledger]\nurl = "mysql://db/x"')
    assert error == (
        "crossdock.toml:20: ledger.url: must be sqlite:///FILE or postgresql://USER@HOST/DATABASE, not 'mysql://db/x'"
    )


def test_a_flow_that_is_switched_off_is_not_there(files, good):
    assert files.load(good + "enabled = false").routes["sg"].flows == {}


def test_core_keys_of_a_connection_do_not_reach_its_plugin(files, good):
    text = good.replace(
        'plugin = "books"', 'plugin = "books"\ntransport = "httpx"\nrequests_per_second = 2.5\nmax_in_flight = 3'
    )
    books = files.load(text).connections["books"]
    assert (books.transport, books.requests_per_second, books.max_in_flight) == ("httpx", Decimal("2.5"), 3)


def test_a_folder_of_files_is_one_configuration(files, good):
    connections, routes = good.split("[routes.sg]")
    files.write(connections, "10-connections.toml")
    files.write("[routes.sg]" + routes, "20-routes.toml")
    config = load(files.folder, find, {})
    assert list(config.connections) == ["shop-sg", "books"]
    assert config.ledger.url == f"sqlite:///{files.folder}/crossdock.db"


def test_the_same_table_in_two_files_names_both_places(files, good):
    files.write(good, "a.toml")
    files.write('[connections.books]\nplugin = "books"\n', "b.toml")
    with pytest.raises(ConfigErrors) as caught:
        load(files.folder, find, {})
    (error,) = caught.value.errors
    assert str(error) == (
        f"{files.folder}/b.toml:1: connections.books: the same table is also in {files.folder}/a.toml:10"
    )


def test_plain_secrets_are_allowed_file_by_file(files, good):
    files.write(good, "a.toml")
    files.write('[connections.two]\nplugin = "shop"\nregion = "SG"\nshop_id = 1\nkey = "x"', "b.toml")
    with pytest.raises(ConfigErrors) as caught:
        load(files.folder, find, {})
    assert [error.line for error in caught.value.errors] == [5]


def test_a_missing_file_says_how_to_get_one(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "none.toml", lambda name: None, {})
    (error,) = caught.value.errors
    assert str(error) == f"{tmp_path}/none.toml: there is no such file"
    assert "crossdock init" in error.hint


def test_an_empty_folder_is_no_configuration(tmp_path):
    with pytest.raises(ConfigError, match=r"there is no \*.toml file in this folder"):
        load(tmp_path, lambda name: None, {})


def test_what_no_route_uses_is_a_warning(files, good):
    extra = '\n[connections.spare]\nplugin = "books"\n[extensions.wrap]\nplugin = "gift_wrap"\n'
    warnings = [warning.replace(f"{files.folder}/", "") for warning in files.load(good + extra).warnings]
    assert warnings == [
        "crossdock.toml:20: connections.spare: no route uses it",
        "crossdock.toml:22: extensions.wrap: no route uses it",
    ]


def test_a_route_without_flows_and_a_file_without_routes_are_warnings(files, good):
    head, _, _ = good.partition("[routes.sg.orders]")
    assert files.load(head).warnings[0].endswith("routes.sg: no flow is on, so it does nothing")
    assert "there is no route" in files.load("").warnings[0]
