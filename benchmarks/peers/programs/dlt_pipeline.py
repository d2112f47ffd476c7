"""dlt: an incremental resource into a custom destination; tuned, batches of 100 with 32 requests at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.peers.marketplace import job, pages
from benchmarks.peers.poster import Poster

JOB = job()
TUNED = sys.argv[2] == "tuned"
os.environ |= {
    "DLT_DATA_DIR": JOB.folder,
    "RUNTIME__LOG_LEVEL": "ERROR",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "EXTRACT__WORKERS": "1",
    "NORMALIZE__WORKERS": "1",
}

import dlt  # noqa: E402 (reads its settings when it is imported)
from dlt.sources.helpers import requests as dlt_requests  # noqa: E402

_POSTER = Poster(JOB.backend, 32)
_THREADS = ThreadPoolExecutor(32)


@dlt.resource(name="orders", primary_key="order_sn", max_table_nesting=0, write_disposition="append")
def orders(updated: Any = dlt.sources.incremental("update_time", initial_value=0)) -> Iterator[list[dict[str, Any]]]:
    """Read the shop's orders."""
    yield from pages(dlt_requests.Client().session, JOB.marketplace, int(updated.last_value))


@dlt.destination(batch_size=100 if TUNED else 1, naming_convention="direct", skip_dlt_columns_and_tables=True)
def backend(items: Any, table: Any) -> None:
    """Send orders."""
    if TUNED:
        list(_THREADS.map(_POSTER.post, items))
    else:
        _POSTER.post(items[0] if isinstance(items, list) else items)


if __name__ == "__main__":
    pipeline = dlt.pipeline("shop_to_backend", pipelines_dir=JOB.folder, destination=backend)
    pipeline.run(orders())
