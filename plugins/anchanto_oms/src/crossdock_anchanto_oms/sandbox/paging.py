"""Lists: pages of what changed, and the cursor that leads to the next one."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from crossdock_anchanto_oms.sandbox.changes import ChangeLog
from crossdock_anchanto_oms.sandbox.refusal import Refusal, invalid, unprocessable
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.values import parse_time, time_text

Row = TypeVar("Row")
MAX_PAGE = 100
DEFAULT_PAGE = 50


def listed(
    seller: Seller,
    log: ChangeLog[Row],
    query: Mapping[str, str],
    show: Callable[[Row], dict[str, Any]],
    *,
    keep: Callable[[Row], bool] = lambda _row: True,
    name: str,
) -> dict[str, Any]:
    """One page of `log` as the query asks for it; `name` and the filters tie a cursor to its list."""
    limit = _limit(query.get("limit", str(DEFAULT_PAGE)))
    filters = sorted((key, value) for key, value in query.items() if key not in ("cursor", "limit", "changed_since"))
    seal = hashlib.sha256(json.dumps([name, filters]).encode()).hexdigest()[:12]
    start = _start(log, query, seal)
    page = log.scan(start, limit, keep, seller.now() - seller.settings.list_lag_seconds)
    after = page.after
    if seller.oddities.lists_end_in_404:
        if "cursor" in query and not page.rows:
            raise Refusal(404, "no_more_rows", "there is no page after the last one")
        after = log.changes() if after is None and page.rows else after
    return {
        "items": [show(row) for row in page.rows],
        "next_cursor": None if after is None else _cursor(seal, after),
        "server_time": time_text(seller.now()),
    }


def found(seller: Seller, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer of a lookup: a list that is complete."""
    return {"items": rows, "next_cursor": None, "server_time": time_text(seller.now())}


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_PAGE:
        raise invalid("limit", f"must be 1 to {MAX_PAGE}, not {text!r}")
    return int(text)


def _start(log: ChangeLog[Row], query: Mapping[str, str], seal: str) -> int:
    if "cursor" in query:
        return _opened(query["cursor"], seal)
    if "changed_since" not in query:
        raise invalid("changed_since", "is required unless there is a cursor")
    try:
        return log.first_since(parse_time(query["changed_since"]))
    except ValueError as error:
        raise invalid("changed_since", str(error)) from error


def _cursor(seal: str, start: int) -> str:
    return base64.urlsafe_b64encode(f"{seal}:{start}".encode()).decode()


def _opened(cursor: str, seal: str) -> int:
    try:
        sealed, _, start = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
        if sealed == seal and int(start) >= 0:
            return int(start)
    except (ValueError, binascii.Error):
        pass
    raise unprocessable("invalid_cursor", "the cursor does not belong to this list and these filters")
