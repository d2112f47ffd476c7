"""An instant marketplace and an instant backend, in a process of their own on another core.

They answer from one hand-written protocol, so that what is measured is the program that calls them. The marketplace
really checks every signature; the backend makes a second document when an order is sent twice, and counts it. It can
lose answers after it made the document, refuse some orders for good, and move the head of the list to its end while it
is read, as where buyers pay meanwhile: whoever pages by offset then passes over as many. `/trouble/storm` has each call
answered 429 until `/trouble/none`; from then on it is counted how long the last document took (`/counts`). After
`/forget` the next call is noted as the first one.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import math
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import NamedTuple, cast
from urllib.parse import parse_qsl

from benchmarks.bodies import PER_SECOND, body, number_of
from benchmarks.job import DETAIL_PATH, LIST_PATH, Job, sign

_ANSWER = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
_NOT_FOUND = (b"404 Not Found", b'{"error":"not_found"}')
_TOO_MANY = (b"429 Too Many Requests\r\nretry-after: 1", b'{"error":"error_rate_limit","message":"Slow down."}')
_REFUSED = (b"422 Unprocessable Content", b'{"error":"refused","message":"This order cannot be made."}')
_LOST = (b"", b"")

Answer = tuple[bytes, bytes]


class _Page(NamedTuple):
    """Orders of a list, the offset behind them, and whether more follow."""

    numbers: list[int]
    until: int
    more: bool


class FarSide:
    """What both systems know, and how they answer."""

    def __init__(self, job: Job) -> None:
        self._orders = job.orders
        self._lose, self._poison = job.lose, job.poison
        days = job.days or 0.5
        self._start = int(time.time() - days * 86_400)
        self._per_second = job.orders / (job.days * 86_000) if job.days else PER_SECOND  # the last one is minutes old
        self._documents: dict[bytes, bytes] = {}
        self._counts: Counter[str] = Counter()
        self._moves = job.orders // job.shift if job.shift else 0
        self._moved = 0
        self._stormy = False
        self._began = self._ended = self._last_new = time.monotonic()
        self._first_call: float | None = None

    def answer(self, method: bytes, target: str, sent: bytes) -> Answer:
        """Answer one request."""
        path, _, query = target.partition("?")
        if path in ("/counts", "/forget") or path.startswith("/trouble/"):
            return self._operate(path)
        if self._first_call is None:
            self._first_call = time.monotonic()
        if self._stormy:
            self._counts["calls refused in the storm"] += 1
            return _TOO_MANY
        if path == "/documents" and method == b"POST":
            return self._create(sent)
        params = dict(parse_qsl(query, keep_blank_values=True))
        if path == "/documents":
            return self._find(params["reference"].encode())
        if path == "/orders":
            return self._flat(params)
        if sign(path, int(params["timestamp"])) != params["sign"]:
            self._counts["bad signatures"] += 1
            return b"403 Forbidden", b'{"error":"error_sign","message":"Wrong sign."}'
        return self._list(params) if path == LIST_PATH else self._details(params) if path == DETAIL_PATH else _NOT_FOUND

    def _operate(self, path: str) -> Answer:
        """What the program that measures asks."""
        if path == "/forget":
            self._first_call = None
        elif path != "/counts":
            self._stormy, self._ended = path == "/trouble/storm", time.monotonic()
        told = {
            "documents": len(self._documents),
            "first_call_at": self._first_call,
            "recovered_seconds": round(max(self._last_new - self._ended, 0), 2),
            "seconds": round(self._last_new - self._began, 2),
        }
        return b"200 OK", json.dumps(self._counts | told).encode()

    def _list(self, params: dict[str, str]) -> Answer:
        self._counts["lists"] += 1
        first, end = (self._index(int(params[name])) for name in ("time_from", "time_to"))
        listed = self._page(first, end, int(params["cursor"] or 0), int(params["page_size"]))
        rows = ",".join(f'{{"order_sn":"{number_of(n)}","order_status":"READY_TO_SHIP"}}' for n in listed.numbers)
        more, cursor = ("true", str(listed.until)) if listed.more else ("false", "")
        page = f'"more":{more},"next_cursor":"{cursor}","order_list":[{rows}]'
        return b"200 OK", f'{{"error":"","message":"","request_id":"r","response":{{{page}}}}}'.encode()

    def _index(self, moment: int) -> int:
        """The place of the first order that was updated at `moment` or later."""
        place = math.ceil(max(moment - self._start, 0) * self._per_second)
        return min(max(place, self._moved), self._orders + self._moved)

    def _page(self, first: int, end: int, offset: int, size: int) -> _Page:
        """What stands `offset` places behind the first; the head of the list moves once half of it was given out."""
        places = range(first + offset, min(first + offset + size, end))
        page = _Page([place % self._orders for place in places], offset + len(places), places.stop < end)
        if not self._moved and places.stop > self._orders // 2:
            self._moved = self._moves
        return page

    def _body(self, number: bytes) -> bytes:
        late = self._moved and int(number[8:]) < self._moved
        later = math.ceil(self._orders / self._per_second) if late else 0
        return body(number, self._start, self._per_second, later)

    def _details(self, params: dict[str, str]) -> Answer:
        self._counts["details"] += 1
        numbers = params["order_sn_list"].encode().split(b",")
        found = b",".join(map(self._body, numbers))
        return b"200 OK", b'{"error":"","message":"","request_id":"r","response":{"order_list":[%s]}}' % found

    def _flat(self, params: dict[str, str]) -> Answer:
        """Whole orders by offset, without a signature: for programs that can do neither."""
        begin, end = self._index(int(params.get("since") or self._start)), self._orders + self._moved
        listed = self._page(begin, end, int(params["offset"]), int(params["limit"]))
        found = b",".join(self._body(number_of(n).encode()) for n in listed.numbers)
        return b"200 OK", b'{"order_list":[%s]}' % found

    def _create(self, sent: bytes) -> Answer:
        at = sent.index(b'"', sent.index(b'"reference":') + 12) + 1
        reference = sent[at : sent.index(b'"', at)]
        if self._poison and not int(reference) % self._poison:
            self._counts["refused"] += 1
            return _REFUSED
        self._counts["created"] += 1
        first = reference not in self._documents
        if first:
            self._last_new = time.monotonic()
        else:
            self._counts["duplicates"] += 1
        number = self._documents[reference] = b"CO%07d" % self._counts["created"]
        if first and self._lose and not int(reference) % self._lose:
            self._counts["lost answers"] += 1
            return _LOST
        return b"201 Created", b'{"id":"%s","reference":"%s","status":"Open"}' % (number, reference)

    def _find(self, reference: bytes) -> Answer:
        self._counts["lookups"] += 1
        number = self._documents.get(reference)
        return (b"200 OK", b'{"id":"%s"}' % number) if number else _NOT_FOUND


class _Caller(asyncio.Protocol):
    """One connection of a caller."""

    def __init__(self, far: FarSide, later: Callable[[Callable[[bytes], object], bytes], object]) -> None:
        self._far = far
        self._later = later
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        wire = cast("asyncio.Transport", transport)  # uvloop's has another ancestry
        self._write, self._close = wire.write, wire.close

    def data_received(self, data: bytes) -> None:
        received = self._received + data
        while (end := received.find(b"\r\n\r\n")) >= 0:
            head = received[:end]
            whole = end + 4 + _length(head)
            if len(received) < whole:
                break
            method, target, _ = head.split(b"\r\n", 1)[0].split(b" ")
            status, text = self._far.answer(method, target.decode(), received[end + 4 : whole])
            if not status:
                self._close()
                return
            self._later(self._write, _ANSWER % (status, len(text), text))
            received = received[whole:]
        self._received = received


def _length(head: bytes) -> int:
    found = head.lower().find(b"\r\ncontent-length:")
    return int(head[found + 17 :].split(b"\r\n", 1)[0]) if found >= 0 else 0


async def _serve(ready: Connection, job: Job) -> None:
    loop = asyncio.get_running_loop()
    far = FarSide(job)

    def later(write: Callable[[bytes], object], data: bytes) -> None:
        if job.latency:
            loop.call_later(job.latency, write, data)
        else:
            write(data)

    server = await loop.create_server(lambda: _Caller(far, later), "127.0.0.1", 0, backlog=512)
    ready.send(server.sockets[0].getsockname()[1])
    await asyncio.Event().wait()


def _run(ready: Connection, job: Job) -> None:
    pin(-1)
    if importlib.util.find_spec("uvloop"):
        import uvloop

        uvloop.run(_serve(ready, job))
    else:
        asyncio.run(_serve(ready, job))


def pin(core: int) -> None:
    """Keep this process on one core, where the system allows it: 0 is the first, -1 the last that we may use."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[core]})


@contextlib.contextmanager
def running(job: Job) -> Iterator[Job]:
    """Run both systems beside us, and yield the job with their addresses."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_run, args=(theirs, job), daemon=True)
    server.start()
    theirs.close()
    try:
        address = f"http://127.0.0.1:{ours.recv()}"
        yield replace(job, marketplace=address, backend=address)
    finally:
        server.terminate()
        server.join()
