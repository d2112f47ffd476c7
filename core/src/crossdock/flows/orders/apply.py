"""Carrying one step out: the verb that it asks, and what its answer or error means."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from crossdock.clock import Clock
from crossdock.contract import ArrangeShipment, CancelOrder, CancelReason, PushTracking, Receipt, Route, Trouble
from crossdock.errors import CannotTranslate, CrossdockError, Refused, SignInAgain, TryLater, Unclear
from crossdock.flows.options import OrdersOptions
from crossdock.flows.orders import label as labels
from crossdock.flows.orders.plan import Step, StepKind
from crossdock.flows.orders.trouble import KINDS, OVER
from crossdock.ledger import Conclusion, Pair, Parking, StepRecord, StepState
from crossdock.model import Label, Order, Shipment

_log = structlog.get_logger(__name__)

_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)

KeepLabel = Callable[[str, Label], Awaitable[str]]
"""Stores a label of an order and answers where."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How a step ended, and whether the whole lane must stop."""

    conclusion: Conclusion
    stop: CrossdockError | None = None


class Applier:
    """Carries steps of one route out."""

    def __init__(self, route: Route, clock: Clock, keep_label: KeepLabel, options: OrdersOptions) -> None:
        self._route = route
        self._clock = clock
        self._options = options
        self._keep_label = keep_label
        self._verbs: dict[StepKind, Callable[[Pair, Order, Step], Awaitable[Receipt | None]]] = {
            StepKind.CREATE: self._create,
            StepKind.POST: self._post,
            StepKind.UPDATE: self._update,
            StepKind.CANCEL_DOCUMENT: self._cancel_document,
            StepKind.CANCEL_ON_CHANNEL: self._cancel_on_channel,
            StepKind.ANSWER_WISH: self._answer_wish,
            StepKind.ARRANGE: self._arrange,
            StepKind.TRACKING: self._track,
            StepKind.LABEL: self._label,
            StepKind.RETURN: self._tell_return,
            StepKind.TROUBLE: self._tell_trouble,
        }

    async def apply(self, pair: Pair, step: Step) -> Applied:
        """Carry `step` out. Its intent must be committed. Never raises for what the far side does."""
        order = pair.channel
        if order is None:  # the planner plans nothing for an order that was not seen
            return self._refused(pair, step, CannotTranslate("order", "an order that was seen on the channel"))
        try:
            receipt = await self._verbs[step.kind](pair, order, step)
        except TryLater as error:
            return self._later(pair, step, error)
        except SignInAgain as error:
            return Applied(self._later(pair, step, TryLater(error.message)).conclusion, stop=error)
        except Unclear as error:
            return Applied(self._ended(pair, step, StepState.DOUBTFUL, str(error), retry_at=self._clock.now()))
        except (Refused, CannotTranslate) as error:
            return self._refused(pair, step, error)
        except Exception as error:  # noqa: BLE001 - a plugin's bug must not stop the other orders
            return self._broken(pair, step, error)
        if receipt is None:
            return self._refused(pair, step, Refused("nobody on that side takes it"))
        return Applied(self._done(pair, step, receipt))

    async def _create(self, pair: Pair, order: Order, _step: Step) -> Receipt | None:
        told = order.model_copy(update={"historical": True}) if pair.historical else order
        rewritten = await self._route.both.rewrite_order(told, self._route)
        return await self._route.backend.ask.push_order(rewritten, self._route)

    async def _post(self, pair: Pair, _order: Order, _step: Step) -> Receipt | None:
        return await self._route.backend.ask.post_order(_document(pair), self._route)

    async def _update(self, pair: Pair, order: Order, _step: Step) -> Receipt | None:
        rewritten = await self._route.both.rewrite_order(order, self._route)
        return await self._route.backend.ask.update_order(rewritten, _document(pair), self._route)

    async def _cancel_document(self, pair: Pair, order: Order, step: Step) -> Receipt | None:
        words = order.cancellation.reason if order.cancellation else ""
        by_buyer = order.cancellation is not None and order.cancellation.by == "buyer"
        reason = CancelReason.BUYER_ASKED if by_buyer else CancelReason.OTHER
        cancel = CancelOrder(_document(pair), reason, step.quantities, words)
        return await self._route.backend.ask.cancel_order(cancel, self._route)

    async def _cancel_on_channel(self, _pair: Pair, order: Order, step: Step) -> Receipt | None:
        cancel = CancelOrder(order, CancelReason.OUT_OF_STOCK, step.quantities, "cancelled in the backend")
        return await self._route.channel.ask.cancel_order(cancel, self._route)

    async def _answer_wish(self, _pair: Pair, order: Order, step: Step) -> Receipt | None:
        return await self._route.channel.ask.answer_cancellation(order, step.accept, self._route)

    async def _arrange(self, pair: Pair, order: Order, step: Step) -> Receipt | None:
        posted = _shipment(pair.document, step.posted_id)
        arrange = ArrangeShipment(order, step.shipment_id, posted)
        return await self._route.channel.ask.arrange_shipment(arrange, self._route)

    async def _track(self, pair: Pair, order: Order, step: Step) -> Receipt | None:
        parcel = _shipment(order, step.shipment_id)
        if parcel is None:
            raise Refused(f"the channel no longer shows parcel {step.shipment_id}")
        tracking = PushTracking(_document(pair), step.posted_id, parcel)
        return await self._route.backend.ask.push_tracking(tracking, self._route)

    async def _label(self, pair: Pair, order: Order, step: Step) -> Receipt | None:
        parcel = _shipment(order, step.shipment_id)
        label = await labels.fetch(self._route, order, parcel, self._options.label_megabytes) if parcel else None
        if label is None:
            raise Refused(f"the channel has no label for parcel {step.shipment_id}")
        kept = await self._keep_label(pair.key, label)
        if self._route.backend.can("push_label"):
            await self._route.backend.ask.push_label(_document(pair), label, self._route)
        return Receipt(note=kept)

    async def _tell_return(self, pair: Pair, _order: Order, step: Step) -> Receipt | None:
        returned = next((one for one in pair.returns if one.id == step.return_id), None)
        if returned is None:
            raise Refused(f"the channel no longer shows return {step.return_id}")
        return await self._route.backend.ask.push_return(returned, _document(pair), self._route)

    async def _tell_trouble(self, pair: Pair, _order: Order, step: Step) -> Receipt | None:
        kind = KINDS[StepKind(step.reference.partition(":")[0])]
        trouble = Trouble(_document(pair), kind, step.why, over=step.reference.endswith(OVER))
        return await self._route.backend.ask.push_trouble(trouble, self._route)

    def _done(self, pair: Pair, step: Step, receipt: Receipt) -> Conclusion:
        made = step.kind is StepKind.CREATE
        if made and not receipt.id:
            return self._ended(pair, step, StepState.DOUBTFUL, "no document number came back", self._clock.now())
        words = [f"{step.kind.value.replace('_', ' ')}: {'was there already' if receipt.already else 'done'}"]
        words += [part for part in (receipt.id, receipt.note) if part]
        return Conclusion(
            pair.key,
            step.kind,
            step.reference,
            StepState.DONE,
            ", ".join(words),
            result="" if made else receipt.id or receipt.note,  # of a create, the print of its intent is kept
            document_id=receipt.id if made else "",
        )

    def _later(self, pair: Pair, step: Step, error: TryLater) -> Applied:
        record = pair.steps.get(f"{step.kind}:{step.reference}")
        tries = record.attempts if record else 1
        wait = min(_FIRST_WAIT * 2 ** min(tries - 1, 10), _LONGEST_WAIT)
        if error.after is not None:
            wait = max(wait, timedelta(seconds=error.after)) if error.after > 30 else timedelta(seconds=error.after)
        return Applied(self._ended(pair, step, StepState.WAITING, str(error), retry_at=self._clock.now() + wait))

    def _refused(self, pair: Pair, step: Step, error: Refused | CannotTranslate) -> Applied:
        code = error.code if isinstance(error, Refused) else f"cannot-translate:{error.path}"
        facts = dict(error.facts) if isinstance(error, Refused) else {}
        hints = [error.hint] if error.hint else []
        parking = Parking(
            pair.key,
            f"{step.kind}:{code or 'refused'}",
            f"{step.kind.value.replace('_', ' ')} was refused: {error}",
            f"{step.kind}:{step.reference}",
            facts | sides(pair) | {"choices": [*hints, "mend the cause, then parked retry", "parked drop"]},
        )
        return Applied(replace(self._ended(pair, step, StepState.REFUSED, str(error)), parking=parking))

    def _broken(self, pair: Pair, step: Step, error: Exception) -> Applied:
        """A bug of a plugin: nobody knows whether anything was sent, so a person looks first."""
        _log.exception("step.broken", route=self._route.name, key=pair.key, step=step.kind.value)
        reason = f"{step.kind.value.replace('_', ' ')}: the plugin failed with {type(error).__name__}"
        facts = sides(pair) | {"choices": ["report it to the plugin's author", "parked retry looks before it sends"]}
        parking = Parking(pair.key, f"{step.kind}:broken", reason, f"{step.kind}:{step.reference}", facts)
        return Applied(replace(self._ended(pair, step, StepState.DOUBTFUL, reason), parking=parking))

    def _ended(
        self, pair: Pair, step: Step, state: StepState, text: str, retry_at: datetime | None = None
    ) -> Conclusion:
        in_doubt = step.kind is StepKind.CREATE and state is StepState.DOUBTFUL
        result = "" if in_doubt else text
        return Conclusion(pair.key, step.kind, step.reference, state, text, result=result, retry_at=retry_at)


def refused_before(pair: Pair, record: StepRecord) -> Parking:
    """The parked item of a step that was refused, lost its meaning, and is missing again."""
    return Parking(
        pair.key,
        f"{record.kind}:refused",
        f"{record.kind.replace('_', ' ')} was refused before: {record.result}",
        f"{record.kind}:{record.reference}",
        sides(pair) | {"choices": ["mend the cause, then parked retry", "parked drop"]},
    )


def sides(pair: Pair) -> dict[str, object]:
    """Both sides' facts for a person who has to decide; no personal data."""
    facts: dict[str, object] = {}
    for name, order in (("channel", pair.channel), ("backend", pair.document)):
        if order is not None:
            facts[name] = {
                "id": order.id,
                "status": f"{order.status} ({order.vendor_status})",
                "total": str(order.total if order.total is not None else order.explained_total),
                "shipping": str(order.shipping_fee),
                "lines": [f"{line.quantity:f} x {line.sku} = {line.amount}" for line in order.lines],
                "shipments": [f"{s.id} {s.vendor_status} {s.tracking_number}".strip() for s in order.shipments],
            }
    if pair.document is None and pair.document_id:
        facts["backend"] = {"id": pair.document_id, "status": "deleted" if pair.document_gone else "not read yet"}
    return facts


def _document(pair: Pair) -> Order:
    if pair.document is None:
        raise TryLater(f"document {pair.document_id} of {pair.key} has not been read yet", after=1)
    return pair.document


def _shipment(order: Order | None, shipment_id: str) -> Shipment | None:
    return next((s for s in order.shipments if s.id == shipment_id), None) if order else None
