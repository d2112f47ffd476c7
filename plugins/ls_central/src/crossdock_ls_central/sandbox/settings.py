"""What a tester may choose about the simulated LS Central, and the sign-in that never changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

TENANT = "5f3b1c9a-1f0e-4c55-9a5b-2d7c8e6f0a11"
ENVIRONMENT = "Sandbox"
INSTANCE = "BC"
COMPANY = "CRONUS - LS Central"
COMPANY_ID = "b1a7c3de-0f4e-4d1b-8c52-7e9f3a6d5c20"
CLIENT_ID = "0c9d8e7f-6a5b-4c3d-2e1f-0a9b8c7d6e5f"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105 - fixed and documented, opens nothing but this simulation
USERNAME = "CROSSDOCK"
PASSWORD = "sandbox-web-service-key"  # noqa: S105 - fixed and documented, opens nothing but this simulation
SCOPE = "https://api.businesscentral.dynamics.com/.default"
WEB_STORE = "S0013"


class Switches(BaseModel):
    """Behaviour that differs between installations, or that no document settles.

    Attributes:
        duplicate_code: what a second create with the same External ID answers.
        offers_v6: False makes it an LS Central before 26, with CustomerOrderCreateV5 only.
        amount_tolerance: how far line and payment sums may be off before a create is refused; None never looks.
        external_id_unique_over_posted: whether a posted order still occupies its External ID.
        source_type: whether CustomerOrderCancel insists on the schema's integer in sourceType.
        sign_in: which kinds of Authorization the on-premises paths take; the online paths take bearer only.
        token_seconds: how long an access token lives.
        text_lengths: refuse texts longer than Business Central's fields.
        get_finds_posted: whether CustomerOrderGetV3 and CustomerOrderStatusV2 find posted orders.
        status_log: whether CustomerOrderStatusV2 lists each line's current status or all that it ever had.
        shipment_update_key: what LSCSalesShipmentUpdate's documentId means.
        shipment_get_key: what LSCSalesShipmentGet's documentID is compared with.
        reservations: whether what open orders hold is taken off the net inventory.
        zero_totals: whether CustomerOrderGetV3 leaves the totals of the header at 0.
        omit_empty_fields: whether replicated rows leave out fields that have no value.
        booleans: how a boolean is spelt in table rows and data sets.
        requests_per_five_minutes: the rate limit of one user.
        item_count: how many further items, named BULK00001 and so on, the company is seeded with.
        posting_action: name of the OData action of a customer's own extension that posts a document; none without.
        company: name of the company.
        currency: local currency of the company.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    duplicate_code: Literal["2201", "1000"] = "2201"
    offers_v6: bool = True
    amount_tolerance: Decimal | None = None
    external_id_unique_over_posted: bool = True
    source_type: Literal["strict", "loose"] = "strict"
    sign_in: Literal["both", "basic", "bearer"] = "both"
    token_seconds: int = Field(default=3599, gt=0)
    text_lengths: bool = True
    get_finds_posted: bool = False
    status_log: Literal["current", "history"] = "current"
    shipment_update_key: Literal["shipment", "sales_order", "customer_order"] = "shipment"
    shipment_get_key: Literal["any", "shipment", "sales_order", "customer_order"] = "any"
    reservations: bool = True
    zero_totals: bool = False
    omit_empty_fields: bool = False
    booleans: Literal["true/false", "1/0", "Yes/No"] = "true/false"
    requests_per_five_minutes: int | None = Field(default=None, gt=0)
    item_count: int = Field(default=0, ge=0, le=99_999)
    posting_action: str = ""
    company: str = COMPANY
    currency: str = "SGD"
