"""JSON bodies of requests."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from crossdock_ls_central.sandbox.refusal import HttpRefusal


async def json_object(request: web.Request, *, may_be_empty: bool = False) -> dict[str, Any]:
    """The JSON object in the body.

    Raises:
        HttpRefusal: the body is no JSON object, or an empty one where something must be in it.
    """
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise HttpRefusal(400, "BadRequest", "Invalid Request Body") from error
    if not isinstance(body, dict) or not (body or may_be_empty):
        raise HttpRefusal(400, "BadRequest", "Invalid Request Body")
    return body
