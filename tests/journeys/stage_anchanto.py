"""The second stage: a Shopee shop of a Korean seller, an Anchanto OMS behind it, and the command line between them."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.journeys.stage import Done, Stage, System, _serve, _shop


@dataclass
class OmsStage(Stage):
    """Everything that a journey between Shopee KRSC and Anchanto OMS needs."""

    @property
    def oms(self) -> System:
        """The order management system."""
        return self.systems["anchanto_oms"]

    @property
    def shop_id(self) -> int:
        """The region shop in Singapore of a Korean seller."""
        return int(self.shopee.credentials["merchant_shop_ids"][0])

    async def place(self, **order: object) -> str:
        """A buyer orders; answers the order number. Without items it is one mug that the OMS knows."""
        order.setdefault("items", [{"model_sku": "MUG", "quantity": 1, "original_price": "20.00"}])
        order.setdefault("shop_id", self.shop_id)
        placed = await self.shopee.act("POST", "/orders", order)
        return str(placed["order_sn"])

    async def order(self, order_sn: str) -> dict[str, Any]:
        """The order as the OMS shows it."""
        created = [write for write in await self.oms.writes("create_order") if write["key"] == order_sn]
        assert len(created) == 1, f"{len(created)} orders for {order_sn}"
        found: dict[str, Any] = await self.oms.act("GET", f"/orders/{created[0]['facts']['order_id']}")
        return found

    async def at_shopee(self, order_sn: str) -> dict[str, Any]:
        """The order as Shopee shows it."""
        found: dict[str, Any] = await self.shopee.act("GET", f"/orders/{order_sn}")
        return found

    async def ready(self, order_sn: str) -> None:
        """Somebody picks everything and sets Ready to Ship in the OMS."""
        order_id = (await self.order(order_sn))["order_id"]
        await self.oms.act("POST", f"/orders/{order_id}/pick", {})
        await self.oms.act("POST", f"/orders/{order_id}/ready-to-ship", {})

    async def pull(self, *arguments: str, code: int | None = 0) -> Done:
        """Run the orders lane once."""
        return await self.crossdock("pull", "krsc", *arguments, "--json", code=code)

    def join(
        self,
        *,
        orders: str = "",
        oms: str = "",
        options: str = "",
        flows: str = "",
        channel: str = "",
        signed_in: bool = True,
    ) -> None:
        """Write the config file; each text is TOML to add to its table."""
        (self.folder / "crossdock.toml").write_text(
            "\n".join(
                [
                    "allow_plain_secrets = true",
                    *_shop(self.shopee, self.shop_id, signed_in=signed_in),
                    *_connection(self.oms),
                    oms,
                    '[routes.krsc]\nchannel = "shop"\nbackend = "oms"',
                    f"[routes.krsc.orders]\n{orders}",
                    flows,
                    f"[routes.krsc.channel_options]\n{channel}",
                    f"[routes.krsc.backend_options]\n{options}",
                ]
            )
        )


@asynccontextmanager
async def staged_with_oms(folder: Path, options: Sequence[str] = ()) -> AsyncIterator[OmsStage]:
    """A Shopee and an Anchanto OMS, running, and a config file that joins them as route ``krsc``."""
    stage = OmsStage(folder)
    async with aiohttp.ClientSession() as http:
        try:
            stage.systems["shopee"] = await _serve("shopee", http, ())
            stage.systems["anchanto_oms"] = await _serve("anchanto_oms", http, ("country=SG", "currency=SGD", *options))
            stage.join()
            yield stage
            assert (await stage.oms.act("GET", "/invariants"))["broken"] == []
        finally:
            for system in stage.systems.values():
                if system.process.returncode is None:
                    system.process.send_signal(signal.SIGTERM)
                await system.process.wait()


def _connection(oms: System) -> list[str]:
    given = oms.credentials
    return [
        "[connections.oms]",
        'plugin = "anchanto_oms"',
        f'base_url = "{oms.url}"',
        f'client_id = "{given["client_id"]}"',
        f'client_secret = "{given["client_secret"]}"',
        f'store_code = "{given["store_code"]}"',
        'country = "SG"',
        'currency = "SGD"',
        "requests_per_second = 1000",
    ]
