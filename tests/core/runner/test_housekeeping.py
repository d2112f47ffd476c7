"""Housekeeping: what is known of buyers is blanked when it is time, and keys are renewed without losing a token."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from crossdock.config import LedgerConfig
from crossdock.errors import ConfigError
from crossdock.ledger import Database, Ledger, Parking, Purged, keys_of
from crossdock.model import Label
from crossdock.runner.engine import Engine
from crossdock.runner.housekeeping import renew_key
from tests.core.doubles import order

NAME, STREET = "Tan Ah Kow", "12 Orchard Road"
WHO = {
    "buyer": {"id": "b7", "name": NAME, "phone": "+6591234567"},
    "ship_to": {"name": NAME, "line": STREET, "country": "SG"},
    "note": f"ring for {NAME}",
}
HALF_A_YEAR = timedelta(days=180)


def bought(number):
    return order(number, **WHO)


@pytest.fixture
async def engine(setup):
    configuration = setup.configuration()
    configuration = replace(configuration, routes={"sg": replace(configuration.routes["sg"], extensions=())})
    async with Engine.open(configuration, setup.world.clock) as opened:
        opened.setup = setup
        setup.channel.put(bought("old"))
        for _ in range(2):
            await opened.pull("sg")
        await setup.world.clock.advance(200 * 86_400)
        setup.channel.put(bought("new"))
        for _ in range(2):
            await opened.pull("sg")
        yield opened


def on_disk(setup):
    files = [path for path in setup.folder.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files)


async def test_buyers_of_old_orders_are_blanked_and_the_facts_stay(engine):
    found = await engine.purge(HALF_A_YEAR)
    assert found.orders == 2  # the order, and its document
    pairs = await engine.ledger.load("sg", ["old", "new"])
    for side in (pairs["old"].channel, pairs["old"].document):
        text = side.as_json().decode()
        assert NAME not in text
        assert STREET not in text
        assert (side.ship_to.country, side.lines[0].sku) == ("SG", "TEE")
    assert pairs["new"].channel.buyer.name == NAME
    assert pairs["old"].document_id == "CO1"
    assert [event.what for event in await engine.ledger.timeline("sg", "old")].count("create:done") == 1
    assert await engine.purge(HALF_A_YEAR) == Purged()


async def test_counting_changes_nothing(engine):
    assert (await engine.purge(HALF_A_YEAR, really=False)).orders == 2
    assert (await engine.ledger.load("sg", ["old"]))["old"].channel.buyer.name == NAME


async def test_one_order_is_blanked_whenever_it_changed_by_either_number(engine):
    assert (await engine.purge(timedelta(), ["CO2"])).orders == 2
    pairs = await engine.ledger.load("sg", ["old", "new"])
    assert pairs["new"].channel.buyer.name == ""
    assert pairs["old"].channel.buyer.name == NAME


async def test_a_blanked_order_that_is_read_again_is_whole_again_and_nothing_is_done_about_it(engine):
    await engine.purge(HALF_A_YEAR)
    done = dict(engine.setup.world.done)
    await engine.pull("sg", ["old"])
    assert (await engine.ledger.load("sg", ["old"]))["old"].channel.buyer.name == NAME
    assert engine.setup.world.done == done


async def test_an_order_that_something_is_due_for_keeps_its_address(engine):
    await engine.ledger.nudge("sg", ["old"], "push")
    assert (await engine.purge(HALF_A_YEAR)).orders == 0


async def test_what_was_received_and_labels_go_too(engine):
    label = Label(shipment_id="P1", media_type="application/pdf", content=b"%PDF " + NAME.encode())
    name = await engine.labels.keep("old", label)
    await engine.ledger.park("sg", [Parking("old", "cannot-translate:x", "why", raw=NAME.encode())])
    clock = engine.setup.world.clock
    assert (await engine.purge(HALF_A_YEAR)).received == 0
    await clock.advance(181 * 86_400)
    kept_at = engine.labels.path(name).stat().st_mtime
    assert (await engine.purge(HALF_A_YEAR)).received == 1
    await engine.labels.forget(clock.now() + timedelta(days=36_500))
    assert kept_at
    assert not engine.labels.path(name).exists()
    (item,) = await engine.parked("sg")
    assert (item.raw, item.reason) == (b"", "why")


async def test_nothing_of_what_was_blanked_is_left_in_the_file(engine):
    def as_built_elsewhere(connection):
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")

    await engine.ledger.database.read(as_built_elsewhere)
    await engine.purge(timedelta(), ["old", "new"])
    await engine.ledger.database.read(lambda connection: connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)"))
    kept = on_disk(engine.setup)
    assert b"create:done" in kept
    assert NAME.encode() not in kept
    assert STREET.encode() not in kept


async def written(config, clock, keys, value="token"):
    async with Ledger(Database(config.url), clock, config.folder, keys) as ledger:
        await ledger.vault("shop").write("tokens", value)


async def read(config, clock, keys):
    async with Ledger(Database(config.url), clock, config.folder, keys) as ledger:
        return await ledger.vault("shop").read("tokens")


@pytest.fixture
def config(tmp_path):
    return LedgerConfig(f"sqlite:///{tmp_path}/ledger.db", tmp_path)


async def test_the_key_file_is_renewed_and_every_token_with_it(config, setup):
    clock = setup.world.clock
    old = keys_of(None, config.folder)
    await written(config, clock, old)
    before = (config.folder / "ledger.key").read_text()
    assert await renew_key(config) == (1, True)
    after = (config.folder / "ledger.key").read_text()
    assert after != before
    assert "," not in after
    assert (config.folder / "ledger.key").stat().st_mode & 0o777 == 0o600
    assert await read(config, clock, keys_of(None, config.folder)) == "token"
    with pytest.raises(ConfigError, match="cannot be decrypted"):
        await read(config, clock, old)


async def test_keys_of_the_configuration_are_taken_in_their_order(config, setup):
    clock = setup.world.clock
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    await written(config, clock, keys_of(old, config.folder))
    assert await renew_key(replace(config, key=SecretStr(f"{new},{old}"))) == (1, False)
    assert await read(config, clock, keys_of(new, config.folder)) == "token"


async def test_without_the_old_key_nothing_is_changed(config, setup):
    clock = setup.world.clock
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    await written(config, clock, keys_of(old, config.folder))
    with pytest.raises(ConfigError, match="connection shop cannot be decrypted, and nothing was changed"):
        await renew_key(replace(config, key=SecretStr(new)))
    assert await read(config, clock, keys_of(old, config.folder)) == "token"


async def test_a_renewal_that_was_cut_off_can_be_made_again(config, setup):
    clock = setup.world.clock
    old = keys_of(None, config.folder)
    await written(config, clock, old)
    path = config.folder / "ledger.key"
    path.write_text(f"{Fernet.generate_key().decode()},{path.read_text()}")  # it died before the tokens were encrypted
    assert await read(config, clock, keys_of(None, config.folder)) == "token"
    assert await renew_key(config) == (1, True)
    assert await read(config, clock, keys_of(None, config.folder)) == "token"
