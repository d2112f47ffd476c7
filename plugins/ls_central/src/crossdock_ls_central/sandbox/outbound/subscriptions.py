"""Webhook subscriptions: the handshake, the notifications, the renewal."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from yarl import URL

from crossdock_ls_central.sandbox.api.entities import Json, json_value
from crossdock_ls_central.sandbox.bodies import json_object
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.outbound.outbox import Outbox, post_json
from crossdock_ls_central.sandbox.refusal import HttpRefusal
from crossdock_ls_central.sandbox.settings import COMPANY_ID

_SUPPORTED = {"items", "salesorders"}
_DELAY_SECONDS = 30.0
_LIFETIME = timedelta(days=3)
_MOST_SUBSCRIPTIONS = 200
_MOST_CHANGES = 1000
_LONGEST_STATE = 2048


@dataclass
class Subscription:
    """Who wants to hear of changes of which entity set, and what waits to be told."""

    id: str
    url: str
    resource: str
    entity_set: str
    client_state: str
    expires: datetime
    changed: datetime
    version: int
    pending: dict[str, str]

    @property
    def etag(self) -> str:
        """The weak entity tag of the present version."""
        return f'W/"{self.id}.{self.version}"'

    def shown(self) -> Json:
        """The subscription as the API shows it."""
        return {
            "@odata.etag": self.etag,
            "subscriptionId": self.id,
            "notificationUrl": self.url,
            "resource": self.resource,
            "clientState": self.client_state,
            "expirationDateTime": json_value(self.expires, ""),
            "lastModifiedDateTime": json_value(self.changed, ""),
        }


class Subscriptions:
    """The subscriptions of a company."""

    def __init__(self, company: Company, outbox: Outbox) -> None:
        self._company = company
        self._outbox = outbox
        self._all: dict[str, Subscription] = {}
        company.listen(self._note)

    async def answer(self, request: web.Request, key: str) -> web.Response:
        """Answer a request to ``/api/v2.0/subscriptions`` or to one of them."""
        match request.method, key:
            case "GET", "":
                return web.json_response({"value": [found.shown() for found in self._alive()]})
            case "POST", "":
                return await self._create(await json_object(request))
            case "GET", _:
                return web.json_response(self._found(key).shown())
            case "PATCH", _:
                return await self._renew(request, self._found(key))
            case "DELETE", _:
                del self._all[self._found(key).id]
                return web.Response(status=204)
            case _:
                raise HttpRefusal(405, "BadRequest_MethodNotAllowed", f"'{request.method}' requests are not allowed.")

    async def _create(self, body: Mapping[str, Any]) -> web.Response:
        url, resource = _text(body, "notificationUrl"), _text(body, "resource")
        state = str(body.get("clientState") or "")
        if len(state) > _LONGEST_STATE:
            raise HttpRefusal(400, "Application_StringExceededLength", "clientState is longer than 2048 characters.")
        if len(self._alive()) >= _MOST_SUBSCRIPTIONS:
            raise HttpRefusal(400, "Application_DialogException", "The limit of 200 subscriptions is reached.")
        entity_set = resource.rstrip("/").rpartition("/")[2].lower()
        if entity_set not in _SUPPORTED or COMPANY_ID not in resource.lower():
            raise HttpRefusal(400, "BadRequest", f"The resource '{resource}' cannot be subscribed to.")
        await self._shake_hands(url)
        now = self._company.now()
        new = Subscription(self._new_id(), url, resource, entity_set, state, now + _LIFETIME, now, 1, {})
        self._all[new.id] = new
        return web.json_response(new.shown(), status=201)

    async def _renew(self, request: web.Request, found: Subscription) -> web.Response:
        tag = request.headers.get("If-Match")
        if tag is None:
            text = "Could not validate the client concurrency token required by the service."
            raise HttpRefusal(400, "BadRequest_InvalidToken", text)
        if tag not in ("*", found.etag):
            raise HttpRefusal(409, "Request_EntityChanged", "Another user has already changed the record.")
        body = await json_object(request)
        url = str(body.get("notificationUrl") or found.url)
        await self._shake_hands(url)
        found.url, found.changed = url, self._company.now()
        found.client_state = str(body.get("clientState", found.client_state))
        found.expires, found.version = found.changed + _LIFETIME, found.version + 1
        return web.json_response(found.shown())

    async def _shake_hands(self, url: str) -> None:
        token = self._new_id()
        try:
            address = str(URL(url).update_query(validationToken=token))
        except ValueError as error:
            raise HttpRefusal(400, "BadRequest", f"The notification URL '{url}' is not valid.") from error
        status, text = await post_json(address, {})
        if status != 200 or text.strip() != token:
            raise HttpRefusal(400, "BadRequest", f"The notification URL '{url}' did not return the validation token.")

    def _note(self, entity_set: str, system_id: str, change: str) -> None:
        for found in self._alive():
            if found.entity_set != entity_set.lower():
                continue
            first = not found.pending
            created = found.pending.get(system_id) == "created" and change == "updated"
            found.pending[system_id] = "created" if created else change
            if first:
                self._outbox.put(found.url, self._composer(found), _DELAY_SECONDS, self._end(found))

    def _composer(self, found: Subscription) -> Callable[[], Json]:
        def compose() -> Json:
            pending, found.pending = found.pending, {}
            if len(pending) > _MOST_CHANGES:
                since = json_value(self._company.now() - timedelta(seconds=_DELAY_SECONDS), "")
                pending = {f"?$filter=lastModifiedDateTime gt {since}": "collection"}
            return {"value": [self._entry(found, key, change) for key, change in pending.items()]}

        return compose

    def _entry(self, found: Subscription, key: str, change: str) -> Json:
        return {
            "subscriptionId": found.id,
            "clientState": found.client_state,
            "expirationDateTime": json_value(found.expires, ""),
            "resource": found.resource + (key if change == "collection" else f"({key})"),
            "changeType": change,
            "lastModifiedDateTime": json_value(self._company.now(), ""),
        }

    def _end(self, found: Subscription) -> Callable[[int | None], None]:
        def end(status: int | None) -> None:
            if status is None or not 200 <= status < 300:
                self._all.pop(found.id, None)

        return end

    def _alive(self) -> list[Subscription]:
        now = self._company.now()
        return [found for found in self._all.values() if found.expires > now]

    def _found(self, key: str) -> Subscription:
        found = self._all.get(key)
        if found is None or found.expires <= self._company.now():
            raise HttpRefusal(404, "Internal_RecordNotFound", f"The subscription '{key}' does not exist.")
        return found

    def _new_id(self) -> str:
        return uuid.UUID(int=self._company.world.random.getrandbits(128), version=4).hex


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise HttpRefusal(400, "BadRequest_RequiredParamNotProvided", f"{name} must have a value.")
    return value
