"""Rules about what is in an answer: what cannot be read, what nobody knows, what is withheld."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crossdock.contract import Unreadable
from crossdock.model import Money, Order
from crossdock.testing.acting import call
from crossdock.testing.quality import Tier
from crossdock.testing.reading import ended, read, shortly
from crossdock.testing.rule import require, rule
from crossdock.testing.scene import Scene
from crossdock.testing.stage import Desk
from crossdock.testing.watch import Watch

__all__ = ["masked_data", "poison_record", "unknown_status", "zero_decimal"]

_ORDERS = ("pull_orders", "read_orders")
UNHEARD_OF = "BRAND_NEW_STATUS"


@rule(
    "poison-record",
    Tier.SILVER,
    "what cannot be read is parked, the others pass",
    (*_ORDERS, "pull_returns"),
)
async def poison_record(scene: Scene) -> None:
    """One order with a comma in its price must not stop a thousand others, and must not vanish either.

    ## Example

        try:
            items.append(translate.order(row))
        except CannotTranslate as error:
            items.append(Unreadable(row_id, error, raw))

    ## Exceptions

    None.
    """
    keys = await _three(scene)
    watch = scene.rewriting(lambda body: scene.stage.poisoned(scene.verb, keys[1], body))
    found = await _with(scene, watch, keys)
    bad = [item for item in found if isinstance(item, Unreadable) and item.id == keys[1]]
    good = {item.id for item in found if not isinstance(item, Unreadable)}
    require(keys[1] not in good, f"{keys[1]} came as if nothing were wrong with it")
    require({keys[0], keys[2]} <= good, f"beside the unreadable {keys[1]}, {keys[0]} and {keys[2]} did not both come")
    require(bool(bad), f"{keys[1]} came neither as an item nor as Unreadable(id={keys[1]!r})")
    require(bool(bad[0].error.path), "its error names no path")


@rule("unknown-status", Tier.GOLD, "a status that nobody knows is shown, never guessed", (*_ORDERS, "pull_returns"))
async def unknown_status(scene: Scene) -> None:
    """A system gets a new status on a Tuesday. Taken for "open", it ships what was cancelled.

    ## Example

        status = STATUSES.get(row.status, OrderStatus.UNKNOWN)
        Order(status=status, vendor_status=row.status, ...)

    ## Exceptions

    Systems that are asked by status, so that a new one is never answered: exempt, and the reason says so.
    """
    keys = await _three(scene)
    watch = scene.rewriting(lambda body: scene.stage.renamed_status(scene.verb, keys[1], body))
    found = await _with(scene, watch, keys)
    mine = [item for item in found if item.id == keys[1]]
    require(bool(mine), f"{keys[1]}, whose status nobody knows, did not come at all")
    if not isinstance(mine[0], Unreadable):
        seen = f"status {mine[0].status} beside their word {mine[0].vendor_status!r}"
        require(mine[0].status == "unknown" and UNHEARD_OF.lower() in mine[0].vendor_status.lower(), seen)


@rule("masked-data", Tier.GOLD, "an order whose buyer is withheld is read like any other", _ORDERS)
async def masked_data(scene: Scene) -> None:
    """Marketplaces withhold names and addresses of old or unpaid orders: ``****`` is no name, and no error either.

    ## Example

        Address(name=row.name, ...)  # "****" stays "****", so that `Address.is_masked` says so

    ## Exceptions

    Systems that never withhold anything.
    """
    keys = await _three(scene)
    watch = scene.rewriting(lambda body: scene.stage.masked(scene.verb, keys[1], body))
    found = await _with(scene, watch, keys)
    mine = [item for item in found if isinstance(item, Order) and item.id == keys[1]]
    require(bool(mine), f"{keys[1]}, whose buyer is withheld, did not come as an order")
    require(mine[0].ship_to.is_masked, "its address does not say that it is withheld")


@rule(
    "zero-decimal",
    Tier.GOLD,
    "amounts without decimals stay what they are",
    ("pull_orders", "push_order"),
)
async def zero_decimal(scene: Scene) -> None:
    """24,000 won are not 240.00: whoever divides by a hundred everywhere gives goods away.

    ## Example

        Money(Decimal(text), currency)  # from the text of the number; never `int(text) / 100`

    ## Exceptions

    Systems that exist only in countries whose currencies have decimals.
    """
    async with scene.another(zero_decimal=True) as other:
        await (_reads if scene.verb == "pull_orders" else _writes)(other, other.desk)


async def _reads(scene: Scene, desk: Desk) -> None:
    keys = await scene.add(1)
    found = await read(desk, scene.verb, scene.window())
    mine = [item for item in found.items if isinstance(item, Order) and item.id == keys[0]]
    require(bool(mine), f"{keys[0]} did not come; the run ended with {found.error!r}, items {shortly(found.items)}")
    _sound(mine[0])
    wanted = await scene.stage.total(keys[0])
    require(mine[0].total == wanted, f"{wanted} were paid, and its total reads {mine[0].total}")


async def _writes(scene: Scene, desk: Desk) -> None:
    act = await scene.stage.prepare("push_order", desk)
    order: Order = act.arguments[0]
    found = await call(desk, "push_order", act)
    require(found.error is None, f"an order of {order.total} was answered with {found}")
    if scene.can("find_order"):
        document = (await ended(desk.ask.find_order(order.id, desk.route))).answer
        require(document is not None, f"find_order does not find {order.id}")
        if document.total is not None:
            require(document.total == order.total, f"an order of {order.total} reads back as {document.total}")


def _sound(order: Order) -> None:
    zero = Money.zero(order.currency)
    require(
        order.imbalance == zero, f"order {order.id} of {order.total} has parts that add up to {order.explained_total}"
    )


async def _three(scene: Scene) -> Sequence[str]:
    return await scene.add(3, "pull_orders" if scene.verb == "read_orders" else scene.verb)


async def _with(scene: Scene, watch: Watch, keys: Sequence[str]) -> list[Any]:
    """What is read while `watch` changes answers.

    Raises:
        NotStaged: the stage does not change them.
    """
    if watch.rewrite is not None:
        watch.rewrite(b"{}")
    async with scene.disturbed(watch), scene.connection() as desk:
        if scene.verb == "read_orders":
            found = await ended(desk.ask.read_orders(list(keys), desk.route))
            require(found.error is None, f"the call ended with {found}")
            return list(found.answer)
        run = await read(desk, scene.verb, scene.window())
        require(run.error is None, f"the run ended with {run.error!r}")
        return run.items
