"""Logging: structlog, as JSON or for a console, with secrets and personal data masked on the way out."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog
from structlog.typing import FilteringBoundLogger, Processor

from crossdock.redaction import redact, register_secret

__all__ = ["configure", "get_logger", "redact_event", "register_secret"]

_SPOKEN_FOR = ("procrastinate", "psycopg.pool")  # what troubles them is told, once, by those who use them
_TELL_TALES = ("aiohttp.access", "httpx", "httpcore", "uvicorn.access")  # they log addresses with their queries


def get_logger(**context: object) -> FilteringBoundLogger:
    """Return a logger that adds `context` to every event.

    An event is a name with a dot (`http.failed`), never a sentence; whatever varies is a keyword.
    """
    return cast("FilteringBoundLogger", structlog.get_logger(**context))


def configure(*, json: bool = False, level: str = "info", stream: TextIO | None = None) -> None:
    """Send our events and those of libraries to one stream; called once, before any logger is used.

    Args:
        json: one JSON object a line, for machines; otherwise columns for a person.
        level: the lowest level that is shown: debug, info, warning or error.
        stream: where to; the standard error stream when None, so that a command's own output stays clean.
    """
    target = stream or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    shared = _shared_processors()
    last = _last_processors(json=json, colors=target.isatty())
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(target),
        cache_logger_on_first_use=False,  # a cached logger would write to a stream that is gone
    )
    _route_libraries(target, number, shared, last)


def redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Mask private keys and registered secrets in one event; a structlog processor.

    It stands last before the renderer, so that tracebacks have become text and are searched too.
    """
    return cast("dict[str, Any]", redact(event))


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _last_processors(*, json: bool, colors: bool) -> list[Processor]:
    renderer: Processor = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=colors)
    return [structlog.processors.format_exc_info, redact_event, renderer]


def _route_libraries(target: TextIO, level: int, shared: list[Processor], last: list[Processor]) -> None:
    """Give what libraries log through `logging` the same shape and the same masking."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _TELL_TALES:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for name in _SPOKEN_FOR:
        logging.getLogger(name).setLevel(logging.CRITICAL)
