"""What the peers' programs share: the signed calls of the marketplace, with `requests` or anything of its shape.

Runs inside the peers' environments, so it needs nothing but the standard library.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from benchmarks.job import DETAIL_PAGE, DETAIL_PATH, LIST_PAGE, LIST_PATH, Job, signed


class Session(Protocol):
    """What is used of `requests.Session`."""

    def get(self, url: str, *, timeout: float) -> Any:
        """Send a GET."""
        ...


def job() -> Job:
    """The job on the command line."""
    return Job(**json.loads(sys.argv[1]))


def pages(session: Session, marketplace: str, since: int) -> Iterator[list[dict[str, Any]]]:
    """Read what changed at or after `since` (Unix seconds; 0 means the last day), details of 50 at a time."""
    now = int(time.time())
    begin, cursor, more = since or now - 86_400, "", True
    while more:
        window = f"time_range_field=update_time&time_from={begin}&time_to={now + 1}"
        page = _get(session, marketplace, f"{signed(LIST_PATH, now)}&{window}&page_size={LIST_PAGE}&cursor={cursor}")
        more, cursor = page["more"], page["next_cursor"]
        numbers = [row["order_sn"] for row in page["order_list"]]
        for at in range(0, len(numbers), DETAIL_PAGE):
            wanted = ",".join(numbers[at : at + DETAIL_PAGE])
            yield _get(session, marketplace, f"{signed(DETAIL_PATH, now)}&order_sn_list={wanted}")["order_list"]


def _get(session: Session, marketplace: str, path: str) -> Mapping[str, Any]:
    answer = session.get(marketplace + path, timeout=30)
    answer.raise_for_status()
    found: Mapping[str, Any] = answer.json()["response"]
    return found
