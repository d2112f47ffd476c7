"""One desk for all tests of this folder, whichever process they run in."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from tests.authors.bench import Bench, made


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Bench:
    """The desk; the first process that needs it makes it."""
    base = tmp_path_factory.getbasetemp()
    shared: Path = base if worker_id == "master" else base.parent
    with FileLock(shared / "bench.lock"):
        done = shared / "bench.made"
        if not done.exists():
            made(shared / "bench")
            done.touch()
    return Bench(shared / "bench")
