"""What an administrator sets up in the simulated LS Central."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction
from crossdock_ls_central.sandbox.catalog import StatusCode
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.people.views import store_view
from crossdock_ls_central.sandbox.replicated.changing import changing, note_setup

View = dict[str, Any]
Path = dict[str, str]


class Status(BaseModel):
    """What a status code means and allows."""

    model_config = ConfigDict(extra="forbid")
    description: str = ""
    ext_code: str = ""
    cancel_allowed: bool = False
    modify_allowed: bool = False


class VatPercent(BaseModel):
    """A row of the VAT posting setup."""

    model_config = ConfigDict(extra="forbid")
    bus_group: str
    prod_group: str
    percent: Decimal = Field(ge=0)


class SetupDesk:
    """The person at the set-up pages."""

    def __init__(self, company: Company) -> None:
        self._company = company

    async def show(self, _body: None, _path: Path) -> View:
        """Stores, locations, tender types, VAT and statuses."""
        company = self._company
        return {
            "stores": [store_view(store) for store in company.stores.values()],
            "locations": list(company.locations),
            "tender_types": {code: tender.description for code, tender in company.tender_types.items()},
            "vat": [{"bus": bus, "prod": prod, "percent": str(p)} for (bus, prod), p in company.vat_percent.items()],
            "customers": list(company.customers),
            "statuses": {code: _shown(status) for code, status in company.statuses.items()},
        }

    async def status(self, body: Status, path: Path) -> View:
        """Set up a status code."""
        code = path["code"].upper()
        new = StatusCode(code, body.description, body.ext_code or code, body.cancel_allowed, body.modify_allowed)
        self._company.statuses[code] = new
        return _shown(new)

    async def vat(self, body: VatPercent, _path: Path) -> View:
        """Set a VAT percentage; the net prices of all items of the group change with it."""
        key = (body.bus_group.upper(), body.prod_group.upper())
        affected = [item for item in self._company.items.values() if item.vat_group == key[1]]
        old = self._company.vat_percent.get(key)
        for item in affected:
            if old is not None:
                self._company.vat_percent[key] = old
            with changing(self._company, item):
                self._company.vat_percent[key] = body.percent
        self._company.vat_percent[key] = body.percent
        note_setup(self._company)
        return {"bus": key[0], "prod": key[1], "percent": str(body.percent)}


def _shown(status: StatusCode) -> View:
    return {
        "description": status.description,
        "ext_code": status.ext_code,
        "cancel_allowed": status.cancel_allowed,
        "modify_allowed": status.modify_allowed,
    }


def setup_actions(company: Company) -> Sequence[OperatorAction]:
    """The actions on set-up."""
    desk = SetupDesk(company)
    return [
        OperatorAction("GET", "/setup", "Stores, tender types, VAT, customers, statuses.", desk.show),
        OperatorAction("PUT", "/setup/statuses/{code}", "Set up a status code.", desk.status, Status),
        OperatorAction("PUT", "/setup/vat", "Set a VAT percentage.", desk.vat, VatPercent),
    ]
