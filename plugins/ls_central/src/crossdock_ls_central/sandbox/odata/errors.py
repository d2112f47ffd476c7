"""Error bodies of OData and of the API."""

from __future__ import annotations

import uuid

from aiohttp import web

from crossdock.sandbox import World
from crossdock_ls_central.sandbox.refusal import HttpRefusal


def error_response(world: World, error: HttpRefusal) -> web.Response:
    """The body that Business Central sends with an error status, with a correlation id."""
    correlation = str(uuid.UUID(int=world.random.getrandbits(128), version=4))
    message = f"{error.message}  CorrelationId:  {correlation}."
    headers = {"x-ms-correlation-request-id": correlation}
    return web.json_response({"error": {"code": error.code, "message": message}}, status=error.status, headers=headers)
