"""The addresses of the API: one row each, from which routing, checks and the OpenAPI document are made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from crossdock.ledger import Role
from crossdock.runner.api import words
from crossdock.runner.api.desk import Desk

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address.

    Attributes:
        method: GET or POST.
        path: behind the prefix, with parameters in braces.
        role: that the caller needs.
        handler: does it; its first line is the summary.
        asks: parameters of path and query.
        answers: what is answered with 200.
        body: what is sent along; None for nothing.
        can_miss: whether what is named may not be there.
    """

    method: str
    path: str
    role: Role
    handler: Callable[..., Awaitable[Any]]
    asks: type[words.Word]
    answers: Any
    body: type[words.Word] | None = None
    can_miss: bool = False

    @property
    def name(self) -> str:
        """By which clients generated from the document call it."""
        return self.handler.__name__

    @property
    def summary(self) -> str:
        """One line."""
        return (self.handler.__doc__ or "").split("\n")[0]


ENDPOINTS = (
    Endpoint("GET", "/status", Role.VIEWER, Desk.status, words.Nothing, words.StatusWord),
    Endpoint("GET", "/lanes", Role.VIEWER, Desk.lanes, words.Nothing, list[words.LaneWord]),
    Endpoint(
        "POST", "/lanes/{route}/{flow}/pull", Role.OPERATOR, Desk.pull, words.OfLane, words.WokenWord, words.Maybe, True
    ),
    Endpoint("GET", "/orders", Role.VIEWER, Desk.orders, words.OfOrders, list[words.OrderWord]),
    Endpoint("GET", "/orders/{number}", Role.VIEWER, Desk.order, words.OfOrder, list[words.StoryWord], can_miss=True),
    Endpoint("GET", "/parked", Role.VIEWER, Desk.parked, words.OfParked, list[words.ItemWord]),
    Endpoint("GET", "/parked/{item}", Role.VIEWER, Desk.parked_item, words.OfItem, words.FactsWord, can_miss=True),
    Endpoint(
        "POST", "/parked/{item}/retry", Role.OPERATOR, Desk.retry, words.OfItem, words.DoneWord, words.Maybe, True
    ),
    Endpoint(
        "POST", "/parked/{item}/drop", Role.OPERATOR, Desk.drop, words.OfItem, words.DoneWord, words.Because, True
    ),
    Endpoint("GET", "/audit", Role.ADMIN, Desk.audit, words.OfActs, list[words.ActWord]),
)
