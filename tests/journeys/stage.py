"""The stage of a journey: simulated systems in processes of their own, a config file, and the command line."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.journeys.forks import Forked, forked

SKUS = ("40020-000", "40020-001", "40020-002", "40020-003")
"""Items that the simulated LS Central has from the start."""


@dataclass
class System:
    """A simulated system that runs, and what an operator does there."""

    name: str
    url: str
    credentials: Mapping[str, Any]
    process: Forked
    http: aiohttp.ClientSession

    async def act(self, method: str, path: str, body: object = None) -> Any:
        """Carry out one operator action; anything but success fails the test."""
        async with self.http.request(method, f"{self.url}/_sandbox{path}", json=body) as answer:
            text = await answer.text()
            assert answer.status == 200, f"{method} {path}: {answer.status} {text}"
            return json.loads(text)

    async def writes(self, kind: str, after: int = 0) -> list[dict[str, Any]]:
        """What the system accepted, by its own account; `after` leaves out writes up to that number."""
        answer = await self.act("GET", f"/writes?kind={kind}&after={after}")
        found: list[dict[str, Any]] = answer["writes"]
        return found

    async def faults(self, *rules: Mapping[str, object]) -> None:
        """Put these faults in force; none ends all."""
        await self.act("PUT", "/faults", {"rules": list(rules)})


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The output, as a machine reads it."""
        return json.loads(self.out)


@dataclass
class Stage:
    """Everything that a journey needs."""

    folder: Path
    ahead_seconds: float = 0.0
    systems: dict[str, System] = field(default_factory=dict)
    ledger: str = ""
    """Address in PostgreSQL: with one, everything runs on it and on the dispatcher of many machines."""

    @property
    def shopee(self) -> System:
        """The marketplace."""
        return self.systems["shopee"]

    @property
    def central(self) -> System:
        """The ERP."""
        return self.systems["ls_central"]

    async def wait(self, seconds: float) -> None:
        """Let time pass, everywhere."""
        self.ahead_seconds += seconds
        for system in self.systems.values():
            await system.act("POST", "/clock", {"advance_seconds": seconds})

    async def place(self, **order: object) -> str:
        """A buyer orders; answers the order number. Without items it is one shirt that LS Central knows."""
        order.setdefault("items", [{"model_sku": SKUS[0], "quantity": 1, "original_price": "20.00"}])
        placed = await self.shopee.act("POST", "/orders", order)
        return str(placed["order_sn"])

    async def document(self, order_sn: str) -> dict[str, Any]:
        """The Customer Order of that External ID, as LS Central shows it."""
        found: dict[str, Any] = await self.central.act("GET", f"/orders/{order_sn}")
        return found

    async def crossdock(self, *arguments: str, code: int | None = 0) -> Done:
        """Run the command as a user does; `code` is the exit code that is expected."""
        process = await self.start(*arguments)
        out, err = await process.communicate()
        done = Done(process.returncode or 0, out.decode(), err.decode())
        assert code is None or done.code == code, f"exit {done.code}\n{done.out}\n{done.err}"
        return done

    async def start(self, *arguments: str) -> Forked:
        """Start the command and leave it running."""
        self.share()
        return await forked(
            arguments,
            os.environ
            | {
                "CROSSDOCK_CONFIG": str(self.folder / "crossdock.toml"),
                "CROSSDOCK_CLOCK_AHEAD": str(self.ahead_seconds),
                "NO_COLOR": "1",
            },
        )

    async def pull(self, *arguments: str, code: int | None = 0) -> Done:
        """Run the orders lane once."""
        return await self.crossdock("pull", "sg", *arguments, "--json", code=code)

    def share(self) -> None:
        """Have the config file name the ledger that is shared, if there is one, and its dispatcher."""
        path = self.folder / "crossdock.toml"
        text = path.read_text() if path.exists() else ""
        if self.ledger and text and "[ledger]" not in text:
            head, _, runner = text.partition("[runner]\n")
            runner = f'[runner]\ndispatcher = "procrastinate"\n{runner}'
            path.write_text(f'{head}\n{runner}\n[ledger]\nurl = "{self.ledger}"\n')

    def configure(
        self,
        *,
        orders: str = "",
        backend: str = "",
        channel: str = "",
        shop: str = "",
        central: str = "",
        stock: str | None = None,
        products: str | None = None,
    ) -> None:
        """Write the config file; each argument is TOML to add to its table, None leaves its flow off."""
        (self.folder / "crossdock.toml").write_text(
            "\n".join(
                [
                    "allow_plain_secrets = true",
                    *_shop(self.shopee),
                    shop,
                    *_central(self.central),
                    central,
                    '[routes.sg]\nchannel = "shop"\nbackend = "central"',
                    "[routes.sg.orders]",
                    orders,
                    *([] if stock is None else ["[routes.sg.stock]", stock]),
                    *([] if products is None else ["[routes.sg.products]", products]),
                    "[routes.sg.channel_options]",
                    channel,
                    '[routes.sg.backend_options]\nshipping_item = "66010"\ndefault_tender = "1"',
                    backend,
                ]
            )
        )


@asynccontextmanager
async def staged(
    folder: Path, options: Sequence[str] = (), central_options: Sequence[str] = ()
) -> AsyncIterator[Stage]:
    """A Shopee and an LS Central, running, and a config file that joins them as route ``sg``."""
    stage = Stage(folder)
    async with aiohttp.ClientSession() as http:
        try:
            for name in ("shopee", "ls_central"):
                stage.systems[name] = await _serve(name, http, options if name == "shopee" else central_options)
            stage.configure()
            yield stage
        finally:
            for system in stage.systems.values():
                if system.process.returncode is None:
                    system.process.send_signal(signal.SIGTERM)
                await system.process.wait()


async def _serve(name: str, http: aiohttp.ClientSession, options: Sequence[str]) -> System:
    chosen = [part for option in options for part in ("--option", option)]
    process = await forked(["sandbox", name, "--port", "0", "--json", *chosen], os.environ)
    announced = json.loads(await process.stdout.readline())
    return System(name, announced["url"], announced["credentials"], process, http)


def _shop(shopee: System, abroad: int = 0, *, signed_in: bool = True) -> list[str]:
    """The shop's table; `abroad` is the number of a cross-border shop, whose products belong to its merchant."""
    given = shopee.credentials
    whose = "merchant_" if abroad else ""
    tokens = [f'{name} = "{given[whose + name]}"' for name in ("access_token", "refresh_token")]
    return [
        "[connections.shop]",
        'plugin = "shopee"',
        f'region = "{given["region"]}"',
        f'base_url = "{shopee.url}"',
        f"shop_id = {abroad or given['shop_id']}",
        *([f"merchant_id = {given['merchant_id']}"] if abroad else []),
        f"partner_id = {given['partner_id']}",
        f'partner_key = "{given["partner_key"]}"',
        *(tokens if signed_in else ['sign_in_page = "signed"']),
        "requests_per_second = 1000",
    ]


def _central(central: System) -> list[str]:
    given = central.credentials
    return [
        "[connections.central]",
        'plugin = "ls_central"',
        f'base_url = "{central.url}{given["online_path"]}"',
        f'token_url = "{central.url}{given["token_path"]}"',
        f'tenant = "{given["tenant"]}"',
        f'company = "{given["company"]}"',
        f'store = "{given["store"]}"',
        f'client_id = "{given["client_id"]}"',
        f'client_secret = "{given["client_secret"]}"',
        "requests_per_second = 1000",
    ]
