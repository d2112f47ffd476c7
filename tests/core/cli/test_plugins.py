import json


def test_the_list_names_plugins_with_their_distributions(crossdock):
    rows = crossdock("plugins", "list", "--json").data
    assert {"plugin": "acme_shop", "distribution": "acme_shop 1.2"}.items() <= next(
        row.items() for row in rows if row["plugin"] == "acme_shop"
    )
    assert "acme_shop 1.2" in crossdock("plugins", "list").out


def test_a_broken_plugin_does_not_spoil_the_list(crossdock, distributions):
    distributions.install("broken", "import nothing_like_this")
    assert "broken 1.2" in crossdock("plugins", "list").out


def test_a_plugin_tells_what_it_can_and_cannot_do(crossdock):
    shown = crossdock("plugins", "show", "acme_shop", "--json").data
    assert shown["can"] == ["probe", "pull_orders", "push_order", "read_orders"]
    assert shown["cannot"] == {"fetch_label": "Acme prints no labels."}
    assert {"key": "shop_id", "required": True, "what": "The shop's number."} in shown["settings"]
    assert "Acme prints no labels." in crossdock("plugins", "show", "acme_shop").out


def test_a_plugin_that_is_not_there_is_a_usage_error(crossdock):
    ended = crossdock("plugins", "show", "acmeshop")
    assert ended.code == 2
    assert ended.errors[1] == "hint did you mean 'acme_shop'?"


def test_the_schema_holds_every_plugin_that_can_be_loaded_and_names_the_others(crossdock, distributions):
    distributions.install("broken", "import nothing_like_this")
    ended = crossdock("config", "schema")
    titles = [
        table["title"] for table in json.loads(ended.out)["properties"]["connections"]["additionalProperties"]["oneOf"]
    ]
    assert "Acme Shop" in titles
    assert any("left out: plugin broken" in line for line in ended.errors)


def test_a_new_key_encrypts(crossdock):
    from cryptography.fernet import Fernet

    assert Fernet(crossdock("db", "new-key").out.strip())
