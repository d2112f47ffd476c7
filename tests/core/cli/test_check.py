import pytest

CONFIG = """
allow_plain_secrets = true
[connections.one]
plugin = "acme_shop"
region = "SG"
shop_id = 1
key = "k"
mood = "{mood}"
[connections.two]
plugin = "acme_shop"
region = "MY"
shop_id = 2
key = "s3cr3t"
[routes.r]
channel = "one"
backend = "two"
[routes.r.orders]
"""


@pytest.fixture
def configured(folder):
    def write(mood: str = "well") -> None:
        (folder / "crossdock.toml").write_text(CONFIG.format(mood=mood))

    return write


def test_check_shows_what_each_connection_answers_can_and_cannot(crossdock, configured):
    configured()
    ended = crossdock("check")
    assert ended.code == 0
    assert "one (Acme Shop): shop 1 in SG" in ended.out
    assert "warning it is closed on Sundays" in ended.out
    assert "can: pull orders, push order, read orders" in ended.out
    assert "cannot fetch label: Acme prints no labels." in ended.out
    assert "route r: one → two" in ended.out
    assert "All is well: connections that answered: 2, routes: 1." in ended.out
    assert "s3cr3t" not in ended.out + ended.err


def test_check_shows_every_setting_in_force_and_who_says_so(crossdock, configured, folder):
    configured()
    with (folder / "crossdock.toml").open("a") as file:
        file.write("process_order = false\n")
    rows = [line.split() for line in crossdock("check").out.splitlines()]
    assert ["orders.process_order", "false", "file"] in rows
    assert ["orders.create_fulfilled_orders", "false", "default"] in rows


def test_check_for_machines(crossdock, configured):
    configured()
    data = crossdock("check", "--json").data
    assert [row["ok"] for row in data["connections"]] == [True, True]
    assert data["routes"][0]["flows"]["orders"]["every"] == "300s"


@pytest.mark.parametrize(
    ("mood", "sentence"), [("down", "the connection was refused"), ("expired", "the token has expired")]
)
def test_a_system_that_does_not_answer_or_refuses_the_credentials_ends_with_3(crossdock, configured, mood, sentence):
    configured(mood)
    ended = crossdock("check")
    assert ended.code == 3
    assert f"one (Acme Shop): x: {sentence}" in ended.out
    assert "two (Acme Shop): shop 2 in MY" in ended.out
    assert "All is well" not in ended.out
    if mood == "expired":
        assert "hint crossdock auth link x" in ended.out


def test_a_plugin_that_needs_no_browser_says_so(crossdock, configured):
    configured()
    ended = crossdock("auth", "link", "one", "--redirect", "https://example.org/")
    assert ended.code == 2
    assert "Acme Shop is not authorised in a browser" in ended.err
    assert "did you mean 'one'?" in crossdock("auth", "link", "ona", "--redirect", "x").err


def test_a_key_that_no_longer_fits_is_one_line(crossdock, configured, folder):
    configured()
    with (folder / "crossdock.toml").open("a") as file:
        file.write('[ledger]\nkey = "abc"\n')
    ended = crossdock("check")
    assert ended.code == 2
    assert ended.errors[0].endswith("the encryption key is not 32 bytes in URL-safe base64")
    assert ended.errors[1] == "hint make one with: crossdock db new-key"
