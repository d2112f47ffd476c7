"""airbyte-cdk, the reading half: an incremental Python stream that checkpoints every 100 records."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

import requests
from airbyte_cdk import AbstractSource, Stream
from airbyte_cdk.entrypoint import launch
from airbyte_cdk.models import ConnectorSpecification
from airbyte_cdk.sources.streams.core import CheckpointMixin

from benchmarks.peers.marketplace import pages


class Orders(Stream, CheckpointMixin):
    """The shop's orders."""

    primary_key = "order_sn"
    cursor_field = "update_time"
    state_checkpoint_interval = 100

    def __init__(self, marketplace: str) -> None:
        self._marketplace = marketplace
        self._state: MutableMapping[str, Any] = {}

    @property
    def state(self) -> MutableMapping[str, Any]:
        """How far it has read."""
        return self._state

    @state.setter
    def state(self, value: MutableMapping[str, Any]) -> None:
        self._state = value

    def get_json_schema(self) -> Mapping[str, Any]:
        """Describe an order loosely: the CDK does not check records against it."""
        return {"type": "object", "additionalProperties": True, "properties": {"update_time": {"type": "integer"}}}

    def read_records(self, *_: Any, **__: Any) -> Iterable[Mapping[str, Any]]:
        """Read page by page."""
        session = requests.Session()
        session.trust_env = False
        for page in pages(session, self._marketplace, int(self._state.get(self.cursor_field, 0))):
            for order in page:
                yield order
                self._state = {self.cursor_field: order["update_time"]}


class SourceShop(AbstractSource):
    """The shop."""

    def check_connection(self, logger: Any, config: Mapping[str, Any]) -> tuple[bool, None]:
        """Say that it is there: the job is its own check."""
        return True, None

    def streams(self, config: Mapping[str, Any]) -> list[Stream]:
        """Offer one stream."""
        return [Orders(config["marketplace"])]

    def spec(self, logger: Any) -> ConnectorSpecification:
        """Ask for the marketplace's address."""
        return ConnectorSpecification(connectionSpecification={"properties": {"marketplace": {"type": "string"}}})


if __name__ == "__main__":
    launch(SourceShop(), sys.argv[1:])
