"""Journeys happen on a stage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.shift import Shift, on_shift
from tests.journeys.stage import Stage, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A Shopee and an LS Central in processes of their own, and a config file that joins them as route ``sg``."""
    async with staged(tmp_path) as ready:
        yield ready


@pytest.fixture
async def shift(tmp_path: Path) -> AsyncIterator[Shift]:
    """Both systems and crossdock in one process."""
    async with on_shift(tmp_path) as ready:
        yield ready
