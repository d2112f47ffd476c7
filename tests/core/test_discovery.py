import sys

import pytest

from crossdock import discovery
from crossdock.errors import PluginError
from tests.core.distributions import SHOP, Distributions


@pytest.fixture
def distributions(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    yield Distributions(tmp_path)
    for name in [name for name in sys.modules if name.startswith("fake_")]:
        del sys.modules[name]


def refusal(name: str) -> PluginError:
    with pytest.raises(PluginError) as caught:
        discovery.find(name)
    return caught.value


def test_a_plugin_is_found_by_its_name(distributions):
    distributions.install("acme_shop")
    assert discovery.find("acme_shop").title == "A shop"


def test_only_what_is_named_is_imported(distributions):
    distributions.install("acme_shop")
    distributions.install("broken", "raise RuntimeError('imported')")
    assert list(discovery.load(["acme_shop"])) == ["acme_shop"]
    assert not [name for name in sys.modules if name.startswith("fake_broken")]


def test_listing_imports_nothing(distributions):
    distributions.install("broken", "raise RuntimeError('imported')")
    (listed,) = [plugin for plugin in discovery.installed() if plugin.name == "broken"]
    assert listed.distribution == "broken 1.2"


def test_what_was_installed_a_moment_ago_is_found(distributions):
    refusal("acme_late")
    distributions.install("acme_late")
    assert discovery.find("acme_late")


def test_a_missing_plugin_names_the_installed_and_the_nearest(distributions):
    distributions.install("acme_shop")
    error = refusal("acme-shop")
    assert str(error).startswith("plugin acme-shop: it is not installed (installed: ")
    assert "acme_shop" in str(error)
    assert error.hint == "did you mean 'acme_shop'?"
    assert refusal("zzz").hint == "install the distribution that offers it"


def test_a_plugin_that_cannot_be_imported_names_its_distribution_and_why(distributions):
    distributions.install("broken", "import no_such_module")
    error = refusal("broken")
    assert str(error).startswith("plugin broken (from broken 1.2): fake_broken_0:plugin cannot be imported: ")
    assert "No module named 'no_such_module'" in str(error)


def test_two_distributions_with_one_name_are_both_named_even_when_not_neighbours(distributions):
    distributions.install("acme_one", plugin="shop")
    distributions.install("acme_between")
    distributions.install("acme_two", plugin="shop")
    error = refusal("shop")
    assert "2 distributions offer it: acme_one 1.2 and acme_two 1.2" in str(error)
    assert error.hint == "uninstall all but one"


@pytest.mark.parametrize(
    ("contract", "message"),
    [
        (">=2", "it supports contract >=2, and this crossdock speaks 1.0"),
        ("one", "its contract range 'one' is no version range"),
    ],
)
def test_a_plugin_of_another_contract_is_refused(distributions, contract, message):
    distributions.install("acme_shop", contract=contract)
    assert str(refusal("acme_shop")) == f"plugin acme_shop (from acme_shop 1.2): {message}"


def test_a_plugin_that_calls_itself_otherwise_is_refused(distributions):
    distributions.install("acme_shop", SHOP.format(name="shop", contract=">=1"))
    assert str(refusal("acme_shop")).endswith("it calls itself 'shop'")


def changed(old: str, new: str) -> str:
    text = SHOP.format(name="acme_shop", contract=">=1")
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    @hookimpl\n", "", "read_orders is a verb but lacks @hookimpl"),
        ("async def read_orders", "def read_orders", "read_orders must be `async def`"),
        ("self, ids, route", "self, ids, rout", "read_orders asks for 'rout', which no caller hands over"),
        ("self, ids, route", "self, ids, route=None", "read_orders gives 'route' a default"),
        (
            "connect=connect, connection=Shop",
            "extension=type('X', (), {'push_order': 1})",
            "push_order is a verb but lacks",
        ),
        ("read_orders", "read_order", "read_order is marked @hookimpl but is no verb"),
        ("read_orders", "_private", "_private is marked @hookimpl but is no verb"),
        ("connect=connect, connection=Shop", "", "it offers neither a system nor an extension"),
        ("connection=Shop", "", "connect= and connection= belong together"),
        ("connection=Shop", "connection=object", "object answers no verb"),
        ("Settings, '>=1'", "dict, '>=1'", "its settings are not a subclass"),
        ("plugin = Plugin(", "plugin = str(Plugin(", "is a str, not a crossdock.contract.Plugin"),
    ],
)
def test_a_plugin_that_breaks_the_contract_is_refused_while_loading(distributions, old, new, message):
    source = changed(old, new)
    distributions.install("acme_shop", source + ")" if "str(Plugin" in source else source)
    error = refusal("acme_shop")
    assert message in str(error)
    assert error.distribution == "acme_shop 1.2"


def test_ctrl_c_while_a_plugin_is_imported_is_not_swallowed(distributions):
    distributions.install("slow", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        discovery.find("slow")
