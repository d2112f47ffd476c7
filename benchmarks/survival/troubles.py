"""What can happen to a service that never ends: only ours is one, so there is no place for it with the peers."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from pathlib import Path
from random import Random

import httpx

from benchmarks import outage
from benchmarks.survival import network
from benchmarks.survival.resident import Stage, stage

_HOUR = 3_600


@dataclass(frozen=True)
class Trouble:
    """One kind.

    Attributes:
        words: what happens.
        happens: lets it happen, and lets buyers make so many further orders meanwhile.
        ledger: opens where the ledger is; None is a file beside the configuration.
        orders: TOML to add to the flow `orders`.
        runner: TOML to add to the service's options.
        options: of the simulated Shopee.
        early: whether it happens from the start, and not first when a quarter is made.
    """

    words: str
    happens: Callable[[Stage, int], None]
    ledger: Callable[[Stage], AbstractContextManager[str]] | None = None
    orders: str = 'every = "1s"'
    runner: str = ""
    options: tuple[str, ...] = ()
    early: bool = False


def survive(trouble: Trouble, orders: int) -> dict[str, float]:
    """Let it happen, and count what is there once it is over."""
    with stage(*trouble.options) as scene, (trouble.ledger or _file)(scene) as url:
        scene.configure(url, trouble.orders, trouble.runner)
        if not trouble.early:
            scene.place(orders // 2)
        scene.start()
        scene.until(lambda: trouble.early or scene.made(orders // 4))
        trouble.happens(scene, orders - len(scene.placed))
        scene.counts("/trouble/none")  # from now on it recovers
        scene.until(lambda: scene.made(orders))
        certain = scene.until(scene.sure)
        counts, told = scene.counts(), scene.told()
    return {
        "extra": counts.get("duplicates", 0),
        "missing": orders - counts["documents"],
        "recovered_seconds": counts["recovered_seconds"],
        "in_doubt": told["steps_in_doubt"],
        "parked": told["orders_parked"],
        "calls_failed": told["http_failures_total"],
        "known_of_all": int(certain),
        "started_again": scene.starts - 1,
        "seconds": counts["seconds"],
    }


@contextmanager
def _file(scene: Stage) -> Iterator[str]:
    yield f"sqlite:///{scene.folder}/crossdock.db"


def _expired_tokens(scene: Stage, rest: int) -> None:
    """Shopee takes no token that it gave out, five times within five seconds."""
    shop = scene.shop["credentials"]["shop_id"]
    for number in range(5):
        scene.place(rest // 5 + (number < rest % 5)) if rest else None
        scene.act("POST", f"/tokens/shop/{shop}/expire")
        time.sleep(1)


@contextmanager
def _server(scene: Stage) -> Iterator[str]:
    with outage.serving() as server:
        _SERVERS[scene.backend] = server
        yield server.url
        del _SERVERS[scene.backend]


_SERVERS: dict[str, outage.Server] = {}


def _stopped_database(scene: Stage, rest: int) -> None:
    """PostgreSQL is stopped as by a power cut, for ten seconds."""
    server = _SERVERS[scene.backend]
    server.crash()
    scene.place(rest)
    time.sleep(10)
    server.start()


@contextmanager
def _small_disk(scene: Stage) -> Iterator[str]:
    """A file system of 48 MB, which stays as long as the block, whoever ends in it."""
    disk = scene.folder / "disk"
    disk.mkdir()
    script = 'mount -t tmpfs -o size=48m none "$1" && echo ready && exec sleep infinity'
    command = [*network.apart("--mount"), "sh", "-c", script, "sh", str(disk)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout is not None
            if not holder.stdout.readline():
                raise RuntimeError("this machine lets us have no file system of our own")
            scene.inside = ["nsenter", f"--target={holder.pid}", "--mount", *network.rights(), "--wd=/proc/self/cwd"]
            scene.disk = Path(f"/proc/{holder.pid}/root{disk}")
            yield f"sqlite:///{disk}/crossdock.db"
            scene.end()
        finally:
            holder.terminate()


def _full_disk(scene: Stage, rest: int) -> None:
    """Nothing can be written to the ledger's disk, for ten seconds."""
    ballast = scene.disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        block = bytes(65_536)
        try:
            while True:
                file.write(block)
        except OSError:
            pass
    scene.place(rest)
    time.sleep(10)
    ballast.unlink()


def _jumping_clock(scene: Stage, rest: int) -> None:
    """Our clock is four minutes ahead, which Shopee does not mind, then an hour ahead, then an hour behind."""
    for number, wrong in enumerate((240, _HOUR, -_HOUR)):
        scene.set_clock(wrong)
        scene.place(rest // 3 + (number < rest % 3))
        time.sleep(5)
    scene.set_clock(0)


def _shifting_pages(scene: Stage, rest: int) -> None:
    """Every tenth order is paid while lists are read: it moves to their end, and all that follow move up."""
    scene.act("PUT", "/faults", {"rules": [{"kind": "slow", "path": "get_order_list", "seconds": 0.2}]})
    scene.place(rest - rest // 10)
    unpaid = scene.place(rest // 10, paid=False)
    for number in unpaid:
        scene.act("POST", f"/orders/{number}/pay")
    scene.act("PUT", "/faults", {"rules": []})


def _bad_pushes(scene: Stage, rest: int) -> None:
    """Nothing but push messages tells of orders: a fifth are lost, a fifth doubled, all reordered, some hours late."""
    silent = rest // 10
    plan = {"codes": [3], "lose": 0.2, "double": 0.2, "reorder": True}
    for number in range(10):
        scene.act("PUT", "/push", {"url": f"{scene.url}/push/shop", **plan})
        scene.place((rest - silent) // 10 + (number < (rest - silent) % 10))
        time.sleep(0.5)
    scene.act("PUT", "/push", {"url": ""})
    scene.place(silent)
    late = [*scene.placed]
    Random(8).shuffle(late)
    with httpx.Client(trust_env=False, timeout=60) as client:
        for order in late:
            body = _late_message(scene, order)
            key = str(scene.shop["credentials"]["partner_key"]).encode()
            signature = digest(key, f"{scene.url}/push/shop|".encode() + body, sha256).hex()
            client.post(f"{scene.url}/push/shop", content=body, headers={"Authorization": signature}).raise_for_status()


def _late_message(scene: Stage, number: str) -> bytes:
    sent = int(time.time()) - 6 * _HOUR
    data = {"ordersn": number, "status": "UNPAID", "update_time": sent, "items": []}
    shop = scene.shop["credentials"]["shop_id"]
    return json.dumps({"data": data, "shop_id": shop, "code": 3, "timestamp": sent}).encode()


_SELDOM = 'every = "1h"'
TROUBLES = {
    "token": Trouble("the access token expires five times", _expired_tokens),
    "database": Trouble("PostgreSQL is stopped for 10 s", _stopped_database, ledger=_server),
    "disk": Trouble("the ledger's disk is full for 10 s", _full_disk, ledger=_small_disk),
    "clock": Trouble("our clock is wrong by +4 min, +1 h and -1 h for 5 s each", _jumping_clock),
    "page shift": Trouble(
        "a tenth of all orders move to the end of the list while it is read",
        _shifting_pages,
        options=("list_order=oldest",),
        early=True,
    ),
    "pushes": Trouble(
        "of the push messages, which alone tell of orders, 20 % are lost, 20 % doubled, all reordered, 10 % 6 h late",
        _bad_pushes,
        orders=_SELDOM,
        runner='lost_pushes_every = "5s"',
        early=True,
    ),
}
