"""What an order does not say itself: tracking numbers of its packages, and how its total is made up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from crossdock.errors import CannotTranslate
from crossdock_shopee.client.batches import chunks, read_known
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.memory import Memory
from crossdock_shopee.config import EscrowReading
from crossdock_shopee.translate.parcels import may_be_arranged, wants_number
from crossdock_shopee.translate.totals import is_explained
from crossdock_shopee.wire.envelope import BROKEN, cannot_read
from crossdock_shopee.wire.escrow import BatchEntry, Escrow
from crossdock_shopee.wire.orders import Order, Package
from crossdock_shopee.wire.parcels import PackageDetail, PackageDetails

__all__ = ["Escrows", "Extras", "Packages"]

_PACKAGES_A_CALL = 50
_ESCROWS_A_CALL = 20  # allowed are 50, recommended are 20
_ASK_AGAIN_SECONDS = 300  # a tracking number may be asked for every five minutes
_SETTLED_SECONDS = 60  # what changed later than this after payment may have been arranged

Packages = Mapping[str, PackageDetail]
Escrows = Mapping[str, Escrow | CannotTranslate]


class _Known(NamedTuple):
    """What was learned, for which state of the order, and when (seconds, monotonic)."""

    update_time: int
    detail: PackageDetail
    asked_at: float


class Extras:
    """Asks for what orders do not say; remembers what cannot have changed since.

    Args:
        gateway: sends the calls.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._packages: Memory[_Known] = Memory(20_000)
        self._escrows: Memory[tuple[int, Escrow]] = Memory(10_000)

    async def of(self, orders: Sequence[Order], *, thorough: bool) -> tuple[Packages, Escrows]:
        """Everything that is missing about `orders`.

        Args:
            orders: as Shopee shows them.
            thorough: ask again about packages, also those asked about a moment ago: somebody waits for the answer.
        """
        packages, escrows = await asyncio.gather(self._all_packages(orders, thorough), self._all_escrows(orders))
        return packages, escrows

    async def _all_packages(self, orders: Sequence[Order], thorough: bool) -> Packages:
        known: dict[str, PackageDetail] = {}
        missing: dict[str, int] = {}
        for order in orders:
            for package in order.package_list or ():
                number = package.package_number
                found = self._packages.get(number)
                if found is not None:
                    known[number] = found.detail
                if self._is_missing(order, package, found, thorough):
                    missing[number] = order.update_time
        if missing:
            now = self._gateway.clock.monotonic()
            for detail in await self._read_packages(list(missing)):
                number = detail.package_number
                if number in missing:
                    known[number] = detail
                    self._packages.keep(number, _Known(missing[number], detail, now))
        return known

    def _is_missing(self, order: Order, package: Package, found: _Known | None, thorough: bool) -> bool:
        if may_be_arranged(package):
            changed = order.update_time - (order.pay_time or order.create_time) > _SETTLED_SECONDS
            return thorough or (changed and (found is None or found.update_time != order.update_time))
        if not wants_number(package):
            return False
        if found is None or (found.update_time != order.update_time and not found.detail.has_left):
            return True
        waited = self._gateway.clock.monotonic() - found.asked_at
        return not found.detail.tracking_number and (thorough or waited >= _ASK_AGAIN_SECONDS)

    async def _read_packages(self, numbers: Sequence[str]) -> list[PackageDetail]:
        parts = [read_known(part, self._ask_packages) for part in chunks(numbers, _PACKAGES_A_CALL)]
        return [detail for part in await asyncio.gather(*parts) for detail in part]

    async def _ask_packages(self, numbers: Sequence[str]) -> list[PackageDetail]:
        params = {"package_number_list": ",".join(numbers)}
        answer = await self._gateway.get("order/get_package_detail", params, PackageDetails, verb="read_packages")
        return answer.package_list

    async def _all_escrows(self, orders: Sequence[Order]) -> Escrows:
        how = self._gateway.settings.escrow
        wanted = {} if how is EscrowReading.NEVER else {one.order_sn: one for one in orders if not is_explained(one)}
        found: dict[str, Escrow | CannotTranslate] = {}
        for number, order in wanted.items():
            kept = self._escrows.get(number)
            if kept and kept[0] == order.update_time:
                found[number] = kept[1]
        missing = [number for number in wanted if number not in found]
        for number, escrow in await self._read_escrows(missing, how):
            found[number] = escrow
            if isinstance(escrow, Escrow) and number in wanted:
                self._escrows.keep(number, (wanted[number].update_time, escrow))
        return found

    async def _read_escrows(
        self, numbers: Sequence[str], how: EscrowReading
    ) -> list[tuple[str, Escrow | CannotTranslate]]:
        batch = how is EscrowReading.BATCH
        size, ask = (_ESCROWS_A_CALL, self._ask_batch) if batch else (1, self._ask_single)
        parts = [read_known(part, ask) for part in chunks(numbers, size)]
        return [pair for part in await asyncio.gather(*parts) for pair in part]

    async def _ask_batch(self, numbers: Sequence[str]) -> list[tuple[str, Escrow | CannotTranslate]]:
        """The page says GET, the gateway wants POST."""
        body = {"order_sn_list": list(numbers)}
        entries = await self._gateway.ask(
            "payment/get_escrow_detail_batch", body, list[msgspec.Raw], verb="read_escrow"
        )
        return [_entry(entry) for entry in entries]

    async def _ask_single(self, numbers: Sequence[str]) -> list[tuple[str, Escrow | CannotTranslate]]:
        number = numbers[0]
        try:
            params = {"order_sn": number}
            escrow = await self._gateway.get("payment/get_escrow_detail", params, Escrow, verb="read_escrow")
        except CannotTranslate as error:
            return [(number, error)]
        return [(number, escrow)]


class _Detail(msgspec.Struct):
    order_sn: str = ""


class _Which(msgspec.Struct):
    escrow_detail: _Detail


_ENTRY = msgspec.json.Decoder(BatchEntry)
_WHICH = msgspec.json.Decoder(_Which)


def _entry(raw: msgspec.Raw) -> tuple[str, Escrow | CannotTranslate]:
    try:
        escrow = _ENTRY.decode(raw).escrow_detail
    except BROKEN as error:
        return _number(raw), cannot_read(error)
    return escrow.order_sn, escrow


def _number(raw: msgspec.Raw) -> str:
    try:
        return _WHICH.decode(raw).escrow_detail.order_sn
    except BROKEN:
        return ""
