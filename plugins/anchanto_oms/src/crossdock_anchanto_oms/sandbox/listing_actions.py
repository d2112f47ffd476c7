"""Operator actions on prices and listings."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_anchanto_oms.sandbox import listings, prices
from crossdock_anchanto_oms.sandbox.desk import Desk, Json

_STORE = "/stores/{store_code}"


class Listed(BaseModel):
    """Products to list: one by hand, or a sheet of them."""

    model_config = ConfigDict(extra="forbid")
    cskus: Annotated[list[str], Field(min_length=1)]


class PriceBody(BaseModel):
    """A price; amounts are text."""

    model_config = ConfigDict(extra="forbid")
    retail_price: str
    selling_price: str | None = None


class ListingDesk:
    """What a person does to prices and listings, and what not."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def actions(self) -> list[OperatorAction]:
        """The actions as routes below ``/_sandbox``."""
        act = self._desk.action
        one = _STORE + "/listings/{csku}"
        return [
            act("PUT", _STORE + "/prices/{sku}", "Change a price in the OMS.", self.set_price, PriceBody),
            act("POST", _STORE + "/prices/{sku}/sync", "Press Sync Price.", self.sync_price),
            act("POST", _STORE + "/listings", "List products on the channel.", self.request, Listed),
            act("DELETE", one, "Delete a listing: not possible for Shopee.", self.delete),
            act("POST", one + "/deactivate", "Deactivate a listing: not possible for Shopee.", self.deactivate),
        ]

    def set_price(self, asked: PriceBody, path: dict[str, str]) -> Json:
        """One SKU on one store."""
        shop = self._desk.seller.shop(path["store_code"])
        row = prices.PriceRow(sku=path["sku"], **asked.model_dump())
        refused = prices.set_price(self._desk.seller, shop.store, row)
        if refused is not None:
            raise OperatorError(refused[1], missing=refused[0] == "unknown_sku")
        price = shop.prices.get(path["sku"])
        return {} if price is None else prices.shown(shop, price)

    def sync_price(self, _body: None, path: dict[str, str]) -> Json:
        """Prices go to the channel one by one."""
        shop = self._desk.seller.shop(path["store_code"])
        if path["sku"] not in shop.prices:
            raise OperatorError(f"SKU {path['sku']!r} has no price in this store", missing=True)
        self._desk.seller.outbox.emit("price_change", path["store_code"], {"skus": [path["sku"]]})
        return {"requested": path["sku"]}

    def request(self, asked: Listed, path: dict[str, str]) -> Json:
        """The connector is told and fetches the requests."""
        seller = self._desk.seller
        shop = seller.shop(path["store_code"])
        made = listings.request(seller, shop, asked.cskus)
        return {"listings": [listings.shown(seller, shop, listing) for listing in made]}

    def delete(self, _body: None, path: dict[str, str]) -> Json:
        """Refused always."""
        raise OperatorError(f"the OMS cannot delete {path['csku']!r} on Shopee")

    def deactivate(self, _body: None, path: dict[str, str]) -> Json:
        """Refused always."""
        raise OperatorError(f"the OMS cannot activate or deactivate {path['csku']!r} on Shopee")
