"""Everybody acts at random, answers are lost, crossdock dies; in the end both sides agree, or one item says why not."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from crossdock.sandbox import Fault
from crossdock_shopee.sandbox.orders.record import OrderStatus
from tests.journeys.aftermath import Aftermath
from tests.journeys.agreement import Policies
from tests.journeys.hall import ROUTE, opened
from tests.journeys.hands import Hands
from tests.journeys.plain_chance import PLAIN
from tests.journeys.shapes import SHAPES, Shape

pytestmark = pytest.mark.no_cover  # it would take twice as long, and others show the same lines

_LONG = os.environ.get("CROSSDOCK_TEST_PROFILE") == "long"
_SHORT_EXAMPLES, _SHORT_STEPS = 36, 80
_AT_LEAST = 2_000
_CALMING_PULLS = 12
_PICK = st.integers(0, 999)
_NOT_SIGN_IN = r"^(?!/api/v2/auth/|.*/oauth2/)"
_TROUBLES = ("lost_answer", "lost_answer", "rate_limited", "server_error", "truncated", "unavailable", "lost_request")
_TO_SHIP = (OrderStatus.READY_TO_SHIP, OrderStatus.RETRY_SHIP)


class Lifecycle(Hands):
    """Both systems, all who act in them, and crossdock between them."""

    @initialize(
        policies=st.builds(
            Policies,
            process_order=st.sampled_from([True, True, True, False]),
            create_fulfilled_orders=st.booleans(),
            buyer_cancellation=st.sampled_from(["ask", "accept", "reject"]),
            partial_posting=st.sampled_from(["wait", "conflict"]),
            cancel_on_channel=st.sampled_from([True, True, True, False]),
        ),
        seed=st.integers(0, 2**16),
        masked=st.booleans(),
        told=st.booleans(),
        first=st.lists(st.sampled_from(SHAPES), min_size=3, max_size=6),
    )
    def open(self, policies: Policies, seed: int, masked: bool, told: bool, first: list[Shape]) -> None:
        self._policies = policies
        temporary = tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
        folder = Path(self._stack_sync(temporary)) / "hall"
        orders = f'in_flight = 4\nfirst_look = "30d"\n{policies.toml()}'
        shop = opened(folder, seed, orders, mask_buyers=masked, tracking_touches_order=told)
        self._hall = self._run(self._stack.enter_async_context(shop))
        for shape in first:
            self.buyer_orders(shape, "paid")

    def _stack_sync(self, temporary: tempfile.TemporaryDirectory[str]) -> str:
        return self._stack.enter_context(temporary)

    @invariant()
    def a_second_later(self) -> None:
        self.tally["steps"] += 1  # the first time before any step, so that a run counts one more
        if self._hall is not None:
            self._run(self._hall.clock.sleep(1))

    # The buyer.

    @rule(shape=st.sampled_from(SHAPES), state=st.sampled_from(["paid", "paid", "paid", "unpaid", "pending", "cod"]))
    def buyer_orders(self, shape: Shape, state: str) -> None:
        answer = self._do(self.hall.shop_desk.act("/orders", shape.draft(state)))
        if answer is not None:
            self._shapes[answer["order_sn"]] = shape

    @rule(pick=_PICK)
    def buyer_pays(self, pick: int) -> None:
        self._shop(pick, "/orders/{order_sn}/pay", OrderStatus.UNPAID)

    @rule(pick=_PICK)
    def shopee_releases(self, pick: int) -> None:
        self._shop(pick, "/orders/{order_sn}/release", OrderStatus.PENDING)

    @rule(pick=_PICK)
    def buyer_cancels_unpaid(self, pick: int) -> None:
        self._shop(pick, "/orders/{order_sn}/cancel", OrderStatus.UNPAID, body={"by": "buyer"})

    @rule(pick=_PICK, by=st.sampled_from(["buyer", "seller", "system"]))
    def somebody_cancels_paid(self, pick: int, by: str) -> None:
        self._shop(pick, "/orders/{order_sn}/cancel", *_TO_SHIP, OrderStatus.PROCESSED, body={"by": by})

    @rule(pick=_PICK)
    def buyer_asks_to_cancel(self, pick: int) -> None:
        path = "/orders/{order_sn}/buyer-cancel-request"
        order = self._shop(pick, path, *_TO_SHIP, OrderStatus.PROCESSED)
        if order is not None:
            self._wishes[order.order_sn] += 1

    @rule(pick=_PICK)
    def buyer_returns(self, pick: int) -> None:
        self._shop(pick, "/orders/{order_sn}/return", OrderStatus.TO_CONFIRM_RECEIVE, OrderStatus.COMPLETED)

    # The seller in Seller Center, and the carrier.

    @rule(pick=_PICK)
    def seller_arranges(self, pick: int) -> None:
        self._shop(pick, "/orders/{order_sn}/arrange", *_TO_SHIP)

    @rule(pick=_PICK)
    def seller_splits(self, pick: int) -> None:
        self._shop(pick, "/orders/{order_sn}/split", OrderStatus.READY_TO_SHIP)

    @rule(pick=_PICK)
    def seller_puts_together(self, pick: int) -> None:
        self._shop(pick, "/orders/{order_sn}/unsplit", OrderStatus.READY_TO_SHIP)

    @rule(pick=_PICK, event=st.sampled_from(["pickup", "pickup", "miss-pickup"]))
    def carrier_comes(self, pick: int, event: str) -> None:
        order = self._one(pick, OrderStatus.PROCESSED)
        if order is not None:
            fetched = all(package.arranged_by == "pickup" for package in order.packages)
            path = f"/orders/{{order_sn}}/{event if fetched else 'pickup'}"
            self._do(self.hall.shop_desk.act(path, order_sn=order.order_sn))

    @rule(pick=_PICK, event=st.sampled_from(["deliver", "deliver", "fail"]))
    def carrier_brings(self, pick: int, event: str) -> None:
        self._shop(pick, f"/orders/{{order_sn}}/{event}", OrderStatus.SHIPPED)

    @rule(pick=_PICK)
    def order_ends(self, pick: int) -> None:
        self._shop(pick, "/orders/{order_sn}/complete", OrderStatus.TO_CONFIRM_RECEIVE)

    # The people in LS Central.

    @rule(pick=_PICK)
    def store_picks(self, pick: int) -> None:
        self._central(pick, "/orders/{order}/pick")

    @rule(pick=_PICK, which=st.integers(0, 3), missing=st.integers(1, 3))
    def store_finds_too_few(self, pick: int, which: int, missing: int) -> None:
        self._central(pick, "/orders/{order}/short-pick", one_line=which, units=missing)

    @rule(pick=_PICK, numbered=st.sampled_from([True, True, False]))
    def office_posts(self, pick: int, numbered: bool) -> None:
        """The seller's own fleet gives its number at once."""
        self._central(pick, "/orders/{order}/post", number=f"FLEET{pick}" if numbered else "")

    @rule(pick=_PICK, which=st.integers(0, 3))
    def office_posts_a_line(self, pick: int, which: int) -> None:
        self._central(pick, "/orders/{order}/post", one_line=which)

    @rule(pick=_PICK)
    def office_cancels(self, pick: int) -> None:
        self._central(pick, "/orders/{order}/cancel")

    @rule(pick=_PICK, which=st.integers(0, 3))
    def office_cancels_a_line(self, pick: int, which: int) -> None:
        self._central(pick, "/orders/{order}/cancel", one_line=which)

    @rule(pick=_PICK, which=st.integers(0, 3), units=st.integers(1, 2))
    def office_cancels_some_of_a_line(self, pick: int, which: int, units: int) -> None:
        self._central(pick, "/orders/{order}/cancel", one_line=which, units=units)

    @rule(pick=_PICK, on_hold=st.booleans())
    def office_holds(self, pick: int, on_hold: bool) -> None:
        document = self._document(pick)
        if document is not None:
            path, body = "/orders/{order}/hold", {"on_hold": on_hold}
            self._do(self.hall.central_desk.act(path, body, order=document.document_id))

    @rule(pick=st.integers(0, 9))
    def office_deletes(self, pick: int) -> None:
        if pick == 0:  # seldom
            self._central(pick, "/orders/{order}/delete")

    # Time, and what goes wrong.

    @rule(seconds=st.sampled_from([10, 45, 200, 400, 1_200, 3_700, 3_700, 20_000]))
    def time_passes(self, seconds: int) -> None:
        self._run(self.hall.clock.sleep(seconds))
        self._effective()

    @rule(
        side=st.sampled_from(["shopee", "central"]),
        kind=st.sampled_from(_TROUBLES),
        probability=st.sampled_from([0.05, 0.2, 0.5]),
        times=st.integers(1, 4),
    )
    def answers_are_lost(self, side: str, kind: str, probability: float, times: int) -> None:
        fault = Fault.model_validate({"kind": kind, "path": _NOT_SIGN_IN, "probability": probability, "times": times})
        self.hall.trouble(side, fault)
        self._effective()

    # Crossdock, and the person who looks after it.

    @rule()
    def crossdock_pulls(self) -> None:
        self._ask(lambda engine: engine.pull(ROUTE))

    @rule()
    def crossdock_pulls_again(self) -> None:
        self._ask(lambda engine: engine.pull(ROUTE))

    @rule(pick=_PICK)
    def crossdock_plans(self, pick: int) -> None:
        order, before = self._one(pick), self._written()
        if order is not None:
            self._ask(lambda engine: engine.plan(ROUTE, [order.order_sn] if pick % 2 else []))
            assert self._written() == before, "planning changed something"

    @rule(pick=_PICK)
    def crossdock_pulls_only_one(self, pick: int) -> None:
        order = self._one(pick)
        if order is not None:
            self._ask(lambda engine: engine.pull(ROUTE, [order.order_sn]))

    @rule(effects=st.integers(1, 40))
    def crossdock_dies(self, effects: int) -> None:
        if self._run(self.hall.kill(lambda engine: engine.pull(ROUTE), effects)):
            self.tally["deaths"] += 1
        self._effective()

    @rule(pick=_PICK, doubled=st.booleans())
    def nudges_arrive(self, pick: int, doubled: bool) -> None:
        order = self._one(pick)
        if order is not None:
            numbers = [order.order_sn, *list(self._shapes)[:2]][::-1]
            for _ in range(1 + doubled):
                self._ask(lambda engine: engine.ledger.nudge(ROUTE, list(dict.fromkeys(numbers)), "push message"))

    @rule(pick=_PICK)
    def person_retries(self, pick: int) -> None:
        parked = sorted({item.key for item in self._run(self._parked())})
        if parked:
            self._ask(lambda engine: engine.retry(ROUTE, [parked[pick % len(parked)]]))

    @rule(pick=st.integers(0, 19))
    def person_drops(self, pick: int) -> None:
        parked = sorted({item.key for item in self._run(self._parked())})
        if parked and pick < 5:  # seldom
            key = parked[pick % len(parked)]
            self._ask(lambda engine: engine.drop(ROUTE, [key], "settled by hand"))
            self._dropped.add(key)

    # What must hold in the end.

    def teardown(self) -> None:
        try:
            if self._hall is not None:
                self._run(self._calm_down())
                self._run(self._check())
        finally:
            self._run(self._stack.aclose())
            self._runner.close()

    async def _calm_down(self) -> None:
        """Stop all trouble, and let crossdock work until nothing happens any more."""
        for side in ("shopee", "central"):
            self.hall.trouble(side)
        await self.hall.clock.sleep(3_600)  # what is tried again waits for an hour at most
        await self.hall.attempt(lambda engine: engine.pull(ROUTE))
        await self.hall.clock.sleep(6 * 3_600)  # a deletion leaves no trace, and is found by the next round of reading
        still = 0
        for _ in range(_CALMING_PULLS):
            before = self._written()
            await self.hall.clock.sleep(900)
            await self.hall.attempt(lambda engine: engine.pull(ROUTE))
            still = still + 1 if before == self._written() else 0
            if still == 3:
                return
        raise AssertionError(f"crossdock still writes after {_CALMING_PULLS} pulls in peace")

    async def _check(self) -> None:
        found = await Aftermath(self.hall, self._policies, self._shapes, self._wishes, self._dropped).check()
        self.tally.update(found)


def test_after_any_life_both_sides_agree_or_one_parked_item_says_why_not(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    Lifecycle.tally.clear()
    chosen = settings(
        max_examples=500 if _LONG else _SHORT_EXAMPLES,
        stateful_step_count=_SHORT_STEPS,
        deadline=None,
        derandomize=not _LONG,
        database=None,
        backend="hypothesis" if _LONG else PLAIN,
        phases=tuple(Phase) if _LONG else (Phase.generate,),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(Lifecycle, settings=chosen)
    finally:
        structlog.reset_defaults()
    with capsys.disabled():
        print(f"\nlifecycle machine: {dict(Lifecycle.tally)}")  # noqa: T201 - what a run did
    assert Lifecycle.tally["steps"] - chosen.max_examples >= _AT_LEAST
