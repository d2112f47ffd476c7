"""What a config file says about Gift notes: everything under ``[extensions.NAME]``. Pure."""

from __future__ import annotations

from decimal import Decimal

from crossdock.contract import Settings
from pydantic import Field


class GiftNotesSettings(Settings):
    """What is a gift, and what becomes of it."""

    note: str = Field(default="GIFT", min_length=1)
    """Written in front of the note of an order that holds a gift."""
    gift_skus: frozenset[str] = frozenset()
    """What counts as a gift."""
    hold_from: Decimal | None = Field(default=None, gt=0)
    """Orders of this total or more wait for a person; not set lets all pass."""
    reserve: Decimal = Field(default=Decimal(0), ge=0)
    """Pieces of everything that are never shown to buyers."""
