"""Plugins with one defect each: every class differs from the good one by one method, and breaks one rule."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import structlog

from crossdock.contract import (
    CancelOrder,
    LostPushes,
    Nudge,
    Outcome,
    Page,
    Plugin,
    Probe,
    PushAnswer,
    PushMessage,
    Receipt,
    Route,
    Toolbox,
    Window,
    hookimpl,
)
from crossdock.errors import Refused, SignInAgain, TryLater
from crossdock.http import Request, Response
from crossdock.model import Address, Order, OrderStatus, Product, StockLevel
from tests.core.testing.good import STATUSES, DepotSettings, Good, plugin_of


class SaysNothingOfItsSettings(DepotSettings):
    timeout: int = 30


class ProbesInSilence(Good):
    @hookimpl
    async def probe(self) -> Probe:
        return Probe("")


class TakesAWrongKeyForTheSystemsFault(Good):
    async def log_in(self) -> None:
        try:
            await super().log_in()
        except SignInAgain:
            raise TryLater("They do not like us today.") from None


class ForgetsItsCursor(Good):
    @hookimpl
    async def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        async for page in super().pull_orders(window, route):
            yield Page(page.items)


class OnlyPretendsToPush(Good):
    @hookimpl
    async def push_order(self, order: Order, route: Route) -> Receipt:
        return Receipt("D1")


class AnswersForNoRow(Good):
    @hookimpl
    async def push_stock(self, levels: Sequence[StockLevel], route: Route) -> Sequence[Outcome]:
        await super().push_stock(levels, route)
        return []


class LogsTheBuyer(Good):
    def address(self, row: Mapping[str, Any]) -> Address:
        structlog.get_logger().info("order.read", text=f"an order for {row['name']}")
        return super().address(row)


class MovesItsCursorByOurClock(Good):
    @hookimpl
    async def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        empty = True
        async for page in super().pull_orders(window, route):
            empty = False
            yield page
        if empty:
            yield Page((), "9999999999:")


class AsksForWhatIsLater(Good):
    @hookimpl
    async def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        async for page in super().pull_orders(window, route):
            seconds = int((page.cursor or "0:").partition(":")[0])
            yield Page(page.items, f"{seconds + 1}:")


class RefusesLongWindows(Good):
    @hookimpl
    async def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        if not window.cursor and int(window.start.timestamp()) < 1_795_000_000:
            raise Refused("at most fifteen days")
        async for page in super().pull_orders(window, route):
            yield page


class ReadsAllOrNothing(Good):
    def items(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        return [self.order(row) for row in rows]


class ParksWhoeverIsThrottled(Good):
    def judge(self, request: Request, response: Response) -> Exception | None:
        return Refused("not now") if response.status == 429 else super().judge(request, response)


class WaitsAsItLikes(Good):
    def judge(self, request: Request, response: Response) -> Exception | None:
        throttled = response.status == 429
        return TryLater("not now", throttled=True) if throttled else super().judge(request, response)


class ParksWhatTheServerFailed(Good):
    def judge(self, request: Request, response: Response) -> Exception | None:
        return Refused("they failed") if response.status >= 500 else super().judge(request, response)


class TakesAnythingForAnEmptyList(Good):
    def decoded(self, response: Response, *, effect: bool) -> dict[str, Any]:
        try:
            return super().decoded(response, effect=effect)
        except TryLater:
            return {"orders": [], "token": "none", "http": 200}


class StopsWhenItTakesLong(Good):
    @hookimpl
    async def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        try:
            async for page in super().pull_orders(window, route):
                yield page
        except TryLater:
            yield Page((), "9999999999:")


class FindsNothing(Good):
    @hookimpl
    async def find_order(self, reference: str, route: Route) -> Order | None:
        return None


class RefusesWhatIsDone(Good):
    @hookimpl
    async def cancel_order(self, cancel: CancelOrder, route: Route) -> Receipt:
        done = await super().cancel_order(cancel, route)
        if done.already:
            raise Refused("it is cancelled already")
        return done


class AddsToTheLevel(Good):
    shown: Decimal = Decimal(0)

    async def set(self, level: StockLevel) -> Any:
        self.shown += level.available
        return await super().set(level.model_copy(update={"available": self.shown}))


class BelievesEverybody(Good):
    @hookimpl
    def read_push(self, message: PushMessage) -> PushAnswer:
        return PushAnswer([Nudge("orders", json.loads(message.body)["order"], "message")], "1")


class BelievesATokenForEver(Good):
    async def send(self, method: str, path: str, body: Any = None, **how: Any) -> dict[str, Any]:
        answer = await super().send(method, path, body, **{**how, "again": False})
        if answer.get("http") == 401 and how.get("signed", True):
            raise SignInAgain("The token is not known.")
        return answer


class LinksToNowhere(Good):
    @hookimpl
    async def sign_in_link(self, redirect_url: str) -> str:
        return "/agree"


class ForgetsWhoSignedIn(Good):
    async def keep(self, tokens: Mapping[str, str]) -> None:
        """In memory only."""


class RenewsWithoutLooking(Good):
    async def log_in(self) -> None:
        kept = json.loads(await self.vault.read("tokens") or "{}")
        await self.exchange(refresh=kept.get("refresh") or self.settings.refresh.get_secret_value())


class UsesBeforeItKeeps(Good):
    fresh: Mapping[str, str] | None = None

    async def keep(self, tokens: Mapping[str, str]) -> None:
        self.fresh = tokens

    async def send(self, method: str, path: str, body: Any = None, **how: Any) -> dict[str, Any]:
        answer = await super().send(method, path, body, **how)
        if self.fresh is not None and how.get("signed", True):
            await super().keep(self.fresh)
        return answer


class ConfirmsWhatItFetches(Good):
    @hookimpl
    async def pull_lost_pushes(self) -> LostPushes:
        found = await super().pull_lost_pushes()
        await self.confirm_lost_pushes(found.up_to or "0")
        return found


class ConfirmsEverything(Good):
    @hookimpl
    async def confirm_lost_pushes(self, up_to: str) -> None:
        await super().confirm_lost_pushes("999999999")


class TakesItsNeighboursPost(Good):
    def is_ours(self, message: Mapping[str, Any]) -> bool:
        return True


class StopsAtABadRow(Good):
    @hookimpl
    async def push_stock(self, levels: Sequence[StockLevel], route: Route) -> Sequence[Outcome]:
        found = list(await super().push_stock(levels, route))
        for one in found:
            if one.error is not None:
                raise one.error
        return found


class ListsAnew(Good):
    """Each call hands in a row that differs from the one before."""

    turn = 0

    @hookimpl
    async def push_listings(self, listings: Sequence[Product], route: Route) -> Sequence[Outcome]:
        self.turn += 1
        again = [one.model_copy(update={"name": f"{one.name} {self.turn}"}) for one in listings]
        return await super().push_listings(again, route)


class GuessesStatuses(Good):
    def status(self, word: str) -> OrderStatus:
        return STATUSES.get(word, OrderStatus.OPEN)


class KnowsOnlyKnownStatuses(Good):
    def status(self, word: str) -> OrderStatus:
        return STATUSES[word]


class BlanksWhatIsWithheld(Good):
    def address(self, row: Mapping[str, Any]) -> Address:
        return Address(name=row["name"].strip("*"))


class CountsInCents(Good):
    def amount(self, row: Mapping[str, Any]) -> Decimal:
        return Decimal(row["total"].replace(".", "")) / 100


class PaysInCents(Good):
    def paid(self, order: Order) -> Decimal:
        return super().paid(order) / (1 if order.currency == "EUR" else 100)


class RepeatsWhatWasSent(Good):
    def request(self, method: str, path: str, body: Any, effect: bool) -> Request:
        return super().request(method, path, body, False)


class SharesItsNotes(Good):
    noted: Order | None = None

    @hookimpl
    async def push_order(self, order: Order, route: Route) -> Receipt:
        self.noted = order
        await asyncio.sleep(0)
        return await super().push_order(self.noted, route)


class NudgesOnce(Good):
    heard = 0

    @hookimpl
    def read_push(self, message: PushMessage) -> PushAnswer:
        answer = super().read_push(message)
        self.heard += 1
        return PushAnswer(answer.nudges if self.heard < 3 else (), answer.message_id)


class ReadsASnapshot(Good):
    @hookimpl
    async def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        pages = [page async for page in super().pull_orders(window, route)]
        for page in pages:
            yield Page(page.items, window.cursor or f"{window.start.timestamp():.0f}:")
        yield Page((), f"{self.clock.now().timestamp():.0f}:Z")


class RemembersInMemory(Good):
    """What it made it knows from memory alone."""

    def __init__(self, settings: DepotSettings, toolbox: Toolbox) -> None:
        super().__init__(settings, toolbox)
        self.made: set[str] = set()

    @hookimpl
    async def push_order(self, order: Order, route: Route) -> Receipt:
        self.made.add(order.id)
        return await super().push_order(order, route)

    @hookimpl
    async def find_order(self, reference: str, route: Route) -> Order | None:
        return await super().find_order(reference, route) if reference in self.made else None


class KeepsEverything(Good):
    def __init__(self, settings: DepotSettings, toolbox: Toolbox) -> None:
        super().__init__(settings, toolbox)
        self.kept: list[Any] = []

    def items(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        found = super().items(rows)
        self.kept += found
        return found


@asynccontextmanager
async def hasty(settings: DepotSettings, toolbox: Toolbox) -> AsyncIterator[Good]:
    connection = Good(settings, toolbox)
    await connection.probe()
    yield connection


def opens_with_a_call() -> Plugin:
    return plugin_of(Good, connect=hasty)


def leaves_a_verb_out() -> Plugin:
    made = plugin_of(Good)
    return plugin_of(Good, cannot={verb: why for verb, why in made.cannot.items() if verb != "push_prices"})


uses_before_it_keeps = plugin_of(UsesBeforeItKeeps)
remembers_in_memory = plugin_of(RemembersInMemory)
keeps_everything = plugin_of(KeepsEverything)
