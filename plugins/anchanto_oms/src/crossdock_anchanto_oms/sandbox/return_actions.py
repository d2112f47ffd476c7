"""Operator actions on returns."""

from __future__ import annotations

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_anchanto_oms.sandbox import render, returns
from crossdock_anchanto_oms.sandbox.desk import Desk, Json
from crossdock_anchanto_oms.sandbox.order_actions import PutAway
from crossdock_anchanto_oms.sandbox.records import Return


class ReturnDesk:
    """What a person can do with a return, and what not."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def actions(self) -> list[OperatorAction]:
        """The actions as routes below ``/_sandbox``."""
        act, one = self._desk.action, "/returns/{return_id}"
        return [
            act("GET", one, "The return as the wire shows it.", self.show),
            act("POST", one + "/put-away", "The goods came back and go on the shelf.", self.put_away, PutAway),
            act("POST", one + "/decide", "Approve or reject: not possible for Shopee.", self.decide),
        ]

    def show(self, _body: None, path: dict[str, str]) -> Json:
        """A return, without sign-in."""
        return render.returned(self._desk.seller, self._return(path))

    def put_away(self, asked: PutAway, path: dict[str, str]) -> Json:
        """Sellable and damaged pieces."""
        known = self._return(path)
        returns.put_away(self._desk.seller, known, asked.damaged)
        return render.returned(self._desk.seller, known)

    def decide(self, _body: None, path: dict[str, str]) -> Json:
        """Refused always: the marketplace decides, the OMS only shows."""
        known = self._return(path)
        raise OperatorError(f"the OMS cannot approve or reject {known.return_id}; decide it on the marketplace")

    def _return(self, path: dict[str, str]) -> Return:
        for shop in self._desk.seller.shops.values():
            known = shop.returns.get(path["return_id"])
            if known is not None:
                return known
        raise OperatorError(f"there is no return {path['return_id']!r}", missing=True)
