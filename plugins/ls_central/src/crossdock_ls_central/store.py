"""What does not change from order to order: the store's currency, and VAT percentages. Read once, then remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from crossdock.clock import Clock
from crossdock.errors import Refused
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.wire.tables import Table, any_of
from crossdock_ls_central.wire.values import number

__all__ = ["StoreFacts"]

_DAY_SECONDS = 86_400.0
_BUSINESS = "VAT Bus. Posting Group"


class StoreFacts:
    """Knows currency and VAT of the connection's store.

    Args:
        client: asked once for the currency, and once a day for the VAT setup and for each item.
        clock: tells when a day is over.
    """

    def __init__(self, client: LsClient, clock: Clock) -> None:
        self._client = client
        self._settings = client.settings
        self._currency = client.settings.currency
        self._setup: Mapping[str, Decimal] | None = None
        self._vat: dict[str, Decimal] = {}
        self._absent: set[str] = set()
        self._clock = clock
        self._learned_at = clock.monotonic()
        self._lock = asyncio.Lock()

    async def currency(self) -> str:
        """Currency of the store's amounts.

        Raises:
            Refused: the store does not exist, or names no currency.
        """
        async with self._lock:
            if not self._currency:
                self._currency = await self._read_currency()
        return self._currency

    async def vat(self, items: Iterable[Sequence[str]]) -> Mapping[str, Decimal] | Decimal:
        """VAT percentage by item number, or the fixed one; an item that LS Central does not know is left out.

        Args:
            items: for each thing that is sold, the item numbers that it may have.
        """
        if self._settings.vat_percent is not None:
            return Decimal(self._settings.vat_percent)
        wanted = tuple(items)
        if self._clock.monotonic() - self._learned_at > _DAY_SECONDS:
            self._forget()
        if self._unknown(wanted):
            async with self._lock:
                missing = self._unknown(wanted)  # another task may have been first
                await self._learn(sorted(missing))
                self._absent |= missing - self._vat.keys()
        return self._vat

    def _unknown(self, wanted: Iterable[Sequence[str]]) -> set[str]:
        """Numbers to ask for. That a number is no item counts only as long as another of the same thing is one."""
        vat, absent = self._vat, self._absent
        return {
            number_
            for numbers in wanted
            for number_ in numbers
            if number_ not in vat and (number_ not in absent or not any(other in vat for other in numbers))
        }

    def _forget(self) -> None:
        self._setup, self._vat, self._absent = None, {}, set()
        self._learned_at = self._clock.monotonic()

    async def store(self) -> Mapping[str, str]:
        """The row of our store; empty when there is none."""
        rows = await self._client.replicate("GetStoreBuffer", verb="store", store=False)
        return next((row for row in rows if row.get("No.", "").upper() == self._settings.store), {})

    async def _read_currency(self) -> str:
        row = await self.store()
        found = (row.get("Currency Code") or row.get("LCY Code") or "").strip()
        if not found:
            what = f"Store {self._settings.store} names no currency" if row else f"No store {self._settings.store}"
            raise Refused(
                f"{what} in company {self._settings.company}.",
                code="store",
                hint="correct `store`, or set `currency` of the connection",
            )
        return found

    async def _learn(self, items: list[str]) -> None:
        """Ask for the VAT groups of these items, and remember their percentages."""
        if self._setup is None:
            self._setup = await self._read_setup()
        size = self._settings.ids_per_filter
        for at in range(0, len(items), size):
            rows = await self._client.table(
                Table("Item", ("No.", "VAT Prod. Posting Group"), {"No.": any_of(items[at : at + size])}), verb="vat"
            )
            for row in rows:
                percent = self._setup.get(row.get("VAT Prod. Posting Group", ""))
                if percent is not None:
                    self._vat[row["No."]] = percent

    async def _read_setup(self) -> Mapping[str, Decimal]:
        """VAT product group to percentage, for the business group of the store."""
        rows = await self._client.replicate("GetVATPostingSetup", verb="vat", store=False)
        groups = {row.get(_BUSINESS, "") for row in rows}
        wanted = self._settings.vat_business_group or _vat_group(await self.store())
        if wanted not in groups and len(groups) == 1:
            wanted = groups.pop()
        if groups and wanted not in groups:
            raise Refused(
                f"The VAT business group of store {self._settings.store} is not known; the setup has"
                f" {', '.join(sorted(groups))}.",
                code="setting",
                hint="set vat_business_group, or vat_percent, of the connection",
            )
        return {
            row.get("VAT Prod. Posting Group", ""): number(row.get("VAT %", ""), "VAT %")
            for row in rows
            if row.get(_BUSINESS, "") == wanted
        }


def _vat_group(store: Mapping[str, str]) -> str:
    """The store's VAT business group: its field has changed its name between versions."""
    return next((value for name, value in store.items() if "VAT Bus." in name and value), "")
