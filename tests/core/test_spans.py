"""Spans: nothing where they are off; one below the other, with the correlation id, where they are on."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from crossdock import spans
from crossdock.errors import TryLater


@pytest.fixture
def kept():
    exporter = InMemorySpanExporter()
    assert spans.switch_on({}, SimpleSpanProcessor(exporter))
    yield exporter
    spans.switch_off()


def test_without_an_address_nothing_is_switched_on():
    assert not spans.switch_on({"OTEL_EXPORTER_OTLP_ENDPOINT": ""})
    with spans.span("push", connection="shop") as made:
        assert made is None


def test_spans_lie_one_below_the_other(kept):
    with spans.span("lane", lane="sg/orders", correlation_id="c1"), spans.span("http", verb="push_order"):
        pass
    call, lane = kept.get_finished_spans()
    assert (lane.name, lane.attributes["crossdock.correlation_id"]) == ("lane", "c1")
    assert call.parent.span_id == lane.context.span_id


def test_of_an_error_only_the_kind_is_noted(kept):
    with pytest.raises(TryLater), spans.span("http"):
        raise TryLater("the buyer Tan lives at …")
    (made,) = kept.get_finished_spans()
    assert made.attributes["error.type"] == "TryLater"
    assert "Tan" not in made.to_json()


def test_an_address_switches_them_on_and_off_again():
    assert spans.switch_on({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"})
    spans.switch_off()
    with spans.span("push") as made:
        assert made is None
