"""Returns: opened once, then brought to what the channel shows; nothing is decided here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import datetime

from crossdock.contract import Page, Receipt, Unreadable, Window
from crossdock.errors import Refused, TryLater
from crossdock.model import Order, Return
from crossdock_anchanto_oms.client.gateway import Gateway, Listed
from crossdock_anchanto_oms.client.pulling import Changes, readable
from crossdock_anchanto_oms.codes import CONFLICTS
from crossdock_anchanto_oms.config import AnchantoRoute
from crossdock_anchanto_oms.goods_records import OmsReturn, ReturnChange, ReturnMove
from crossdock_anchanto_oms.statuses import cited
from crossdock_anchanto_oms.translate.returns import as_return, new_return, next_return_act

__all__ = ["pull", "push"]

_VERB = "push_return"
_MOST_ACTS = 10


async def push(gateway: Gateway, returned: Return, document: Order, options: AnchantoRoute) -> Receipt:
    """Open the return if it is not there, and do what is missing, act by act.

    Raises:
        TryLater: the order is not in transit yet, or people move the return at the same time.
        Refused: it names what the order does not have.
    """
    oms = await _found(gateway, returned.id) or await _opened(gateway, returned, document, options)
    passed = [oms.state]
    for _ in range(_MOST_ACTS):
        act = next_return_act(returned, oms)
        if act is None:
            why = cited(oms.state, returned.status)
            return Receipt(oms.return_id, already=len(passed) == 1, note=f"{' → '.join(passed)} ({why})")
        try:
            oms = await _perform(gateway, oms, act)
        except Refused as error:
            if error.code not in CONFLICTS:
                raise
            oms = await _found(gateway, returned.id) or oms
        if oms.state != passed[-1]:
            passed.append(oms.state)
    raise TryLater(f"Return {oms.return_id} is moved by others at the same time; it is {oms.state} now.")


def pull(gateway: Gateway, window: Window) -> AsyncIterator[Page[Return]]:
    """Returns that changed, the oldest change first."""
    currency = gateway.settings.currency

    def rows(since: datetime) -> AsyncIterator[Listed[OmsReturn]]:
        return gateway.pages(OmsReturn, "changed_returns", since, verb="pull_returns", key="return_id")

    def translate(oms: OmsReturn) -> Iterable[Return | Unreadable]:
        return readable(oms, oms.return_id, lambda row: as_return(row, currency))

    return Changes(gateway, rows, lambda oms: oms.changed_at, translate).pages(window)


async def _found(gateway: Gateway, reference: str) -> OmsReturn | None:
    found = await gateway.all(OmsReturn, "find_returns", verb=_VERB, query={"reference": reference})
    return found[0] if found else None


async def _opened(gateway: Gateway, returned: Return, document: Order, options: AnchantoRoute) -> OmsReturn:
    new = new_return(returned, document, options)
    try:
        return await gateway.record(OmsReturn, "open_return", verb=_VERB, names={"order": document.id}, body=new)
    except Refused as error:
        there = await _found(gateway, returned.id) if error.code == "duplicate_reference" else None
        if there is not None:
            return there
        if error.code == "not_shipped":
            raise TryLater(f"Order {document.id} is not in transit yet; its return is opened afterwards.") from None
        raise


async def _perform(gateway: Gateway, oms: OmsReturn, act: ReturnMove | ReturnChange) -> OmsReturn:
    operation = "move_return" if isinstance(act, ReturnMove) else "change_return"
    return await gateway.record(OmsReturn, operation, verb=_VERB, names={"return": oms.return_id}, body=act)
