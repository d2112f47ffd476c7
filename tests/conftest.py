"""Settings for every test: what is tested is this checkout, and Hypothesis has a short profile and a long one."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

import crossdock

ROOT = Path(__file__).parent.parent

hypothesis.settings.register_profile("short", deadline=None, derandomize=True, max_examples=60)
hypothesis.settings.register_profile("long", deadline=None, max_examples=2_000)
hypothesis.settings.load_profile(os.environ.get("CROSSDOCK_TEST_PROFILE", "short"))


def pytest_report_header() -> str:
    """Say which code is tested; a stale copy elsewhere would make every result worthless."""
    where = Path(crossdock.__file__ or "").parent
    if "CI" not in os.environ and not where.is_relative_to(ROOT):
        pytest.exit(f"crossdock was imported from {where}, outside this checkout: run `make test`", returncode=4)
    return f"crossdock from {where.relative_to(ROOT) if where.is_relative_to(ROOT) else where}"
