"""The push module: configuration, and messages that did not arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import PUBLIC, Call, Endpoint
from crossdock_shopee.sandbox.pushes.outbox import CODES, Message
from crossdock_shopee.sandbox.pushes.sender import Sender
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Nothing, Request

MAX_BLOCKED_SHOPS = 500


class PushConfigRequest(Request):
    """Parameters of push.set_app_push_config; what is left out stays as it is."""

    callback_url: str = ""
    set_push_config_on: list[int] = Field(default_factory=list)
    set_push_config_off: list[int] = Field(default_factory=list)
    blocked_shop_id_list: list[int] | None = Field(default=None, max_length=MAX_BLOCKED_SHOPS)


class ConfirmRequest(Request):
    """Parameters of push.confirm_consumed_lost_push_message."""

    last_message_id: int


async def set_app_push_config(call: Call, ask: PushConfigRequest) -> Reply:
    """Say where messages go and which; a new address must answer a test message first."""
    outbox = call.state.outbox
    url = ask.callback_url or outbox.settings.url
    if not url:
        message = "Your app's callback_url is empty, please input a callback_url before you turn on push config."
        raise ApiError("error_param", message)
    if not url.startswith(("http://", "https://")):
        raise ApiError("error_param", "this callback_url is invalid, please check your callback_url.")
    if ask.callback_url and not await Sender(call.state).answers(ask.callback_url):
        message = (
            "Shopee have sent a test push to this call back url, but we didn't get any response in 3 seconds "
            "with 2xx code, please check your service."
        )
        raise ApiError("error_param", message)
    codes = (outbox.settings.codes | set(ask.set_push_config_on)) - set(ask.set_push_config_off)
    blocked = outbox.settings.blocked_shop_ids
    if ask.blocked_shop_id_list is not None:
        blocked = frozenset(ask.blocked_shop_id_list)
    outbox.settings = replace(outbox.settings, url=url, codes=codes, blocked_shop_ids=blocked)
    return wrapped({"result": "success"})


def get_app_push_config(call: Call, _ask: Nothing) -> Reply:
    """Where messages go and which."""
    settings = call.state.outbox.settings
    return wrapped(
        {
            "callback_url": settings.url,
            "live_push_status": "Normal",
            "suspended_time": 0,
            "blocked_shop_id": sorted(settings.blocked_shop_ids),
            "push_config_on_list": sorted(settings.codes),
            "push_config_off_list": sorted(set(CODES) - settings.codes),
        }
    )


def get_lost_push_message(call: Call, _ask: Nothing) -> Reply:
    """The earliest hundred messages of three days that did not arrive; `data` is the whole message as text."""
    messages, more = call.state.outbox.lost()
    last = messages[-1].number if messages else 0
    rows = [_lost_row(message) for message in messages]
    return wrapped({"push_message_list": rows, "has_next_page": more, "last_message_id": last})


def confirm_consumed_lost_push_message(call: Call, ask: ConfirmRequest) -> Reply:
    """Forget the lost messages up to this one."""
    call.state.outbox.confirm(ask.last_message_id)
    return {}


def _lost_row(message: Message) -> dict[str, Any]:
    shop = {} if message.shop_id is None else {"shop_id": message.shop_id}
    return {**shop, "code": message.code, "timestamp": message.timestamp, "data": message.body.decode()}


ENDPOINTS = (
    Endpoint("POST", "push/set_app_push_config", PushConfigRequest, set_app_push_config, PUBLIC),
    Endpoint("GET", "push/get_app_push_config", Nothing, get_app_push_config, PUBLIC),
    Endpoint("GET", "push/get_lost_push_message", Nothing, get_lost_push_message, PUBLIC),
    Endpoint(
        "POST",
        "push/confirm_consumed_lost_push_message",
        ConfirmRequest,
        confirm_consumed_lost_push_message,
        PUBLIC,
    ),
)
