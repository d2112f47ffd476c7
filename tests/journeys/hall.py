"""The hall of the lifecycle machine: both simulated systems, one clock, and crossdock, in one event loop.

Everything that crossdock asks goes over real HTTP on loopback; no process is started, so that thousands of steps take
a minute. What people and carriers do is called directly, as the operator's page would.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from crossdock import discovery
from crossdock.config import load
from crossdock.errors import SignInAgain, TryLater
from crossdock.runner import Engine
from crossdock.sandbox import Fault, OperatorAction, OperatorError, Sandbox, VirtualClock, World, running
from crossdock_ls_central.sandbox import LsCentralSandbox
from crossdock_ls_central.sandbox import create as create_central
from crossdock_shopee.sandbox import ShopeeSandbox
from crossdock_shopee.sandbox import create as create_shopee

T = TypeVar("T")

ROUTE = "sg"
_START = datetime(2026, 11, 20, 3, tzinfo=UTC).timestamp()
_TURNS = 40
"""Turns of the event loop in which a request that was sent before a crash gets to where it was sent."""


class HallClock:
    """One time for everybody. Whoever sleeps moves it, so that nobody waits for real."""

    def __init__(self) -> None:
        self._elapsed = 0.0

    def seconds(self) -> float:
        """Seconds since the epoch."""
        return _START + self._elapsed

    def now(self) -> datetime:
        """The moment: aware, UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def monotonic(self) -> float:
        """Seconds since the start."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass, in whole milliseconds: a moment too short for a float would never pass."""
        until = self._elapsed + math.ceil(max(seconds, 0.0) * 1_000) / 1_000
        await asyncio.sleep(0)
        self._elapsed = max(self._elapsed, until)


class WallClock(HallClock):
    """The time on the wall, for a ledger whose server takes its own."""

    def seconds(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since any moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


@dataclass
class Desk:
    """What people do at one simulated system."""

    actions: Mapping[tuple[str, str], OperatorAction]

    async def act(self, path: str, body: object = None, **values: str) -> Any:
        """Carry out one action, such as ``/orders/{order_sn}/pay``.

        Raises:
            OperatorError: it is not possible now.
        """
        action = self.actions["POST", path]
        model = action.body.model_validate(body or {}) if action.body else None
        return await action.run(model, values)


def _desk(sandbox: Sandbox) -> Desk:
    return Desk({(action.method, action.path): action for action in sandbox.actions()})


@dataclass
class Hall:
    """Both systems and crossdock between them."""

    folder: Path
    clock: HallClock
    shopee: ShopeeSandbox
    central: LsCentralSandbox
    addresses: tuple[str, str]
    shop_desk: Desk
    central_desk: Desk
    orders: str
    sign_in: str = ""
    cross_border: bool = False
    currency: str = ""
    posting: str = ""
    backend_options: str = ""
    deaths: int = 0
    _engine: Engine | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def engine(self) -> Engine:
        """Crossdock, started when it does not run."""
        if self._engine is None:
            self._write_config()
            configuration = load(self.folder / "crossdock.toml", discovery.find)
            self._engine = await self._stack.enter_async_context(Engine.open(configuration, self.clock))
        return self._engine

    async def attempt(self, work: Callable[[Engine], Coroutine[Any, Any, T]]) -> T | None:
        """Have crossdock do something; None when a side cannot be reached now. A lost sign-in is made again."""
        try:
            return await work(await self.engine())
        except TryLater:
            return None
        except SignInAgain:
            await self.close()
            self._sign_in_again()
            return None

    async def kill(self, work: Callable[[Engine], Coroutine[Any, Any, object]], effects: int) -> bool:
        """Start `work`, and end crossdock after that many calls and commits; whether it was still at work.

        Nothing is committed and nothing is sent from then on. What is under way arrives there all the same.
        """
        engine = await self.engine()
        database, clients = engine.ledger.database, engine.connections.clients
        task = asyncio.ensure_future(self.attempt(work))
        before = _effects(engine)
        while not task.done() and _effects(engine) < before + effects:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0)
        if task.done():
            await task
            return False
        await database.close()
        for client in clients.values():
            await client.aclose()
        task.cancel()
        with suppress(Exception, asyncio.CancelledError):
            await task
        await self.close()
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        self.deaths += 1
        return True

    async def close(self) -> None:
        """End crossdock, however it is."""
        stack, self._stack, self._engine = self._stack, AsyncExitStack(), None
        with suppress(Exception):
            await stack.aclose()

    def trouble(self, side: str, *rules: Fault) -> None:
        """Put these faults in force at one side; none ends all."""
        sandbox: Sandbox = self.shopee if side == "shopee" else self.central
        sandbox.world.faults.replace(rules)

    def _sign_in_again(self) -> None:
        """The shop's owner authorises us once more, as after tokens were lost for good."""
        shop = int(str(self.shopee.credentials()["shop_id"]))
        accounts = self.shopee.state.accounts
        [owner] = [one for one in accounts.authorizations if one == ("shop", shop)]
        self.sign_in = accounts.new_code(("shop_id", shop), [owner])

    def _write_config(self) -> None:
        shop, central = self.addresses
        given = self.shopee.credentials()
        lines = [
            "allow_plain_secrets = true",
            *_shop(shop, _merchant(given) if self.cross_border else given, self.sign_in),
        ]
        lines += [*_central(central, self.central.credentials())]
        lines += [f'currency = "{self.currency}"'] if self.currency else []
        lines += [f'custom_posting = "{self.posting}"'] if self.posting else []
        lines += [
            _ROUTE,
            _OPTIONS,
            self.backend_options,
            *(['posting = "custom"'] if self.posting else []),
            "[routes.sg.orders]",
            self.orders,
        ]
        (self.folder / "crossdock.toml").write_text("\n".join(lines))


@asynccontextmanager
async def opened(
    folder: Path,
    seed: int,
    orders: str,
    *,
    cross_border: bool = False,
    posting: str = "",
    backend_options: str = "",
    clock: HallClock | None = None,
    **shop: object,
) -> AsyncIterator[Hall]:
    """A hall in `folder`, with everything open until the block ends.

    Args:
        folder: becomes crossdock's.
        seed: of both systems' chance and faults.
        orders: TOML of the route's orders, and of whatever tables follow.
        cross_border: the shop's products belong to a merchant, whose prices LS Central keeps in its currency.
        posting: name of the action by which LS Central's owner posts documents; their sales order is posted without.
        backend_options: TOML of what else the route says to LS Central.
        clock: one time for everybody; one that whoever sleeps moves, unless given.
        shop: options of the simulated Shopee.
    """
    folder.mkdir(parents=True)  # noqa: ASYNC240 - nothing else runs yet
    clock = clock or HallClock()
    worlds = [World(seed + number, clock=VirtualClock(clock.seconds)) for number in range(2)]
    shopee, central = create_shopee(worlds[0], **shop), create_central(worlds[1], posting_action=posting)
    async with running(shopee) as one, running(central) as other:
        desks = _desk(shopee), _desk(central)
        hall = Hall(folder, clock, shopee, central, (one.url, other.url), *desks, orders)
        hall.cross_border, hall.currency, hall.posting = cross_border, "KRW" if cross_border else "", posting
        hall.backend_options = backend_options
        try:
            yield hall
        finally:
            await hall.close()


def _effects(engine: Engine) -> int:
    calls = sum(client.stats.calls for client in engine.connections.clients.values())
    return calls + engine.ledger.database.commits


_ROUTE = '[routes.sg]\nchannel = "shop"\nbackend = "central"'
_OPTIONS = '[routes.sg.backend_options]\nshipping_item = "66010"\ndefault_tender = "1"'


def _shop(url: str, given: Mapping[str, object], code: str) -> Sequence[str]:
    tokens = [f'{name} = "{given[name]}"' for name in ("access_token", "refresh_token")]
    return [
        "[connections.shop]",
        'plugin = "shopee"',
        f'region = "{given["region"]}"',
        f'base_url = "{url}"',
        f"shop_id = {given['shop_id']}",
        *([f"merchant_id = {given['writes_as']}"] if "writes_as" in given else []),
        f"partner_id = {given['partner_id']}",
        f'partner_key = "{given["partner_key"]}"',
        *([f'code = "{code}"'] if code else tokens),
        "requests_per_second = 1000",
    ]


def _merchant(given: Mapping[str, Any]) -> dict[str, object]:
    """The credentials of the first cross-border shop and of its merchant."""
    tokens = {name: given[f"merchant_{name}"] for name in ("access_token", "refresh_token")}
    more = {"region": "SG", "shop_id": given["merchant_shop_ids"][0], "writes_as": given["merchant_id"]}
    return {"partner_id": given["partner_id"], "partner_key": given["partner_key"], **tokens, **more}


def _central(url: str, given: Mapping[str, object]) -> Sequence[str]:
    named = ("tenant", "company", "store", "client_id", "client_secret")
    return [
        "[connections.central]",
        'plugin = "ls_central"',
        f'base_url = "{url}{given["online_path"]}"',
        f'token_url = "{url}{given["token_path"]}"',
        *(f'{name} = "{given[name]}"' for name in named),
        "requests_per_second = 1000",
    ]


__all__ = ["ROUTE", "Hall", "HallClock", "OperatorError", "WallClock", "opened"]
