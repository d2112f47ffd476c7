"""Spans for OpenTelemetry: one for each push message, run of a lane and call, where that is switched on.

Without the extra ``otel``, or without an address in the environment, a span is nothing and costs next to nothing.
Spans carry the correlation id of the logs, and never an address with its query, a body or a buyer's data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from crossdock.errors import ConfigError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.trace import Tracer

__all__ = ["SWITCHES", "span", "switch_off", "switch_on"]

SWITCHES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Environment variables of OpenTelemetry: either of them switches spans on."""

_NOTHING = nullcontext()
_tracer: Tracer | None = None
_provider: TracerProvider | None = None


def span(name: str, **attributes: str | int | bool) -> AbstractContextManager[object]:
    """A span around a block, below the one that is open; an error that leaves the block is noted by its kind."""
    if _tracer is None:
        return _NOTHING
    return _recorded(_tracer, name, {f"crossdock.{key}": value for key, value in attributes.items()})


@contextmanager
def _recorded(tracer: Tracer, name: str, attributes: Mapping[str, str | int | bool]) -> Iterator[None]:
    with tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as made:
        try:
            yield
        except BaseException as error:
            made.set_attribute("error.type", type(error).__name__)  # its words may hold what a far side said
            raise


def switch_on(environment: Mapping[str, str], processor: SpanProcessor | None = None) -> bool:
    """Send spans where the environment says; answer whether it says so.

    Args:
        environment: variables of the process.
        processor: takes the spans instead; for tests.

    Raises:
        ConfigError: it says so, and the extra is not installed.
    """
    global _tracer, _provider
    if processor is None and not any(environment.get(name) for name in SWITCHES):
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise ConfigError("spans need OpenTelemetry", key=SWITCHES[0], hint="pip install 'crossdock[otel]'") from None
    service = environment.get("OTEL_SERVICE_NAME", "crossdock")
    _provider = TracerProvider(resource=Resource.create({"service.name": service}))
    _provider.add_span_processor(processor or BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = _provider.get_tracer("crossdock")
    return True


def switch_off() -> None:
    """Send what is left, and make no more spans."""
    global _tracer, _provider
    if _provider is not None:
        _provider.shutdown()
    _tracer = _provider = None
