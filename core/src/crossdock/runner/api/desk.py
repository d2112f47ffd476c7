"""What each address of the API does, for a caller whose role was checked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib.metadata import version

from crossdock.clock import Clock
from crossdock.errors import ConfigError
from crossdock.ledger import Parked
from crossdock.model import Order
from crossdock.runner.api import words
from crossdock.runner.board import Board
from crossdock.runner.shift import Shift


class Refusal(Exception):
    """An answer other than the one that was hoped for.

    Args:
        status: of HTTP.
        error: one sentence.
        hint: what to do next.
        after: seconds after which to ask again.
    """

    def __init__(self, status: int, error: str, hint: str | None = None, after: int | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.hint = hint
        self.after = after


@dataclass(frozen=True, slots=True)
class Desk:
    """What a handler works with.

    Attributes:
        shift: what runs.
        board: what was counted.
        clock: the only source of time.
        who: name of the caller, for the audit.
        correlation: under which whatever follows is logged.
    """

    shift: Shift
    board: Board
    clock: Clock
    who: str
    correlation: str

    async def status(self, _asked: words.Nothing) -> words.StatusWord:
        """How everything stands."""
        found = await self.shift.standings()
        routes = [words.RouteWord(**asdict(one)) for one in found.routes.values()]
        return words.StatusWord(
            version=version("crossdock"), routes=routes, parked=dict(found.parked), paused=dict(self.board.paused)
        )

    async def lanes(self, _asked: words.Nothing) -> list[words.LaneWord]:
        """How each lane fares."""
        await self.shift.refresh()
        now = self.clock.monotonic()
        return [
            words.LaneWord(
                lane=name,
                every_seconds=lane.every,
                lag_seconds=round(lane.lag(now), 1),
                running=lane.running,
                runs=dict(lane.runs),
                error=lane.error,
            )
            for name, lane in self.board.lanes.items()
        ]

    async def pull(self, asked: words.OfLane, because: words.Maybe) -> words.WokenWord:
        """Have a lane run now, in full."""
        lane = f"{asked.route}/{asked.flow}"
        if lane not in self.board.lanes:
            known = ", ".join(self.board.lanes) or "none"
            raise Refusal(404, f"there is no lane {lane}", f"the lanes are {known}")
        await self._note("lane.pull", lane, because.reason)
        await self.shift.wake(lane, f"asked for by {self.who}", self.correlation)
        return words.WokenWord(lane=lane)

    async def orders(self, asked: words.OfOrders) -> list[words.OrderWord]:
        """Orders, by route and number."""
        rows = await self.shift.engine.ledger.orders(asked.route, asked.after or "", asked.limit)
        return [words.OrderWord(**asdict(row)) for row in rows]

    async def order(self, asked: words.OfOrder) -> list[words.StoryWord]:
        """All that is known of an order, a story for each route that has it."""
        engine, stories = self.shift.engine, []
        for route, pair, timeline, parked in await engine.explain(asked.number):
            try:
                verdict = engine.verdict(route, pair).why
            except ConfigError as error:
                verdict = str(error)
            stories.append(
                words.StoryWord(
                    route=route,
                    order=pair.key,
                    document=pair.document_id,
                    channel=_side(pair.channel),
                    backend=_side(pair.document),
                    verdict=verdict,
                    timeline=[words.EventWord(at=one.at, what=one.what, text=one.text) for one in timeline],
                    parked=[item.id for item in parked],
                )
            )
        if not stories:
            raise Refusal(404, "no order of this number was seen on any route")
        return stories

    async def parked(self, asked: words.OfParked) -> list[words.ItemWord]:
        """What waits for a person, oldest first."""
        items = await self.shift.engine.parked(asked.route)
        chosen = [item for item in items if asked.cause in (None, item.cause)]
        return [words.ItemWord(**_item(item)) for item in chosen[: asked.limit]]

    async def parked_item(self, asked: words.OfItem) -> words.FactsWord:
        """One parked item with the facts of both sides."""
        item = await self._find(asked.item)
        return words.FactsWord(**_item(item), facts=dict(item.facts))

    async def retry(self, asked: words.OfItem, because: words.Maybe) -> words.DoneWord:
        """Release all parked items of an order, so that it is tried again at once."""
        item = await self._find(asked.item)
        await self._note("parked.retry", f"{item.route} {item.key}", because.reason)
        count = await self.shift.engine.retry(item.route, [item.key])
        lane = item.route if "/" in item.route else f"{item.route}/orders"
        await self.shift.wake(lane, f"released by {self.who}", self.correlation)
        return words.DoneWord(lane=lane, items=count)

    async def drop(self, asked: words.OfItem, because: words.Because) -> words.DoneWord:
        """Leave all parked items of an order as they are: what was refused is not tried again."""
        item = await self._find(asked.item)
        await self._note("parked.drop", f"{item.route} {item.key}", because.reason)
        count = await self.shift.engine.drop(item.route, [item.key], f"{because.reason} ({self.who})")
        lane = item.route if "/" in item.route else f"{item.route}/orders"
        return words.DoneWord(lane=lane, items=count)

    async def audit(self, asked: words.OfActs) -> list[words.ActWord]:
        """Who did what, the latest first."""
        acts = await self.shift.engine.ledger.access.acts(asked.limit, asked.before)
        return [words.ActWord(**asdict(act)) for act in acts]

    async def _find(self, number: int) -> Parked:
        item = next((one for one in await self.shift.engine.parked() if one.id == number), None)
        if item is None:
            raise Refusal(404, f"there is no parked item {number}", "it may be settled by now: GET /api/v1/parked")
        return item

    async def _note(self, what: str, target: str, reason: str | None) -> None:
        await self.shift.engine.ledger.access.note(self.who, what, target, reason or "")


def _item(item: Parked) -> dict[str, object]:
    return {
        "item": item.id,
        "lane": item.route if "/" in item.route else f"{item.route}/orders",
        "order": item.key,
        "cause": item.cause,
        "reason": item.reason,
        "step": item.step,
        "since": item.parked_at,
    }


def _side(order: Order | None) -> words.SideWord | None:
    if order is None:
        return None
    return words.SideWord(
        number=order.id,
        status=order.status.value,
        their_status=order.vendor_status,
        total=str(order.total) if order.total else None,
        lines=[f"{line.quantity:f} x {line.sku} = {line.amount}" for line in order.lines],
        parcels=[f"{one.id} {one.vendor_status} {one.tracking_number}".strip() for one in order.shipments],
        updated_at=order.updated_at,
    )
