"""Hears everything that is logged, as it would be written, with secrets and personal data masked as always."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from crossdock import log

__all__ = ["listening"]


@contextmanager
def listening(level: str = "debug") -> Iterator[io.StringIO]:
    """Let everything from `level` on be written to the stream that is handed out, until the block ends."""
    kept, root = structlog.get_config(), logging.getLogger()
    handlers, before = list(root.handlers), root.level
    stream = io.StringIO()
    log.configure(json=True, level=level, stream=stream)
    try:
        yield stream
    finally:
        structlog.configure(**kept)
        root.handlers[:] = handlers
        root.setLevel(before)
