"""Journeys happen on a stage."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.journeys.shift import Shift, on_shift
from tests.journeys.stage import Stage, staged

DISPATCHERS = ("local", "procrastinate")
CHOSEN = os.environ.get("CROSSDOCK_TEST_DISPATCHER", "local")
"""On what journeys run whose stage does not say otherwise."""


@pytest.fixture
async def stage(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """A Shopee and an LS Central in processes of their own, and a config file that joins them as route ``sg``."""
    assert CHOSEN in DISPATCHERS, f"CROSSDOCK_TEST_DISPATCHER={CHOSEN!r} is none of {DISPATCHERS}"
    address = request.getfixturevalue("ledger_in_postgres") if CHOSEN == "procrastinate" else ""
    async with staged(tmp_path) as ready:
        ready.ledger = address
        yield ready


@pytest.fixture(scope="session")
def journeys_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server."""
    with postgres.server(tmp_path_factory.mktemp("journeys-postgres")) as address:
        yield address


@pytest.fixture
def ledger_in_postgres(journeys_postgres: str) -> Iterator[str]:
    """The address of an empty ledger in PostgreSQL."""
    with postgres.schema(journeys_postgres) as url:
        yield url


@pytest.fixture
async def shift(tmp_path: Path) -> AsyncIterator[Shift]:
    """Both systems and crossdock in one process."""
    async with on_shift(tmp_path) as ready:
        yield ready
