"""Installed distributions for tests: a module and a dist-info folder on the path."""

from pathlib import Path
from textwrap import dedent

SHOP = """
from contextlib import asynccontextmanager
from crossdock.contract import Plugin, Probe, Settings, hookimpl

class Shop:
    @hookimpl
    async def read_orders(self, ids, route): ...

@asynccontextmanager
async def connect(settings, toolbox):
    yield Shop()

plugin = Plugin({name!r}, "A shop", Settings, {contract!r}, connect=connect, connection=Shop)
"""


class Distributions:
    """Makes installed distributions in a folder that is on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, name: str, source: str | None = None, *, version="1.2", plugin=None, contract=">=1,<2") -> None:
        """Install `name`, which offers the plugin `plugin` (the same name unless given)."""
        plugin = plugin or name
        module = f"fake_{name}_{len(list(self.folder.iterdir()))}"
        text = SHOP.format(name=plugin, contract=contract) if source is None else dedent(source)
        (self.folder / f"{module}.py").write_text(text.replace("THIS_MODULE", module))
        info = self.folder / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[crossdock.plugins]\n{plugin} = {module}:plugin\n")
