"""What must hold once all is quiet, by the systems' own records: each order exists once, nothing was done twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from tests.journeys.agreement import Facts, Outcome, Policies, judge, lost_numbers
from tests.journeys.hall import ROUTE, Hall
from tests.journeys.shapes import Shape


class Aftermath:
    """The judge of one run.

    Args:
        hall: quiet by now.
        policies: of the route.
        shapes: what each order was, by number.
        wishes: how often buyers asked to cancel each order.
        dropped: orders of which a person left something as it is.
    """

    def __init__(
        self,
        hall: Hall,
        policies: Policies,
        shapes: Mapping[str, Shape],
        wishes: Mapping[str, int],
        dropped: Collection[str],
    ) -> None:
        self._hall = hall
        self._policies = policies
        self._shapes = shapes
        self._wishes = wishes
        self._dropped = dropped
        self._outcomes: Counter[str] = Counter()

    async def check(self) -> Counter[str]:
        """Judge everything; answer how many orders ended in which outcome."""
        self._nothing_was_done_twice()
        engine = await self._hall.engine()
        pairs = await engine.ledger.load(ROUTE, list(self._shapes))
        parked = await engine.parked(ROUTE)
        for number, shape in self._shapes.items():
            causes = [item.cause for item in parked if item.key == number]
            pair = pairs.get(number)
            facts = self._facts(number, pair.first_status if pair else "")
            self._is_right(facts, shape, causes)
            if pair is not None:
                assert engine.verdict(ROUTE, pair).why, f"{number} is not explained"
        assert await engine.ledger.due(ROUTE, 10) == [], "something is due for ever"
        returned = {found.order_id for found in await engine.returns(ROUTE, closed=True)}
        assert returned == {found.order_sn for found in self._hall.shopee.state.returns.values()}
        status = (await engine.status())[0]
        unfinished = {
            f"{pair.key} {name}": step.state.value
            for pair in pairs.values()
            for name, step in pair.steps.items()
            if step.state.value not in ("done", "refused")
        }
        assert not unfinished, f"steps left over: {unfinished}"
        assert status.doubtful == status.waiting == 0
        assert {item.key for item in parked} <= self._shapes.keys()
        strangers = {order.external_id for order in self._hall.central.company.orders.values()} - self._shapes.keys()
        assert not strangers, f"documents of unknown orders: {strangers}"
        return self._outcomes

    def _nothing_was_done_twice(self) -> None:
        shop, central = self._hall.shopee.world.oracle, self._hall.central.world.oracle
        parcels = Counter(write.facts["package_number"] for write in shop.writes("ship_order"))
        numbers = [w for w in central.writes("set_tracking") if w.facts["by"] != "person"]
        cancelled = [w for w in central.writes("cancel_order") if w.facts["by"] != "person"]
        posted = [w for w in central.writes("post_order") if w.facts["by"] != "person"]
        once = {
            "create_order": central.counts("create_order"),
            "ship_order": parcels,
            "cancel_order": Counter(w.key for w in shop.writes("cancel_order") if w.facts["whole"]),
            "cancel document": Counter(w.key for w in cancelled if not w.facts["lines"]),
            "post document": Counter(w.facts["document_id"] for w in posted),
            "set_tracking": Counter((w.facts["shipment"], w.facts["tracking_no"]) for w in numbers),
        }
        for what, counts in once.items():
            twice = {key: count for key, count in counts.items() if count > 1}
            assert not twice, f"{what} more than once: {twice}"
        again = shop.counts("update_shipping_order")
        for order in (self._hall.shopee.state.find_order(number) for number in self._shapes):
            for package in order.packages if order else ():
                missed = sum(event.status == "PICKUP_RETRY" for event in package.history)
                assert again[package.number] <= missed + self._wishes[order.order_sn], f"{package.number} too often"
        answers = shop.counts("handle_buyer_cancellation")
        assert all(count <= self._wishes[key] for key, count in answers.items()), answers

    def _facts(self, number: str, first_status: str) -> Facts:
        order = self._hall.shopee.state.find_order(number)
        assert order is not None
        documents = self._hall.central.company.by_external_id(number)
        assert len(documents) <= 1, f"{number} is in LS Central {len(documents)} times"
        deleted = bool(self._hall.central.world.oracle.counts("delete_order")[number])
        early = ("", "unpaid", "held", "open", "cancelling", "cancelled")
        return Facts(order, documents[0] if documents else None, deleted, first_status not in early)

    def _is_right(self, facts: Facts, shape: Shape, causes: list[str]) -> None:
        number, document = facts.order.order_sn, facts.document
        shown = None if document is None else [document.status, document.posted, document.cancelled]
        packages = [(p.status.value, p.tracking_number) for p in facts.order.packages]
        told = f"{number} {facts.order.status} {packages}, document {shown}, parked {causes}, {self._policies}"
        if number in self._dropped:  # a person decided, and nothing is asked of both sides any more
            assert len(causes) <= 1, told
            return
        outcome = judge(facts, self._policies)
        assert outcome is not Outcome.MISSING, f"{outcome}: {told}"
        assert len(causes) == (outcome is Outcome.CONFLICT), f"{outcome}, but {len(causes)} parked: {told}"
        self._outcomes[outcome.value] += 1
        if document is None:
            return
        assert document.amount == shape.total, f"{document.amount} is not {shape.total}: {told}"
        if outcome is Outcome.AGREED:
            assert not lost_numbers(facts), f"{lost_numbers(facts)} is not on its shipment: {told}"
