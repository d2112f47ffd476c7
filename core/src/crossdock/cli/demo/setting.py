"""The configuration of the demo: the example, once for a shop in Singapore and once for one in Indonesia."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import crossdock
from crossdock.cli.sandbox import default_port

EXAMPLE = Path(crossdock.__file__).parent / "examples" / "shopee-ls-central" / "crossdock.toml"


def write(folder: Path, systems: Mapping[str, tuple[str, str]]) -> None:
    """Write one file a market into `folder`.

    Args:
        folder: becomes the configuration.
        systems: market, such as ``SG``, to the addresses of its Shopee and its LS Central.
    """
    text = EXAMPLE.read_text()
    for market, (shopee, central) in systems.items():
        places = {
            f"http://127.0.0.1:{default_port('shopee')}": shopee,
            f"http://127.0.0.1:{default_port('ls_central')}": central,
            "shop-sg": f"shop-{market.lower()}",
            "central-sg": f"central-{market.lower()}",
            "routes.sg": f"routes.{market.lower()}",
            'region = "SG"': f'region = "{market}"',
        }
        changed = text
        for old, new in places.items():
            changed = changed.replace(old, new)
        (folder / f"{market.lower()}.toml").write_text(changed)
