"""Batches: every row succeeds or fails alone; only when all fail does the whole request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from crossdock_shopee.sandbox.replies import ApiError, Reply

MAX_ROWS = 50


@dataclass
class Batch:
    """The rows of an answer."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)

    def reply(self) -> Reply:
        """The envelope's members.

        Raises:
            ApiError: all rows failed; they go out nevertheless.
        """
        body: dict[str, Any] = {"response": {"result_list": self.rows}, "warning": self.failed}
        if len(self.failed) == len(self.rows):
            message = "Failed, please check result_list for more details."
            raise ApiError("common.batch_api_all_failed", message, {"response": body["response"]})
        return body


@contextmanager
def refusable(batch: Batch, order_sn: str, package_number: str | None) -> Iterator[Callable[..., None]]:
    """One row of a batch: what is refused inside becomes the row's failure; else `done(**members)` adds it."""
    name = {"order_sn": order_sn} | ({} if package_number is None else {"package_number": package_number})

    def done(**members: object) -> None:
        batch.rows.append({**name, **members})

    try:
        yield done
    except ApiError as error:
        batch.rows.append({**name, "fail_error": error.code, "fail_message": error.message})
        batch.failed.append(name)


def check_batch(rows: Sequence[object]) -> None:
    """Refuse more than fifty rows."""
    if len(rows) > MAX_ROWS:
        raise ApiError("logistics.error_limit", f"The batch request reach limit {MAX_ROWS}.")
