from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent
from typing import Literal

import pytest
from pydantic import BaseModel, Field, SecretStr

from crossdock.config import ConfigErrors, Configuration, load
from crossdock.contract import Plugin, Settings, hookimpl
from crossdock.errors import PluginError


class Address(BaseModel, extra="forbid"):
    host: str
    password: SecretStr | None = None


class ShopSettings(Settings):
    region: Literal["SG", "MY", "TH"]
    shop_id: int = Field(gt=0)
    """The shop's number."""
    key: SecretStr
    note: str = ""
    mirrors: dict[str, Address] = Field(default_factory=dict)


class ShopOptions(Settings):
    prefix: str = ""


class Shop:
    @hookimpl
    def pull_orders(self, window, route): ...
    @hookimpl
    async def read_orders(self, ids, route): ...
    @hookimpl
    async def push_stock(self, levels, route): ...


class Books:
    @hookimpl
    async def push_order(self, order, route): ...
    @hookimpl
    def pull_stock(self, window, route): ...


class BooksSettings(Settings):
    company: str = "CRONUS"


@asynccontextmanager
async def connect(settings, toolbox):
    yield Shop()


PLUGINS = {
    plugin.name: plugin
    for plugin in (
        Plugin(
            "shop",
            "Shop",
            ShopSettings,
            ">=1,<2",
            connect=connect,
            connection=Shop,
            route_options=ShopOptions,
            cannot={"fetch_label": "Its carrier prints them."},
            requests_per_second=7,
        ),
        Plugin("books", "Books", BooksSettings, ">=1,<2", connect=connect, connection=Books),
        Plugin("gift_wrap", "Gift wrap", Settings, ">=1,<2", extension=lambda settings: object()),
    )
}

GOOD = """
allow_plain_secrets = true

[connections.shop-sg]
plugin = "shop"
region = "SG"
shop_id = 600000
key = "public test key"

[connections.books]
plugin = "books"

[routes.sg]
channel = "shop-sg"
backend = "books"
[routes.sg.orders]
every = "2m"
# nothing else is set
"""


def find(name: str) -> Plugin:
    if name not in PLUGINS:
        raise PluginError(f"it is not installed (installed: {', '.join(PLUGINS)})", plugin=name)
    return PLUGINS[name]


class Files:
    """Writes config files into a folder and loads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, text: str, name: str = "crossdock.toml") -> Path:
        (self.folder / name).write_text(dedent(text))
        return self.folder / name

    def load(self, text: str = GOOD, **environment: str) -> Configuration:
        return load(self.write(text), find, environment)

    def errors(self, text: str, **environment: str) -> list[str]:
        with pytest.raises(ConfigErrors) as caught:
            self.load(text, **environment)
        return [str(error).replace(f"{self.folder}/", "") for error in caught.value.errors]

    def hints(self, text: str, **environment: str) -> list[str | None]:
        with pytest.raises(ConfigErrors) as caught:
            self.load(text, **environment)
        return [error.hint for error in caught.value.errors]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def good() -> str:
    return GOOD
