"""What a person has to be told of: rules over what the service knows. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crossdock.config import AlertsTable
from crossdock.ledger import Standings
from crossdock.runner.board import Board


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person has to be told of.

    Attributes:
        rule: the key of the rule in the configuration.
        subject: the lane, route or connection.
        text: one sentence with the facts; never a buyer's data.
    """

    rule: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """When the rules are looked at.

    Attributes:
        now: by the wall; UTC.
        monotonic: the same moment, in seconds of the monotonic clock.
    """

    now: datetime
    monotonic: float


def alerts(rules: AlertsTable, standings: Standings, board: Board, at: Moment) -> list[Alert]:
    """All that holds now."""
    return [
        *_orders(rules, standings, at.now),
        *_lanes(rules, board, at.monotonic),
        *_connections(rules, board, at.now),
    ]


def _orders(rules: AlertsTable, standings: Standings, now: datetime) -> Iterator[Alert]:
    for route in standings.routes.values():
        since = route.unsynced_since
        if rules.order_waits and since is not None and now - since > rules.order_waits:
            text = f"{route.unsynced} orders have no document, the oldest for {_spoken(now - since)}"
            yield Alert("order_waits", route.route, text)
        if rules.ship_by and route.ship_by is not None and route.ship_by - now < rules.ship_by:
            late = f"{route.overdue} of them overdue, " if route.overdue else ""
            text = f"orders that are not arranged have to leave soon: {late}the first by {route.ship_by:%F %H:%M} UTC"
            yield Alert("ship_by", route.route, text)
        if rules.in_doubt and route.in_doubt > rules.in_doubt:
            yield Alert("in_doubt", route.route, f"{route.in_doubt} steps have no known outcome")
    for lane, count in standings.parked.items():
        if rules.parked and count > rules.parked:
            yield Alert("parked", lane, f"{count} items wait for a person")


def _lanes(rules: AlertsTable, board: Board, now: float) -> Iterator[Alert]:
    for name, lane in board.lanes.items():
        if rules.lane_lag and lane.lag(now) > lane.every + rules.lane_lag.total_seconds():
            why = f": {lane.error}" if lane.error else ""
            yield Alert("lane_lag", name, f"not through for {_spoken(timedelta(seconds=lane.lag(now)))}{why}")


def _connections(rules: AlertsTable, board: Board, now: datetime) -> Iterator[Alert]:
    for connection, since in board.paused.items():
        if rules.paused:
            text = f"has to sign in since {since:%F %H:%M} UTC, and its lanes rest: crossdock auth link {connection}"
            yield Alert("paused", connection, text)
    for connection, ends in board.sign_in_ends.items():
        if rules.sign_in_ends and ends - now < rules.sign_in_ends:
            text = f"the authorisation ends on {ends:%F %H:%M} UTC: crossdock auth link {connection}"
            yield Alert("sign_in_ends", connection, text)


def _spoken(duration: timedelta) -> str:
    minutes = int(duration.total_seconds() // 60)
    hours, days = minutes // 60, minutes // 1_440
    return f"{days} days" if days > 1 else f"{hours} h" if hours > 1 else f"{minutes} min"


@dataclass(slots=True)
class Told:
    """What was told, so that nobody is told the same all the time.

    Attributes:
        again_after: after which what still holds is told again.
        since: alert to when it was told last.
    """

    again_after: timedelta
    since: dict[Alert, datetime] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str | None, again_after: timedelta) -> Told:
        """From what `kept` wrote."""
        rows = json.loads(text or "[]")
        return cls(again_after, {Alert(*names): datetime.fromisoformat(at) for *names, at in rows})

    def kept(self) -> str:
        """As text, to be kept across restarts and shared among processes."""
        return json.dumps([[one.rule, one.subject, one.text, at.isoformat()] for one, at in self.since.items()])

    def news(self, holding: Sequence[Alert], now: datetime) -> tuple[list[Alert], list[Alert]]:
        """What is to be told now of `holding`, and what was told before and is over. Nothing is noted yet."""
        told = {(one.rule, one.subject): at for one, at in self.since.items()}
        fresh = [one for one in holding if self._is_news(told.get((one.rule, one.subject)), now)]
        names = {(one.rule, one.subject) for one in holding}
        return fresh, [one for one in self.since if (one.rule, one.subject) not in names]

    def note(self, fresh: Sequence[Alert], over: Sequence[Alert], now: datetime) -> None:
        """These were told."""
        gone = {(one.rule, one.subject) for one in (*fresh, *over)}
        self.since = {one: at for one, at in self.since.items() if (one.rule, one.subject) not in gone}
        self.since |= dict.fromkeys(fresh, now)

    def _is_news(self, told: datetime | None, now: datetime) -> bool:
        return told is None or now - told >= self.again_after
