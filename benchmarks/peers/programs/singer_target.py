"""singer-sdk, the writing half: one POST a record; tuned, 32 at a time in batches of 100 that are not validated."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

from singer_sdk import RecordSink, Sink, Target
from singer_sdk import typing as th
from singer_sdk.sinks import BatchSink

from benchmarks.peers.poster import Poster


class OneByOne(RecordSink):
    """As the SDK's own template writes it."""

    max_size = 100

    @cached_property
    def _poster(self) -> Poster:
        return Poster(self.config["backend"], 1)

    def process_record(self, record: dict[str, Any], context: dict[str, Any]) -> None:
        """Send one order."""
        self._poster.post(record)


class Together(BatchSink):
    """Tuned."""

    max_size = 100

    @cached_property
    def _poster(self) -> Poster:
        return Poster(self.config["backend"], 32)

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(32)

    def process_batch(self, context: dict[str, Any]) -> None:
        """Send a batch."""
        list(self._threads.map(self._poster.post, context["records"]))


class TargetBackend(Target):
    """The backend."""

    name = "target-backend"
    config_jsonschema = th.PropertiesList(
        th.Property("backend", th.StringType, required=True),
        th.Property("tuned", th.BooleanType, default=False),
    ).to_dict()

    def get_sink_class(self, stream_name: str) -> type[Sink]:
        """Choose how to send."""
        return Together if self.config["tuned"] else OneByOne


if __name__ == "__main__":
    TargetBackend.cli(sys.argv[1:])
