import json
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from crossdock.cli.app import run
from tests.core.distributions import Distributions

PLUGINS = '''
from contextlib import asynccontextmanager
from typing import Literal

from aiohttp import web
from pydantic import BaseModel, Field, SecretStr

from crossdock.contract import Plugin, Probe, Settings, hookimpl
from crossdock.errors import SignInAgain, TryLater

class ShopSettings(Settings):
    region: Literal["SG", "MY"]
    """The market."""
    shop_id: int = Field(gt=0)
    """The shop's number."""
    key: SecretStr
    """From the console."""
    mood: Literal["well", "down", "expired"] = "well"
    """How it answers a probe."""

class Shop:
    def __init__(self, settings):
        self.settings = settings
    @hookimpl
    async def probe(self):
        if self.settings.mood == "down":
            raise TryLater("the connection was refused", connection="x")
        if self.settings.mood == "expired":
            raise SignInAgain("the token has expired", connection="x", hint="crossdock auth link x")
        return Probe(f"shop {self.settings.shop_id} in {self.settings.region}", warnings=("it is closed on Sundays",))
    @hookimpl
    def pull_orders(self, window, route): ...
    @hookimpl
    async def read_orders(self, ids, route): ...
    @hookimpl
    async def push_order(self, order, route): ...

@asynccontextmanager
async def connect(settings, toolbox):
    yield Shop(settings)

class Options(BaseModel, extra="forbid"):
    colour: Literal["red", "blue"] = "red"

class Box:
    name = "acme_shop"
    def __init__(self, world, options):
        self.world, self.options = world, options
    def routes(self):
        async def colour(request):
            return web.json_response({"colour": self.options.colour, "seed": self.world.seed})
        return [web.get("/colour", colour)]
    def actions(self):
        return []
    def credentials(self):
        return {"shop_id": 7}
    async def work(self):
        import asyncio
        await asyncio.Event().wait()

def create(world, **options):
    return Box(world, Options(**options))

plugin = Plugin("acme_shop", "Acme Shop", ShopSettings, ">=1,<2", connect=connect, connection=Shop,
    cannot={"fetch_label": "Acme prints no labels."}, sandbox="THIS_MODULE:create")
'''


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def data(self):
        return json.loads(self.out)

    @property
    def errors(self) -> list[str]:
        return [line.strip() for line in self.err.splitlines() if line.strip()]


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def distributions(tmp_path, monkeypatch):
    (tmp_path / "installed").mkdir()
    monkeypatch.syspath_prepend(tmp_path / "installed")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "installed"))
    made = Distributions(tmp_path / "installed")
    made.install("acme_shop", PLUGINS)
    yield made
    for name in [name for name in sys.modules if name.startswith("fake_")]:
        del sys.modules[name]


@pytest.fixture
def crossdock(capsys, folder, distributions, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: str) -> Ended:
        code = run(arguments)
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return command
