"""An endpoint: its path, who may call it, what it asks for, and the function that answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from crossdock_shopee.sandbox.accounts import Owner
from crossdock_shopee.sandbox.gateway import Level
from crossdock_shopee.sandbox.replies import File, Reply
from crossdock_shopee.sandbox.requests import Request
from crossdock_shopee.sandbox.state import Merchant, Shop, State

SHOP: frozenset[Level] = frozenset({"shop"})
MERCHANT: frozenset[Level] = frozenset({"merchant"})
PUBLIC: frozenset[Level] = frozenset({"public"})

Answer = Reply | File


@dataclass(frozen=True)
class Call:
    """One admitted request.

    Attributes:
        state: the whole sandbox.
        owner: on whose behalf; None for a public one.
        base_url: how the client reaches this server, for addresses in answers.
        files: what was uploaded: field and content.
    """

    state: State
    owner: Owner | None
    base_url: str = ""
    files: Sequence[tuple[str, bytes]] = ()

    @property
    def shop(self) -> Shop:
        """The shop that is called for."""
        return self.state.shops[self._owner_id]

    @property
    def merchant(self) -> Merchant:
        """The merchant that is called for."""
        return self.state.merchants[self._owner_id]

    @property
    def now(self) -> int:
        """The virtual time, UTC seconds."""
        return self.state.world.clock.timestamp()

    @property
    def _owner_id(self) -> int:
        if self.owner is None:
            raise LookupError("a public endpoint acts for nobody")
        return self.owner.id


@dataclass(frozen=True)
class Endpoint:
    """One path below ``/api/v2/``.

    Attributes:
        method: GET takes its parameters from the query, POST from a JSON body.
        name: module and function, such as ``order/get_order_list``.
        ask: what it asks for.
        run: answers.
        levels: how the request may be signed.
        form: the body is multipart/form-data instead of JSON.
    """

    method: Literal["GET", "POST"]
    name: str
    ask: type[Request]
    run: Callable[[Call, Any], Answer | Awaitable[Answer]]
    levels: frozenset[Level] = SHOP
    form: bool = False

    @property
    def path(self) -> str:
        """The path that is called and signed."""
        return f"/api/v2/{self.name}"
