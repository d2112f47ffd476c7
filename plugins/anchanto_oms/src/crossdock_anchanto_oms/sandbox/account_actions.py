"""Operator actions on the account: stores, carriers, tokens, oddities, and the request log."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_anchanto_oms.sandbox import invariants, problems, render
from crossdock_anchanto_oms.sandbox.desk import Desk, Json
from crossdock_anchanto_oms.sandbox.records import Carrier, Store
from crossdock_anchanto_oms.sandbox.seller import Oddities

Text = Annotated[str, Field(min_length=1, max_length=64)]


class ConnectStore(BaseModel):
    """The set-up screen of a store; `warehouse_codes` only with several warehouses."""

    model_config = ConfigDict(extra="forbid")
    store_code: Text
    name: Text
    channel_shop_id: Text
    country: str = Field(pattern=r"^[A-Z]{2}$")
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    warehouse_codes: list[str] | None = None
    default_carrier: str | None = None
    default_integrated_carrier: str | None = None
    authorized_brands: list[str] | None = None


class SetUpCarrier(BaseModel):
    """A carrier."""

    model_config = ConfigDict(extra="forbid")
    carrier_code: Text
    name: Text
    kind: Literal["integrated", "marketplace"]


class OdditiesBody(BaseModel):
    """How this deployment misbehaves."""

    model_config = ConfigDict(extra="forbid")
    refusals_as_200: bool = False
    failing_writes: int = Field(default=0, ge=0)
    label_link_seconds: int = Field(default=0, ge=0)
    lists_end_in_404: bool = False


class AccountDesk:
    """What a person sets up, and what a tester wants to see."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def actions(self) -> list[OperatorAction]:
        """The actions as routes below ``/_sandbox``."""
        act = self._desk.action
        return [
            act("POST", "/stores", "Connect a store.", self.connect, ConnectStore),
            act("POST", "/carriers", "Set a carrier up.", self.set_up_carrier, SetUpCarrier),
            act("POST", "/tokens/revoke", "Make all access tokens invalid.", self.revoke_tokens),
            act("PUT", "/oddities", "Misbehave as some deployments do.", self.set_oddities, OdditiesBody),
            act("GET", "/requests", "Every request that came, and its status.", self.requests),
            act("GET", "/invariants", "What does not hold of the account; it must be nothing.", self.invariants),
        ]

    def connect(self, asked: ConnectStore, _path: dict[str, str]) -> Json:
        """Refuses what the set-up screen refuses: a name, shop or warehouse that cannot be."""
        seller = self._desk.seller
        for shop in seller.shops.values():
            for name in ("store_code", "name", "channel_shop_id"):
                if getattr(shop.store, name) == getattr(asked, name):
                    raise OperatorError(f"{name} {getattr(asked, name)!r} is connected already")
        codes = asked.warehouse_codes
        if seller.settings.multi_warehouse and not codes:
            raise OperatorError(f"choose warehouses for the store: {sorted(seller.warehouses)}")
        chosen = codes or list(seller.warehouses)
        unknown = [code for code in chosen if code not in seller.warehouses]
        if unknown:
            raise OperatorError(f"there are no warehouses {unknown}; there are {sorted(seller.warehouses)}")
        store = Store(**asked.model_dump() | {"warehouse_codes": chosen})
        seller.add_store(store)
        return render.store(store)

    def set_up_carrier(self, asked: SetUpCarrier, _path: dict[str, str]) -> Json:
        """Orders that waited for this carrier go on."""
        seller = self._desk.seller
        seller.carriers[asked.carrier_code] = Carrier(asked.carrier_code, asked.name, asked.kind)
        problems.review_waiting(seller)
        return asked.model_dump()

    def revoke_tokens(self, _body: None, _path: dict[str, str]) -> Json:
        """As if someone had changed the secret and changed it back."""
        return {"revoked": self._desk.tokens.revoke_all()}

    def set_oddities(self, asked: OdditiesBody, _path: dict[str, str]) -> Json:
        """From the next request on."""
        self._desk.seller.oddities = Oddities(**asked.model_dump())
        return asked.model_dump()

    def requests(self, _body: None, _path: dict[str, str]) -> Json:
        """Refused writes are only here; accepted ones are in ``/_sandbox/writes``, too."""
        return {"requests": self._desk.gate.requests}

    def invariants(self, _body: None, _path: dict[str, str]) -> Json:
        """Looked at now, over everything."""
        return {"broken": invariants.broken(self._desk.seller)}
