from contextlib import asynccontextmanager

import pytest

from crossdock.clock import FakeClock
from crossdock.config import Configuration, ConnectionConfig
from crossdock.config.configuration import ExtensionConfig, LedgerConfig, RouteConfig
from crossdock.contract import Plugin, Settings, hookimpl
from crossdock.flows.options import OrdersOptions
from tests.core.doubles import Channel, FindingBackend, World


class ShopSettings(Settings):
    """What the shop is configured with."""

    shop_id: int = 1


class Gift:
    """An extension."""

    @hookimpl
    async def rewrite_order(self, order):
        return order.model_copy(update={"note": "gift"})


class Setup:
    """A configuration of a shop and an ERP, both in memory; it remembers what was opened and closed."""

    def __init__(self, folder):
        self.folder = folder
        self.world = World(clock=FakeClock())
        self.channel, self.backend = Channel(self.world), FindingBackend(self.world)
        self.events = []
        self.toolboxes = {}

    def plugin(self, name, connection, **more):
        @asynccontextmanager
        async def connect(_settings, toolbox):
            self.events.append(f"open {toolbox.connection}")
            await self.world.clock.sleep(0)
            self.toolboxes[toolbox.connection] = toolbox
            yield connection
            self.events.append(f"close {toolbox.connection}")

        return Plugin(name, name.title(), ShopSettings, ">=1,<2", connect=connect, connection=type(connection), **more)

    def configuration(self, **flows):
        shop, erp = self.plugin("shop", self.channel), self.plugin("erp", self.backend, refuses_duplicates=True)
        gift = Plugin("gift", "Gift", ShopSettings, ">=1,<2", extension=lambda _settings: Gift())
        settings = ShopSettings()
        connections = {
            name: ConnectionConfig(name, plugin, settings, "httpx", 5.0, 4)
            for name, plugin in (("shop-sg", shop), ("central", erp), ("odd", gift))
        }
        extensions = {"gift": ExtensionConfig("gift", gift, settings), "odd": ExtensionConfig("odd", shop, settings)}
        routes = {
            "sg": RouteConfig(
                "sg", "shop-sg", "central", ("gift",), flows or {"orders": OrdersOptions()}, settings, None
            ),
            "bare": RouteConfig("bare", "shop-sg", "central", (), {}, None, None),
            "wrong": RouteConfig("wrong", "shop-sg", "central", ("odd",), {}, None, None),
        }
        ledger = LedgerConfig(f"sqlite:///{self.folder}/ledger.db", self.folder)
        return Configuration(self.folder, ledger, connections, routes, extensions)


@pytest.fixture
def setup(tmp_path):
    return Setup(tmp_path)
