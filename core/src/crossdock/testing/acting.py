"""How the kit acts: one call, and afterwards what the engine does about a step whose outcome is in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from crossdock.contract import Outcome
from crossdock.errors import TryLater
from crossdock.model import Order, OrderStatus
from crossdock.testing.reading import Ended, ended
from crossdock.testing.rule import Broken, require
from crossdock.testing.scene import Scene
from crossdock.testing.stage import Act, Desk
from crossdock.testing.verbs import BATCHES

__all__ = ["call", "effects", "killed_at", "patiently", "prepared", "settle"]


async def prepared(scene: Scene) -> Act:
    """Everything made ready for one call of the scene's verb, also of one that reads by number."""
    make = _NUMBERED.get(scene.verb)
    return await make(scene) if make else await scene.stage.prepare(scene.verb, scene.desk)


async def call(desk: Desk, verb: str, act: Act) -> Ended:
    """Call once, as the engine does.

    Raises:
        Broken: it raised something that the engine does not know, or does not answer for every row of a batch.
    """
    found = await (patiently if verb == "push_listings" else _once)(desk, verb, act)
    if found.error is None and verb in BATCHES:
        return _first_failure(act, found, BATCHES[verb])
    return found


async def patiently(desk: Desk, verb: str, act: Act) -> Ended:
    """Call a batch until each of its rows has fared, as the engine does; answers all outcomes."""
    found, fates = Ended(()), dict[str, Outcome]()
    for _ in range(_TURNS):
        found = await _once(desk, verb, act)
        if found.error is not None:
            return found
        fates |= {one.key: one for one in found.answer or () if isinstance(one, Outcome)}
        waiting = [one.error.after or 0.0 for one in fates.values() if isinstance(one.error, TryLater)]
        if not waiting:
            break
        await desk.clock.sleep(max(*waiting, _PAUSE_SECONDS))
    return Ended(list(fates.values()))


_TURNS = 20
_PAUSE_SECONDS = 5.0


async def _once(desk: Desk, verb: str, act: Act) -> Ended:
    told = () if verb in _WITHOUT_ROUTE else (desk.route,)
    return await ended(getattr(desk.ask, verb)(*act.arguments, *told))


_WITHOUT_ROUTE = ("probe", "pull_lost_pushes")


def _first_failure(act: Act, found: Ended, key: str) -> Ended:
    """A batch fails as its first failed row does."""
    answer = found.answer or ()
    wanted = {getattr(row, key) for row in act.arguments[0]}
    keys = {one.key for one in answer if isinstance(one, Outcome)}
    require(wanted == keys, f"outcomes were answered for {sorted(keys)}, not for {sorted(wanted)}")
    return next((Ended(error=one.error) for one in answer if one.error is not None), found)


async def settle(scene: Scene, desk: Desk, act: Act) -> None:
    """What the engine does about a step in doubt: look, then act again if nothing was carried out.

    Raises:
        Broken: the second look or the second call fails.
    """
    again = await _LOOKS[scene.verb](scene, desk, act) if scene.verb in _LOOKS else act
    if again is None:
        return
    found = await call(desk, scene.verb, again)
    require(found.error is None, f"once nothing was wrong any more, the call was answered with {found}")


async def killed_at(scene: Scene, act: Act, at: int) -> None:
    """Call in a process of its own, and kill it after call `at`, unless it comes to its end before.

    Raises:
        Broken: it came to its end by failing.
    """
    async with scene.disturbed(scene.watch(stop_at=at)) as watch:
        await scene.means.nursery.start(scene.job(scene.url, act.arguments))
        over = asyncio.ensure_future(scene.means.nursery.ended())
        stopped = asyncio.ensure_future(watch.stopped.wait())
        await asyncio.wait({over, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if over.done():
            stopped.cancel()
            require(over.result() == 0, "in a process of its own, where nothing was wrong, the call failed")
            return
        scene.means.nursery.kill()
        await over


async def effects(scene: Scene, act: Act, seen: str, wanted: int = 1) -> None:
    """Compare what the system did with what it should have done.

    Raises:
        Broken: it did it more often, or less; `seen` tells after what.
    """
    count = await scene.stage.effects(scene.verb, act.key)
    require(count == wanted, f"{seen}, the system carried {scene.verb} out {_times(count)}, not {_times(wanted)}")


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


async def _find_order(scene: Scene, desk: Desk, act: Act) -> Act | None:
    if not scene.can("find_order"):
        return None  # parked in doubt: a person looks
    found = await ended(desk.ask.find_order(act.arguments[0].id, desk.route))
    require(found.error is None, f"find_order, asked after a lost answer, ended with {found}")
    return None if found.answer is not None else act


async def _find_product(scene: Scene, desk: Desk, act: Act) -> Act | None:
    product = act.arguments[0]
    if not scene.can("find_product") or act.arguments[1] is not None:
        return act
    found = await ended(desk.ask.find_product(product.sku or product.variants[0].sku, desk.route))
    require(found.error is None, f"find_product, asked after a lost answer, ended with {found}")
    return Act((product, found.answer[0] if found.answer else None), act.key)


async def _seen_again(desk: Desk, order: Order) -> Order:
    found = await ended(desk.ask.read_orders([order.id], desk.route))
    orders = [one for one in found.answer or () if isinstance(one, Order)]
    if not orders:
        raise Broken(f"read_orders, asked after a lost answer, ended with {found}")
    return orders[0]


async def _if_not_arranged(scene: Scene, desk: Desk, act: Act) -> Act | None:
    arrange = act.arguments[0]
    seen = await _seen_again(desk, arrange.order)
    parcels = [one for one in seen.shipments if one.id == arrange.shipment_id or not arrange.shipment_id]
    return None if parcels and all(one.is_arranged for one in parcels) else act


async def _if_open(scene: Scene, desk: Desk, act: Act) -> Act | None:
    seen = await _seen_again(desk, act.arguments[0])
    return Act((seen,), act.key) if seen.status in (OrderStatus.OPEN, OrderStatus.ARRANGED) else None


async def _if_asked(scene: Scene, desk: Desk, act: Act) -> Act | None:
    seen = await _seen_again(desk, act.arguments[0])
    return Act((seen, *act.arguments[1:]), act.key) if seen.status is OrderStatus.CANCELLING else None


_Look = Callable[[Scene, Desk, Act], Awaitable[Act | None]]
_LOOKS: dict[str, _Look] = {
    "push_order": _find_order,
    "push_product": _find_product,
    "arrange_shipment": _if_not_arranged,
    "post_order": _if_open,
    "answer_cancellation": _if_asked,
}
"""Acts before whose repetition the engine looks; all others are absolute."""


async def _orders(scene: Scene) -> Act:
    keys = await scene.add(2, "pull_orders")
    return Act((keys,), keys[0])


async def _levels(scene: Scene) -> Act:
    keys = await scene.add(2, "pull_stock")
    return Act((keys,), keys[0])


async def _reference(scene: Scene) -> Act:
    act = await scene.stage.prepare("push_order", scene.desk)
    await scene.desk.ask.push_order(act.arguments[0], scene.desk.route)
    return Act((act.arguments[0].id,), act.key)


async def _sku(scene: Scene) -> Act:
    act = await scene.stage.prepare("push_product", scene.desk)
    product = act.arguments[0]
    await scene.desk.ask.push_product(product, None, scene.desk.route)
    return Act((product.sku or product.variants[0].sku,), act.key)


async def _nothing(scene: Scene) -> Act:
    return Act((), "")


_NUMBERED: dict[str, Callable[[Scene], Awaitable[Act]]] = {
    "probe": _nothing,
    "pull_lost_pushes": _nothing,
    "read_orders": _orders,
    "read_stock": _levels,
    "find_order": _reference,
    "find_product": _sku,
}
