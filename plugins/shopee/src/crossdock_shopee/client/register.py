"""What a shop lists, kept beyond the process: a start need not read a variation of every listing again."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode

import msgspec

from crossdock.contract import Vault
from crossdock_shopee.client.index import Index, Kept

__all__ = ["Register"]

_FORM = "1"
"""Of what is kept; what was kept in another form is read from the shop again."""
_A_MONTH = 30 * 86_400
"""For so long at most what was kept is trusted: deleted listings are told of for 90 days."""
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Kept).decode


class Register:
    """Keeps the index of one shelf in the vault.

    Args:
        vault: of the connection.
        name: under which it is kept.
    """

    def __init__(self, vault: Vault, name: str) -> None:
        self._vault = vault
        self._name = name

    async def load(self, index: Index, now: int) -> int | None:
        """Fill `index`; answer up to when it is complete (Unix seconds), None where nothing useful is kept."""
        form, _, rest = (await self._vault.read(self._name) or "").partition(" ")
        since, _, packed = rest.partition(" ")
        try:
            if form != _FORM or now - int(since) > _A_MONTH:
                return None
            for line in zlib.decompress(b64decode(packed)).splitlines():
                index.put(_decode(line))
            return int(since)
        except (ValueError, zlib.error):  # of no use: the shop is read again
            return None

    async def keep(self, index: Index, since: int) -> None:
        """Keep `index`, which is complete up to `since` (Unix seconds)."""
        packing = zlib.compressobj(1)
        parts = [packing.compress(_encode(one) + b"\n") for one in index]
        packed = b64encode(b"".join([*parts, packing.flush()])).decode()
        await self._vault.write(self._name, f"{_FORM} {since} {packed}")
