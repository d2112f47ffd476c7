"""Commands for whoever runs the service: tokens, the audit, alerts, and what neither messages nor runs brought."""

import json

import pytest

from tests.core.cli.acme import CONFIG, SOURCE


@pytest.fixture
def shop(folder, distributions):
    """A shop and books that were joined; what the shop holds is a JSON file."""
    distributions.install("json_books", SOURCE)
    distributions.install(
        "json_shop", SOURCE.replace("plugin = books", "books").replace("shop = Plugin", "plugin = Plugin")
    )
    (folder / "crossdock.toml").write_text(CONFIG)
    (folder / "items.json").write_text(json.dumps({"mug": 1}))

    def holds(**orders):
        rows = {number: {"sku": sku, "status": "open"} for number, sku in orders.items()}
        (folder / "shop.json").write_text(json.dumps(rows))

    holds(A1="mug")
    return holds


def test_a_token_is_shown_once_listed_and_ended(crossdock, shop):
    made = crossdock("api", "token", "new", "grafana", "--role", "viewer", "--json").data
    assert made["token"].startswith("crossdock_")
    listed = crossdock("api", "token", "list", "--json")
    assert [(row["name"], row["role"]) for row in listed.data] == [("grafana", "viewer")]
    assert made["token"] not in listed.out
    again = crossdock("api", "token", "new", "grafana")
    assert (again.code, again.errors[0]) == (2, "error there is a token 'grafana' already")
    assert crossdock("api", "token", "revoke", "grafana").code == 0
    gone = crossdock("api", "token", "revoke", "grafana")
    assert (gone.code, gone.errors[0]) == (1, "error there is no token 'grafana'")
    assert crossdock("api", "token", "list").out.strip() == "There are no tokens."
    acts = crossdock("api", "audit", "--json").data
    assert [(act["what"], act["target"]) for act in acts] == [("token.revoke", "grafana"), ("token.new", "grafana")]
    assert all(act["who"].startswith("cli") for act in acts)


def test_a_role_that_is_none_is_refused_with_those_there_are(crossdock, shop):
    refused = crossdock("api", "token", "new", "x", "--role", "boss")
    assert refused.code == 2
    assert "'viewer', 'operator', 'admin'" in refused.errors[0]


def test_the_document_of_the_api_is_printed(crossdock):
    assert json.loads(crossdock("api", "openapi").out)["openapi"] == "3.1.0"


def test_what_people_drop_is_in_the_audit(crossdock, shop):
    shop(A1="mug", A2="lamp")
    crossdock("pull", "main")
    assert crossdock("parked", "drop", "A2", "--reason", "sold by phone").code == 0
    (act,) = crossdock("api", "audit", "--json").data
    assert (act["what"], act["target"], act["detail"]) == ("parked.drop", "main A2", "sold by phone")


def test_two_sides_that_agree_are_told_so(crossdock, shop):
    crossdock("pull", "main")
    found = crossdock("reconcile", "main")
    assert found.code == 0
    assert "nothing is wrong" in found.out


def test_an_order_that_no_run_brought_is_found_and_taken_over(crossdock, shop):
    crossdock("pull", "main")
    shop(A1="mug", A3="mug")
    found = crossdock("reconcile", "main", "--json")
    assert found.code == 1
    assert [(one["key"], one["kind"]) for one in found.data["findings"]] == [("A3", "missing")]
    told = crossdock("reconcile", "main")
    assert "crossdock reconcile main --repair" in told.out
    repaired = crossdock("reconcile", "main", "--repair")
    assert repaired.code == 0
    assert "1 taken care of" in repaired.out
    assert crossdock("explain", "A3", "--json").data[0]["document"]
    assert crossdock("reconcile", "main").code == 0


def test_a_test_message_without_anybody_to_tell_says_how_to_name_them(crossdock, shop):
    refused = crossdock("alerts", "test")
    assert refused.code == 2
    assert "nobody is to be told" in refused.errors[0]


def test_purging_says_what_it_needs_counts_and_is_remembered(crossdock, shop, folder):
    crossdock("pull", "main")
    refused = crossdock("purge")
    assert refused.code == 2
    assert "--older-than 180d, --only ORDER" in refused.err
    assert crossdock("purge", "--older-than", "soon").errors[0] == "error 'soon' is no duration"
    assert crossdock("purge", "--only", "A1", "--dry-run", "--json").data["orders"] >= 1
    assert crossdock("purge", "--only", "A1", "--json").data["orders"] >= 1
    assert crossdock("purge", "--only", "A1", "--json").data["orders"] == 0
    (folder / "crossdock.toml").write_text(CONFIG + '\n[retention]\npersonal_data = "180d"\n')
    assert "0 snapshots" in crossdock("purge").out
    acts = crossdock("api", "audit", "--json").data
    assert [act["target"] for act in acts] == ["older than 180 days", "A1", "A1"]


def test_a_retention_that_would_blank_orders_under_way_is_refused(crossdock, shop, folder):
    (folder / "crossdock.toml").write_text(CONFIG + '\n[retention]\npersonal_data = "2h"\n')
    refused = crossdock("purge")
    assert refused.code == 2
    assert "must be at least 1d" in refused.errors[0]


def test_the_key_is_renewed_and_the_ledger_still_opens(crossdock, shop):
    crossdock("pull", "main")
    assert "encrypted with the new key" in crossdock("db", "rotate-key").out
    assert crossdock("status").code == 0
