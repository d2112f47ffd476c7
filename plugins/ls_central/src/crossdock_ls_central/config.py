"""What a connection to LS Central is configured with, and what a route may say about it. Pure.

Nearly everything that differs between installations, or that LS does not document, is a setting here; the defaults
are what the vendor's own clients do, or the choice that does least harm.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self
from urllib.parse import quote

from pydantic import Field, SecretStr, StringConstraints, model_validator

from crossdock.contract import Settings
from crossdock_ls_central.options import LsRouteOptions

__all__ = ["Auth", "Changes", "CreateVersion", "LsRouteOptions", "LsSettings", "ShipmentsFrom", "TrackingKey"]

SAAS = "https://api.businesscentral.dynamics.com/v2.0/{tenant}/{environment}"
LOGIN = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"

Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s?#]+$")]
Text = Annotated[str, StringConstraints(min_length=1)]


class Auth(StrEnum):
    """How to sign in."""

    OAUTH = "oauth"
    BASIC = "basic"


class CreateVersion(StrEnum):
    """Which operation creates customer orders."""

    AUTO = "auto"
    V6 = "V6"
    V5 = "V5"


class Changes(StrEnum):
    """How changed documents are found."""

    MODIFIED_AT = "modified_at"
    LIST = "list"


class ShipmentsFrom(StrEnum):
    """Where posted shipments are read."""

    TABLES = "tables"
    DOCUMENTS = "documents"


class TrackingKey(StrEnum):
    """What `documentId` of LSCSalesShipmentUpdate means; LS does not document it."""

    SHIPMENT = "shipment"
    ORDER = "order"


class LsSettings(Settings):
    """A connection to one company of LS Central."""

    base_url: Url = SAAS
    """Where the OData and API routes are, without a slash at the end: the online address, in which `{tenant}` and
    `{environment}` are filled in, or `https://SERVER:7048/INSTANCE` on premises."""
    soap_url: Url | None = None
    """Where the SOAP routes are, if not at `base_url`: on premises that is usually port 7047."""
    tenant: str = ""
    """Microsoft Entra tenant, id or domain."""
    environment: str = "Production"
    """Environment of the tenant; not used on premises."""
    company: Text
    """Name of the company, as LS Central shows it."""
    store: Annotated[str, StringConstraints(min_length=1, max_length=20, to_upper=True)]
    """Store that web orders belong to, such as `S0013`."""
    currency: str = Field(default="", pattern="^([A-Z]{3})?$")
    """Currency of the store's amounts, such as `SGD`; left out, it is read from the store."""

    auth: Auth = Auth.OAUTH
    """`oauth` (client credentials), or `basic` with a web service access key, on premises only."""
    client_id: str = ""
    """Application id of the app registration."""
    client_secret: SecretStr = SecretStr("")
    """Its secret."""
    token_url: Url = LOGIN
    """Where tokens are fetched; `{tenant}` is filled in."""
    scope: str = "https://api.businesscentral.dynamics.com/.default"
    """Scope of the token."""
    username: str = ""
    """User for `basic`."""
    key: SecretStr = SecretStr("")
    """Web service access key (or password) of that user."""

    timeout_seconds: float = Field(default=30.0, gt=0, le=600)
    """The longest wait for one answer to a create, cancel or update."""
    read_timeout_seconds: float = Field(default=60.0, gt=0, le=600)
    """The longest wait for one answer to a read."""

    create_version: CreateVersion = CreateVersion.AUTO
    """`auto` looks once into the service's own description, and takes V6 where it is offered."""
    vat_percent: str | None = Field(default=None, pattern=r"^\d{1,2}(\.\d+)?$")
    """One VAT percentage for everything, as text (`"7"`); left out, it is read from the VAT posting setup."""
    vat_business_group: str = ""
    """VAT business posting group of the store, used to read the VAT posting setup."""

    changes: Changes = Changes.MODIFIED_AT
    """`modified_at` asks the tables for rows changed since the cursor; `list` reads all open documents and the posted
    ones of the last `list_days`, for installations whose tables cannot be filtered by SystemModifiedAt."""
    overlap_seconds: int = Field(default=300, ge=0, le=86_400)
    """How far each look goes back behind the last one."""
    slice_days: int = Field(default=7, ge=1, le=365)
    """How many days of changes one question may be about; a longer time is read in several."""
    list_days: int = Field(default=14, ge=1, le=365)
    """How old the posted documents are that `changes = "list"` reads."""
    shipments_from: ShipmentsFrom = ShipmentsFrom.TABLES
    """`tables` reads posted shipments of many documents at once, `documents` asks GetSalesInfoByOrderId for each, for
    installations that do not give out Business Central's tables."""
    ids_per_filter: int = Field(default=20, ge=1, le=200)
    """How many numbers one table filter may hold; more are asked in several calls."""
    page_size: int = Field(default=100, ge=1, le=1000)
    """Documents or products in a page, and items in one question for their stock."""
    batch_size: int = Field(default=500, ge=1, le=10_000)
    """Rows in one answer of a replication."""
    cancelled_line_status: str = "CANCELED"
    """Status code of a line that was cancelled while its document stays open."""
    short_line_status: str = "SHORTAGE"
    """Status code of a line of which nothing was found in the store: it counts as cancelled."""
    cancel_source_type: int = 0
    """`sourceType` of CustomerOrderCancel."""
    user_id: str = "CROSSDOCK"
    """Who cancelled, as LS Central's status log shows it."""
    tracking_key: TrackingKey = TrackingKey.SHIPMENT
    """Whether LSCSalesShipmentUpdate is told the posted shipment's number, or the customer order's."""
    custom_posting: str = ""
    """OData action that posts a document, for `posting = "custom"`: `Service_Procedure`, called with the document's
    number as `customerOrderId`."""
    webhook_secret: SecretStr = SecretStr("")
    """What push messages must carry: `clientState` of Business Central's, or header `x-crossdock-secret`."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = {
            Auth.OAUTH: {"client_id": self.client_id, "client_secret": self.client_secret.get_secret_value()},
            Auth.BASIC: {"username": self.username, "key": self.key.get_secret_value()},
        }[self.auth]
        if "{tenant}" in self.base_url + (self.token_url if self.auth is Auth.OAUTH else ""):
            needed["tenant"] = self.tenant
        missing = [name for name, value in needed.items() if not value]
        if missing:
            raise ValueError(f'auth = "{self.auth}" needs {" and ".join(missing)}')
        return self

    @property
    def odata_root(self) -> str:
        """Address in front of `/ODataV4` and `/api`."""
        return self._filled(self.base_url)

    @property
    def soap_root(self) -> str:
        """Address in front of the codeunits' names."""
        return f"{self._filled(self.soap_url or self.base_url)}/WS/{quote(self.company, safe='')}/Codeunit"

    @property
    def token_address(self) -> str:
        """Where tokens are fetched."""
        return self._filled(self.token_url)

    def _filled(self, template: str) -> str:
        names = {"{tenant}": self.tenant, "{environment}": self.environment}
        for name, value in names.items():
            template = template.replace(name, quote(value, safe=""))
        return template.rstrip("/")
