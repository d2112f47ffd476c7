"""Settings for every test: what is tested is this checkout, and Hypothesis has a short profile and a long one."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog

import crossdock
from crossdock.redaction import forget_secrets

ROOT = Path(__file__).parent.parent

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or each of the processes that tests start compiles everything anew

hypothesis.settings.register_profile("short", deadline=None, derandomize=True, max_examples=60)
hypothesis.settings.register_profile("long", deadline=None, max_examples=2_000)
hypothesis.settings.register_profile(  # for mutation testing, where nobody looks for the smallest example
    "few", deadline=None, derandomize=True, max_examples=15, database=None, phases=["explicit", "generate"]
)
hypothesis.settings.load_profile(os.environ.get("CROSSDOCK_TEST_PROFILE", "short"))


def pytest_report_header() -> str:
    """Say which code is tested; a stale copy elsewhere would make every result worthless."""
    where = Path(crossdock.__file__ or "").parent
    if "CI" not in os.environ and not where.is_relative_to(ROOT):
        pytest.exit(f"crossdock was imported from {where}, outside this checkout: run `make test`", returncode=4)
    return f"crossdock from {where.relative_to(ROOT) if where.is_relative_to(ROOT) else where}"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A command that is tested within the process configures logging for everybody; undo it."""
    kept = structlog.get_config()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.configure(**kept)
    root.handlers[:], root.level = handlers, level
    forget_secrets()
