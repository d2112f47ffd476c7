"""The job that every program does: read all orders of a marketplace, and make a document of each in a backend."""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass
from hashlib import sha256

PARTNER_ID, SHOP_ID = 2001887, 600000
PARTNER_KEY = "benchmark-key-that-is-no-secret!"
TOKEN = "benchmark-token"
LIST_PATH, DETAIL_PATH = "/api/v2/order/get_order_list", "/api/v2/order/get_order_detail"
LIST_PAGE, DETAIL_PAGE = 100, 50


@dataclass(frozen=True)
class Job:
    """What is to be done.

    Attributes:
        orders: how many the marketplace has.
        latency: seconds that each call takes at least.
        in_flight: documents that are being made at the same time.
        client: ``protocol`` (hand-written), ``aiohttp``, ``pyreqwest`` or ``httpx``.
        uvloop: run on uvloop.
        ledger: ``sqlite`` or ``postgresql``; only our program has a choice.
        polls: how often our program polls again when nothing is new.
        days: over how many days the orders are spread; 0 puts 20 into each second of this morning.
        lose: every so many orders, the answer to the first attempt is lost after the document was made; 0 is never.
        poison: every so many orders, the backend refuses the order for good; 0 is never.
        shift: once half of the list is read, so great a part of it (10 is a tenth) moves from its head to its end; 0 is
            never.
        marketplace: address of the marketplace; set when it runs.
        backend: address of the backend; set when it runs.
        folder: where state is kept; set when it runs.
        database: address of a PostgreSQL database; set when it runs.
    """

    orders: int = 5_000
    latency: float = 0.0
    in_flight: int = 32
    client: str = "protocol"
    uvloop: bool = False
    ledger: str = "sqlite"
    polls: int = 0
    days: int = 0
    lose: int = 0
    poison: int = 0
    shift: int = 0
    marketplace: str = ""
    backend: str = ""
    folder: str = ""
    database: str = ""

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def sign(path: str, timestamp: int) -> str:
    """Sign a call as the marketplace wants it."""
    text = f"{PARTNER_ID}{path}{timestamp}{TOKEN}{SHOP_ID}"
    return hmac.digest(PARTNER_KEY.encode(), text.encode(), sha256).hex()


def signed(path: str, timestamp: int) -> str:
    """The path with the parameters that every call carries."""
    return (
        f"{path}?partner_id={PARTNER_ID}&timestamp={timestamp}&access_token={TOKEN}&shop_id={SHOP_ID}"
        f"&sign={sign(path, timestamp)}"
    )
