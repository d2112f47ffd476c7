"""Labels by a link that ends: whoever has it may fetch the bytes without a token, as from a file store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from crossdock_anchanto_oms.sandbox.gate import Call
from crossdock_anchanto_oms.sandbox.refusal import Refusal, unknown
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.values import time_text

PATH = "/label-links/{link}"


def link_to(call: Call, label: bytes) -> web.Response:
    """A new link to these bytes."""
    seller = call.seller
    ends_at = seller.now() + seller.oddities.label_link_seconds
    name = f"{seller.world.random.getrandbits(128):032x}"
    seller.label_links[name] = (label, ends_at)
    return web.json_response({"label_url": f"{call.origin}/label-links/{name}", "expires_at": time_text(ends_at)})


def opens(seller: Seller) -> Callable[[web.Request], Awaitable[web.Response]]:
    """What answers a link."""

    async def open_link(request: web.Request) -> web.Response:
        label, ends_at = seller.label_links.get(request.match_info["link"], (b"", 0))
        if not label:
            raise unknown("link", request.match_info["link"])
        if seller.now() >= ends_at:
            raise Refusal(410, "link_expired", f"the link ended at {time_text(ends_at)}; ask for the label again")
        return web.Response(body=label, content_type="application/pdf")

    return open_link
