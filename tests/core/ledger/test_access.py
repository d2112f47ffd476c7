"""Tokens of the API, and who did what."""

import pytest
from sqlalchemy import text

from crossdock.errors import ConfigError
from crossdock.ledger import Role


async def test_a_token_is_known_by_its_secret_and_no_secret_is_kept(ledger):
    secret = await ledger.access.make("grafana", Role.VIEWER)
    found = await ledger.access.holder(secret)
    assert (found.name, found.role) == ("grafana", Role.VIEWER)
    rows = await ledger.database.read(lambda c: c.execute(text("SELECT * FROM api_tokens")).all())
    assert secret not in repr(rows)
    assert secret.removeprefix("crossdock_") not in repr(rows)


async def test_nobody_holds_a_wrong_or_a_revoked_token(ledger):
    secret = await ledger.access.make("grafana", Role.VIEWER)
    assert await ledger.access.holder(secret[:-1]) is None
    assert await ledger.access.holder("") is None
    assert await ledger.access.holder("\udcff") is None
    assert await ledger.access.revoke("grafana")
    assert await ledger.access.holder(secret) is None
    assert not await ledger.access.revoke("grafana")


async def test_a_name_is_used_once(ledger):
    await ledger.access.make("grafana", Role.VIEWER)
    with pytest.raises(ConfigError, match="there is a token 'grafana' already"):
        await ledger.access.make("grafana", Role.ADMIN)


async def test_use_is_noted_now_and_then_and_not_for_every_call(ledger, clock):
    secret = await ledger.access.make("grafana", Role.VIEWER)
    assert (await ledger.access.tokens())[0].used_at is None
    for _ in range(3):
        await ledger.access.holder(secret)
    commits = ledger.database.commits
    await ledger.access.holder(secret)
    assert ledger.database.commits == commits
    assert (await ledger.access.tokens())[0].used_at == clock.now()
    await clock.advance(61)
    await ledger.access.holder(secret)
    assert (await ledger.access.tokens())[0].used_at == clock.now()


@pytest.mark.parametrize(
    ("role", "may"), [(Role.VIEWER, [1, 0, 0]), (Role.OPERATOR, [1, 1, 0]), (Role.ADMIN, [1, 1, 1])]
)
def test_each_role_may_what_those_before_it_may(role, may):
    assert [role.covers(needed) for needed in Role] == may


async def test_acts_are_told_latest_first_page_by_page(ledger):
    for number in range(5):
        await ledger.access.note("api:anna", "parked.retry", f"order {number}")
    page = await ledger.access.acts(limit=2)
    assert [act.target for act in page] == ["order 4", "order 3"]
    rest = await ledger.access.acts(before=page[-1].id)
    assert [act.target for act in rest] == ["order 2", "order 1", "order 0"]
    assert rest[0].who == "api:anna"
