"""airbyte-cdk, the writing half: one POST a record; tuned, 32 at a time in batches of 100."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from airbyte_cdk.destinations import Destination
from airbyte_cdk.models import AirbyteConnectionStatus, AirbyteMessage, ConnectorSpecification, Status, Type

from benchmarks.peers.poster import Poster


class DestinationBackend(Destination):
    """The backend."""

    def write(
        self, config: Mapping[str, Any], configured_catalog: Any, input_messages: Iterable[AirbyteMessage]
    ) -> Iterable[AirbyteMessage]:
        """Send every record, and hand a state on when everything before it was sent."""
        in_flight = 32 if config["tuned"] else 1
        poster, waiting = Poster(config["backend"], in_flight), list[dict[str, Any]]()
        with ThreadPoolExecutor(in_flight) as threads:
            for message in input_messages:
                if message.type == Type.RECORD and message.record is not None:
                    waiting.append(message.record.data)
                elif message.type != Type.STATE:
                    continue
                if message.type == Type.STATE or len(waiting) >= (100 if config["tuned"] else 1):
                    list(threads.map(poster.post, waiting))
                    waiting.clear()
                if message.type == Type.STATE:
                    yield message
            list(threads.map(poster.post, waiting))

    def check(self, logger: Any, config: Mapping[str, Any]) -> AirbyteConnectionStatus:
        """Say that it is there: the job is its own check."""
        return AirbyteConnectionStatus(status=Status.SUCCEEDED)

    def spec(self, *_: Any, **__: Any) -> ConnectorSpecification:
        """Ask for the backend's address."""
        return ConnectorSpecification(connectionSpecification={"properties": {"backend": {"type": "string"}}})


if __name__ == "__main__":
    DestinationBackend().run(sys.argv[1:])
