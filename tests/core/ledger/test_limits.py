"""Rates that all processes see, in PostgreSQL."""

import asyncio

import pytest

from crossdock.http.rate import RateLimit
from crossdock.ledger import Database
from crossdock.ledger.limits import SharedLimits
from tests import postgres

LIMIT = RateLimit(1_000.0, burst=50.0)


@pytest.fixture
async def two(postgres_address):
    """Two processes' limits."""
    with postgres.schema(postgres_address) as url:
        databases = [Database(url) for _ in range(2)]
        for database in databases:
            await database.open()
        yield [SharedLimits(database) for database in databases]
        for database in databases:
            await database.close()


async def test_no_token_is_leased_twice(two):
    slow = RateLimit(0.01, burst=50.0)
    grants = await asyncio.gather(*(one.take("shop/", slow, 7) for _ in range(10) for one in two))
    assert sum(grant.tokens for grant in grants) == 50
    assert all(grant.wait > 1 for grant in grants if not grant.tokens)


async def test_tokens_come_back_with_time_and_limits_are_apart(two):
    one, other = two
    assert (await one.take("shop/", LIMIT, 50)).tokens > 0
    assert (await other.take("shop/order", LIMIT, 50)).tokens == 50
    back = 0.0
    for _ in range(200):
        back += (await other.take("shop/", LIMIT, 20)).tokens
        if back >= 20:
            return
    pytest.fail(f"only {back} tokens came back")


async def test_a_complaint_is_seen_by_all(two):
    one, other = two
    await one.slow_down("shop/", LIMIT, 60.0)
    grant = await other.take("shop/", LIMIT, 10)
    assert grant.tokens == 0
    assert 50 < grant.silence <= 60
    assert 50 < grant.wait <= 60
