"""Settings: what is filled in, and what is refused before anything starts."""

import pytest
from pydantic import ValidationError

from crossdock.contract import VERBS, Route, Side, verbs_of
from crossdock.documented import descriptions
from crossdock.errors import Refused
from crossdock_ls_central import plugin
from crossdock_ls_central.config import LsSettings
from crossdock_ls_central.options import LsRouteOptions, options_of
from tests.plugins.ls_central.central import NOBODY, basic, route

ONLINE = {
    "tenant": "t 1",
    "company": "CRONUS - LS Central",
    "store": "s0013",
    "client_id": "i",
    "client_secret": "secret",
}


def test_addresses_online_are_made_from_tenant_and_environment():
    settings = LsSettings(**ONLINE)
    root = "https://api.businesscentral.dynamics.com/v2.0/t%201/Production"
    assert settings.odata_root == root
    assert settings.soap_root == f"{root}/WS/CRONUS%20-%20LS%20Central/Codeunit"
    assert settings.token_address == "https://login.microsoftonline.com/t%201/oauth2/v2.0/token"
    assert settings.store == "S0013"


def test_soap_may_have_an_address_of_its_own():
    settings = basic(base_url="https://erp:7048/BC/", soap_url="https://erp:7047/BC")
    assert settings.odata_root == "https://erp:7048/BC"
    assert settings.soap_root.startswith("https://erp:7047/BC/WS/")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"client_id": ""}, 'auth = "oauth" needs client_id'),
        ({"tenant": "", "client_secret": ""}, "needs client_secret and tenant"),
        ({"auth": "basic"}, "needs username and key"),
        ({"auth": "basic", "username": "U", "key": "K", "tenant": ""}, "needs tenant"),
        ({"base_url": "erp.example"}, "base_url"),
        ({"company": ""}, "company"),
        ({"vat_percent": "seven"}, "vat_percent"),
        ({"currency": "sgd"}, "currency"),
        ({"shop": "x"}, "shop"),
    ],
)
def test_settings_that_cannot_work_are_refused_and_never_show_a_value(change, said):
    with pytest.raises(ValidationError, match=said) as caught:
        LsSettings(**(ONLINE | change))
    assert "input_value" not in str(caught.value)


def test_a_fixed_token_address_needs_no_tenant_on_premises():
    given = ONLINE | {"base_url": "https://erp:7048/BC", "token_url": "https://login.example/token", "tenant": ""}
    assert LsSettings(**given).token_address == "https://login.example/token"


@pytest.mark.parametrize("options", [{"shipping_agents": {"A": "ELEVEN SIGNS"}}, {"shipping_agents": {"A": ""}}])
def test_agent_codes_have_ten_signs_at_most(options):
    with pytest.raises(ValidationError):
        LsRouteOptions(**options)


def test_a_route_without_options_takes_the_defaults_and_one_of_another_system_is_refused():
    assert options_of(route()).shipping_item == "66010"
    bare = Route("r", Side("shop", NOBODY), Side("central", NOBODY), NOBODY)
    assert options_of(bare) == LsRouteOptions()
    with pytest.raises(Refused, match="Route r has no LS Central"):
        options_of(Route("r", Side("shop", NOBODY), Side("central", NOBODY, options=basic()), NOBODY))


def test_every_setting_is_documented():
    for model in (LsSettings, LsRouteOptions):
        assert set(descriptions(model)) == set(model.model_fields)


def test_what_the_plugin_cannot_do_are_verbs_that_it_does_not_answer():
    assert set(plugin.cannot) <= set(VERBS)
    assert not set(plugin.cannot) & verbs_of(plugin.connection)
