import asyncio
import stat

import pytest
from cryptography.fernet import Fernet, MultiFernet

from crossdock.errors import ConfigError
from crossdock.ledger import Database, Ledger, keys_of, vault


async def test_what_is_written_is_read_by_whoever_comes_later(ledger):
    shop = ledger.vault("shop")
    assert await shop.read("tokens") is None
    await shop.write("tokens", "sesame")
    await shop.write("tokens", "open sesame")
    assert await ledger.vault("shop").read("tokens") == "open sesame"
    assert await ledger.vault("other").read("tokens") is None
    assert await shop.read("other") is None


async def test_the_file_holds_no_token_in_clear(tmp_path, clock, keys):
    async with Ledger(Database(f"sqlite:///{tmp_path}/ledger.db"), clock, tmp_path, keys) as ledger:
        await ledger.vault("shop").write("tokens", "sesame-sesame-sesame")
        everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"alembic_version" in everything
    assert b"sesame" not in everything


async def test_a_wrong_key_is_named_with_what_to_do(url, clock, tmp_path, keys):
    async with Ledger(Database(url), clock, tmp_path, keys) as ledger:
        await ledger.vault("shop").write("tokens", "sesame")
    async with Ledger(Database(url), clock, tmp_path, MultiFernet([Fernet(Fernet.generate_key())])) as ledger:
        with pytest.raises(ConfigError, match="keeps for connection shop cannot be decrypted") as refusal:
            await ledger.vault("shop").read("tokens")
    assert refusal.value.key == "ledger.key"
    assert "sign in again" in refusal.value.hint


async def test_keys_can_be_rotated(url, clock, tmp_path):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    async with Ledger(Database(url), clock, tmp_path, keys_of(old, tmp_path)) as ledger:
        await ledger.vault("shop").write("tokens", "sesame")
    async with Ledger(Database(url), clock, tmp_path, keys_of(f"{new}, {old}", tmp_path)) as ledger:
        assert await ledger.vault("shop").read("tokens") == "sesame"


async def test_only_one_task_holds_a_key_of_a_connection(ledger):
    inside = most = 0

    async def renew(vault):
        nonlocal inside, most
        async with vault.locked("tokens/1"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    same = ledger.vault("shop")
    await asyncio.gather(*(renew(same) for _ in range(4)), renew(ledger.vault("shop")))
    assert most == 1


async def test_two_keys_do_not_wait_for_each_other(ledger):
    async with ledger.vault("shop").locked("a"), ledger.vault("shop").locked("b"), ledger.vault("other").locked("a"):
        pass


def test_a_key_is_made_once_and_only_we_may_read_it(tmp_path):
    first = keys_of(None, tmp_path)
    token = first.encrypt(b"sesame")
    assert keys_of(None, tmp_path).decrypt(token) == b"sesame"
    assert stat.S_IMODE((tmp_path / "ledger.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.key"]


def test_of_two_processes_that_make_a_key_the_first_one_counts(tmp_path):
    keys_of(None, tmp_path)
    made = (tmp_path / "ledger.key").read_text()
    vault._make_key(tmp_path / "ledger.key")
    assert (tmp_path / "ledger.key").read_text() == made


@pytest.mark.parametrize("secret", ["short", "not base64 at all !", "a" * 44 + ",x"])
def test_what_is_no_key_is_refused_without_being_shown(secret, tmp_path):
    with pytest.raises(ConfigError, match="not 32 bytes in URL-safe base64") as refusal:
        keys_of(secret, tmp_path)
    assert secret not in str(refusal.value)
    assert "crossdock db new-key" in refusal.value.hint


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(ConfigError, match=r"ledger.key cannot be read or made: No such file or directory"):
        keys_of(None, tmp_path / "nowhere")
