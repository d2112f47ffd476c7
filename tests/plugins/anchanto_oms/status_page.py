"""Everything that the mapping of statuses decides, as the page `statuses.txt`; what is not on it stays as it is.

After a change that is meant, `python -m tests.plugins.anchanto_oms.status_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from crossdock.model import OrderStatus, ReturnStatus
from crossdock_anchanto_oms.statuses.inbound import Decision, Standing, decide
from crossdock_anchanto_oms.statuses.moves import next_move
from crossdock_anchanto_oms.statuses.outbound import Action, action_for, read_back
from crossdock_anchanto_oms.statuses.returns import ReturnStanding, decide_return, next_return_move
from crossdock_anchanto_oms.statuses.rows import cited
from crossdock_anchanto_oms.statuses.words import OmsState, ReturnState

PAGE = Path(__file__).with_name("statuses.txt")
STATES = [None, *OmsState, "A_STATE_OF_NEXT_YEAR"]
MODES = ("marketplace_carrier", "oms_carrier")
VARIANTS = {
    "": {},
    "ready": {"ready": True},
    "moved": {"moved": True},
    "carrier of the OMS": {"own_carrier": True},
    "ready, carrier of the OMS": {"ready": True, "own_carrier": True},
    "was packed": {"previous": OmsState.PACKED},
    "was something new": {"previous": "A_STATE_OF_NEXT_YEAR"},
}


def page() -> str:
    """All sections."""
    sections = {
        "What a channel's status makes of an order": _orders(),
        "What a failed pick-up makes of an order": _orders(retry=True),
        "The next move of an order": _moves(),
        "What a state asks of the channel": _actions(),
        "What a channel's status makes of a return": _returns(),
        "The next move of a return": _return_moves(),
        "Rows of the mapping": _cited(),
    }
    return "\n\n".join("\n".join([f"# {title}", *lines]) for title, lines in sections.items()) + "\n"


def _grouped(told: Iterable[tuple[str, object, str]]) -> Iterator[str]:
    """Lines of (what is asked, of which state, answer), with the states of one answer together, but for no answer."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for asked, state, answer in told:
        if answer:
            found[asked, answer].append(str(state or "nowhere"))
    for (asked, answer), states in found.items():
        yield f"{asked}: {answer} <- {', '.join(states)}"


def _orders(*, retry: bool = False) -> Iterator[str]:
    statuses = (OrderStatus.OPEN, OrderStatus.ARRANGED, OrderStatus.SHIPPED) if retry else OrderStatus
    return _grouped(
        (_named(status.value, name), state, _told(decide(status, Standing(state, **facts), retry=retry)))
        for status in statuses
        for name, facts in VARIANTS.items()
        for state in STATES
    )


def _named(asked: str, variant: str) -> str:
    return f"{asked} ({variant})" if variant else asked


def _told(decision: Decision) -> str:
    words = [decision.state or "", decision.hold and "held", decision.sub_state, decision.problem]
    return "; ".join(str(word) for word in [*words, decision.blocked and f"blocked: {decision.blocked}"] if word)


def _moves() -> Iterator[str]:
    return _grouped(
        (_named(f"to {to}", name), state, next_move(Standing(state, **facts), to) or "")
        for to in OmsState
        for name, facts in VARIANTS.items()
        if name in ("", "ready", "was packed", "was something new")
        for state in OmsState
    )


def _actions() -> Iterator[str]:
    yield f"read back: {read_back(own_carrier=False)}, with a carrier of the OMS {read_back(own_carrier=True)}"
    ways = {"": {}, " (retry)": {"retry": True}, " (cancellations are pushed)": {"push_cancel": True}}
    yield from _grouped(
        (f"{status.value}{name}", state, _asked(action_for(state, status, **facts)))
        for status in OrderStatus
        for name, facts in ways.items()
        for state in [*OmsState, *ReturnState, "A_STATE_OF_NEXT_YEAR"]
    )


def _asked(action: Action) -> str:
    return "" if action is Action.NOTHING else action


def _returns() -> Iterator[str]:
    ways = {"": {}, " (no goods)": {"goods_expected": False}, " (put away)": {"put_away": True}}
    for status in ReturnStatus:
        told = []
        for name, facts in ways.items():
            for state in [None, *ReturnState, "A_STATE_OF_NEXT_YEAR"]:
                found = decide_return(status, ReturnStanding(state, **facts), "THEIR_WORD")
                told.append((status.value + name, state, f"{found.state or ''} {found.sub_state}".strip()))
        yield from _grouped(told)
    yield f"without a word: {decide_return(ReturnStatus.DISPUTED, ReturnStanding(None)).sub_state!r}"


def _return_moves() -> Iterator[str]:
    return _grouped(
        (f"to {to}", state, next_return_move(ReturnStanding(state), to) or "")
        for to in ReturnState
        for state in ReturnState
    )


def _cited() -> Iterator[str]:
    for state in [*OmsState, *ReturnState]:
        for status in [*OrderStatus, *ReturnStatus]:
            found = {mode: cited(state, status, mode=mode) for mode in MODES} | {"": cited(state, status)}
            if any(rows.startswith("row") for rows in found.values()):
                yield f"{state}, {status.value}: {', '.join(f'{mode} {rows}'.strip() for mode, rows in found.items())}"


if __name__ == "__main__":
    PAGE.write_text(page())
