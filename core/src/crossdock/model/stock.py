"""Stock: how much of one thing may be sold, at one place."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from crossdock.model.noun import Noun


class StockLevel(Noun):
    """An absolute level, never a movement."""

    sku: str
    available: Decimal = Field(ge=0)
    """What may be sold, in `unit`."""
    location: str = ""
    """The system's own location or warehouse; empty where it has only one."""
    unit: str = ""
    """Unit of measure; empty means the product's base unit."""
    product_id: str = ""
    variant_id: str = ""
    version: int = 0
    """Grows with every change at the source; a lower version never replaces a higher one."""
    as_of: datetime | None = None
    """When the source said so; UTC."""
