import pytest

from crossdock.contract import VERBS
from crossdock.flows.orders.states import Channel, Document, channel_state, document_state
from crossdock.flows.orders.table import TABLE, plan, rows
from crossdock.model import Charge, Money, OrderStatus
from tests.core.flows.cases import CHANNEL_VERBS, DOCUMENT, KEY, document, kinds, line, order, pair, parcel, policy

CHANNEL = {
    Channel.WAITING: order("unpaid"),
    Channel.OPEN: order("open", parcel()),
    Channel.WISH: order("cancelling", parcel()),
    Channel.PROCESSED: order("arranged", parcel(status="arranged", tracking="T1")),
    Channel.CANCELLED: order("cancelled"),
    Channel.UNKNOWN: order("unknown"),
}
BACKEND = {
    Document.NONE: None,
    Document.GONE: None,
    Document.OPEN: document("open"),
    Document.PARTLY: document("partly_shipped", parcel("102042", "shipped")),
    Document.POSTED: document("shipped", parcel("102042", "shipped")),
    Document.CANCELLED: document("cancelled"),
    Document.UNKNOWN: document("unknown"),
}
NOTHING, GONE, UNKNOWN = "nothing", "conflict document-deleted", "conflict unknown-status"
EXPECTED = {
    **{(Channel.UNKNOWN, state): UNKNOWN for state in Document},
    **{(state, Document.UNKNOWN): UNKNOWN for state in Channel},
    **{(state, Document.GONE): GONE for state in Channel},
    (Channel.WAITING, Document.NONE): NOTHING,
    (Channel.WAITING, Document.OPEN): NOTHING,
    (Channel.WAITING, Document.PARTLY): "conflict posted-too-early",
    (Channel.WAITING, Document.POSTED): "conflict posted-too-early",
    (Channel.WAITING, Document.CANCELLED): "cancel_on_channel",
    (Channel.OPEN, Document.NONE): "create",
    (Channel.OPEN, Document.OPEN): NOTHING,
    (Channel.OPEN, Document.PARTLY): NOTHING,  # one parcel for all of it: wait for the rest
    (Channel.OPEN, Document.POSTED): "arrange",
    (Channel.OPEN, Document.CANCELLED): "cancel_on_channel",
    (Channel.WISH, Document.NONE): "conflict cancellation-wish",
    (Channel.WISH, Document.OPEN): "conflict cancellation-wish",
    (Channel.WISH, Document.PARTLY): "conflict wish-after-posting",
    (Channel.WISH, Document.POSTED): "conflict wish-after-posting",
    (Channel.WISH, Document.CANCELLED): "answer_wish",
    (Channel.PROCESSED, Document.NONE): NOTHING,  # create_fulfilled_orders is off
    (Channel.PROCESSED, Document.OPEN): NOTHING,  # the backend is to post it
    (Channel.PROCESSED, Document.PARTLY): "tracking",
    (Channel.PROCESSED, Document.POSTED): "tracking",
    (Channel.PROCESSED, Document.CANCELLED): "cancel_on_channel",
    (Channel.CANCELLED, Document.NONE): NOTHING,
    (Channel.CANCELLED, Document.GONE): NOTHING,
    (Channel.CANCELLED, Document.OPEN): "cancel_document",
    (Channel.CANCELLED, Document.PARTLY): "conflict cancelled-after-posting",
    (Channel.CANCELLED, Document.POSTED): "conflict cancelled-after-posting",
    (Channel.CANCELLED, Document.CANCELLED): NOTHING,
}
CELLS = [(channel, state) for channel in Channel for state in Document]


def answer(planned):
    if planned.conflict is not None:
        return f"conflict {planned.conflict.cause}"
    return ", ".join(kinds(planned)) or NOTHING


def cell(channel, state):
    if state is Document.GONE:
        return pair(CHANNEL[channel], document_id=DOCUMENT, document_gone=True)
    made = pair(CHANNEL[channel], BACKEND[state])
    assert (channel_state(made.channel.status), document_state(made)) == (channel, state)
    return made


def test_the_table_has_a_row_for_every_combination_of_both_sides():
    assert set(TABLE) == set(CELLS) == set(EXPECTED)


@pytest.mark.parametrize(("channel", "state"), CELLS, ids=lambda state: state.value)
def test_every_row_is_answered_as_the_table_says(channel, state):
    assert answer(plan(cell(channel, state), policy())) == EXPECTED[channel, state]


@pytest.mark.parametrize(("channel", "state"), CELLS, ids=lambda state: state.value)
def test_every_answer_says_why_and_every_conflict_what_a_person_can_do(channel, state):
    planned = plan(cell(channel, state), policy())
    assert planned.why
    assert planned.conflict is None or (planned.conflict.choices and planned.conflict.reason == planned.why)


def test_the_table_can_be_read():
    read = {(channel, state): text for channel, state, text in rows()}
    assert len(read) == len(CELLS)
    assert read["open", "no document"] == "Create the document."
    assert read["cancelled", "deleted"].startswith("Nothing: ")
    assert read["open", "deleted"].startswith("Conflict: the document exists neither")
    assert all(text.endswith(".") for text in read.values())


@pytest.mark.parametrize("status", OrderStatus)
def test_every_status_has_a_meaning_on_both_sides(status):
    assert channel_state(status) in Channel
    assert document_state(pair(order(), document(status))) in Document


def test_a_document_that_was_made_and_not_read_yet_counts_as_open():
    assert document_state(pair(order(), document_id=DOCUMENT)) is Document.OPEN


def test_an_order_that_was_never_seen_leads_to_nothing():
    planned = plan(pair(None), policy())
    assert (planned.steps, planned.conflict) == ((), None)
    assert planned.why == "the channel's order has not been seen yet"


class TestTakingOver:
    def test_a_create_carries_the_channels_number(self):
        (step,) = plan(pair(order()), policy()).steps
        assert (step.kind, step.reference) == ("create", KEY)
        assert step.why == "OPEN on the channel, no document in the backend"
        assert not step.again

    def test_an_order_that_does_not_balance_is_a_conflict_that_names_both_sums(self):
        planned = plan(pair(order(total=Money.parse("20.05 SGD"))), policy())
        assert planned.conflict.cause == "totals"
        assert "the buyer paid 20.05 SGD" in planned.why
        assert "add up to 20.00 SGD" in planned.why

    def test_another_imbalance_is_another_conflict(self):
        one = plan(pair(order(total=Money.parse("20.05 SGD"))), policy())
        other = plan(pair(order(total=Money.parse("99.00 SGD"), lines=(line(quantity=3),))), policy())
        assert one.conflict.reference != other.conflict.reference

    @pytest.mark.parametrize(
        "changed",
        [
            {"lines": (line(quantity=3),)},
            {"lines": (line(price="11.00"),)},
            {"lines": (line(), line("2"))},
            {"charges": (Charge(kind="shipping", amount=Money.parse("1.00 SGD")),)},
        ],
    )
    def test_what_was_bought_changed_after_creation(self, changed):
        made = pair(order(), document())
        made.channel = order(**changed)
        assert plan(made, policy()).conflict.cause == "changed-after-creation"

    def test_a_number_written_otherwise_is_no_change(self):
        made = pair(order(), document())
        same = line().model_copy(update={"quantity": line().quantity.quantize(line().paid_price.scaleb(-3))})
        assert str(same.quantity) != str(line().quantity)
        made.channel = order(lines=(same,))
        assert plan(made, policy()).conflict is None

    def test_an_order_that_was_linked_without_our_creating_it_is_not_compared(self):
        made = pair(order(), document())
        made.steps.clear()
        assert answer(plan(made, policy())) == NOTHING

    def test_an_order_that_was_open_when_first_seen_is_created_even_if_it_is_arranged_by_now(self):
        (step,) = plan(pair(order("arranged"), first_status="open"), policy()).steps
        assert step.kind == "create"
        assert step.again

    @pytest.mark.parametrize("status", ["arranged", "shipped", "delivered", "completed", "returning"])
    def test_orders_processed_before_they_were_first_seen_come_in_only_when_wanted(self, status):
        seen = pair(order(status))
        assert "create_fulfilled_orders is off" in plan(seen, policy()).why
        assert kinds(plan(seen, policy(create_fulfilled_orders=True))) == ["create"]

    def test_an_order_that_came_in_processed_is_posted_once(self):
        made = pair(order("shipped"), document())
        assert kinds(plan(made, policy(create_fulfilled_orders=True))) == ["post"]
        assert answer(plan(made, policy())) == NOTHING
        assert answer(plan(made, policy(backend={"push_order"}, create_fulfilled_orders=True))) == NOTHING

    def test_an_order_that_was_open_when_first_seen_is_not_posted_from_here(self):
        made = pair(order("shipped"), document(), first_status="open")
        assert answer(plan(made, policy(create_fulfilled_orders=True))) == NOTHING


class TestMirroring:
    verbs = frozenset(VERBS)

    def test_a_backend_with_its_own_machine_is_told_of_each_change(self):
        made = pair(order("arranged", parcel(status="arranged")), document())
        (step,) = plan(made, policy(backend=self.verbs)).steps
        assert (step.kind, step.why) == ("update", "the channel shows ARRANGED")

    def test_what_it_was_told_is_not_told_again(self):
        made = pair(order(), document())
        (step,) = plan(made, policy(backend=self.verbs)).steps
        told = pair(order(), document(), done=[f"update:{step.reference}"])
        assert answer(plan(told, policy(backend=self.verbs))) == NOTHING
        told.channel = order("arranged", parcel(status="arranged"))
        assert kinds(plan(told, policy(backend=self.verbs))) == ["update"]

    def test_it_gets_orders_that_came_in_processed_without_being_asked(self):
        assert kinds(plan(pair(order("shipped")), policy(backend=self.verbs))) == ["create"]

    def test_it_is_told_again_when_the_channel_comes_back_to_what_it_showed_before(self):
        made = pair(order(), document())
        for status in ("open", "cancelling", "open", "cancelling"):
            made.channel = order(status)
            (step,) = plan(made, policy(backend=self.verbs)).steps
            assert step.kind == "update"
            made.steps |= pair(order(), document(), done=[f"update:{step.reference}"]).steps
            assert "update" not in kinds(plan(made, policy(backend=self.verbs)))

    def test_it_is_told_that_its_own_cancellation_was_carried_out(self):
        made = pair(order("cancelled"), document("cancelled"))
        assert kinds(plan(made, policy(backend=self.verbs))) == ["update"]
        assert kinds(plan(made, policy())) == []

    @pytest.mark.parametrize("status", ["unpaid", "held"])
    def test_it_gets_unpaid_orders_only_where_the_route_says_so(self, status):
        seen = pair(order(status))
        assert kinds(plan(seen, policy(backend=self.verbs, create_unpaid=True))) == ["create"]
        assert kinds(plan(seen, policy(backend=self.verbs))) == []
        assert kinds(plan(seen, policy(create_unpaid=True))) == []

    @pytest.mark.parametrize("channel", [Channel.UNKNOWN, Channel.CANCELLED])
    def test_nothing_is_mirrored_to_what_is_gone_or_from_what_is_unknown(self, channel):
        made = pair(CHANNEL[channel], document_id=DOCUMENT, document_gone=True)
        assert "update" not in kinds(plan(made, policy(backend=self.verbs)))


class TestCancelling:
    wish = pair(order("cancelling"), document())

    def test_a_wish_is_answered_as_the_route_says(self):
        (accept,) = plan(self.wish, policy(buyer_cancellation="accept")).steps
        (reject,) = plan(self.wish, policy(buyer_cancellation="reject")).steps
        assert (accept.accept, reject.accept) == (True, False)
        assert accept.reference == "accept:20260101000000"

    def test_a_wish_without_a_moment_is_answered_once(self):
        (step,) = plan(pair(order("cancelling", updated_at=None)), policy(buyer_cancellation="reject")).steps
        assert step.reference == "reject"

    def test_a_channel_that_takes_no_answer_leaves_it_to_a_person(self):
        planned = plan(self.wish, policy(CHANNEL_VERBS - {"answer_cancellation"}, buyer_cancellation="accept"))
        assert planned.conflict.cause == "cancellation-wish"
        assert "takes no answer" in planned.why

    def test_a_document_that_cannot_be_cancelled_is_a_conflict(self):
        bound = pair(order("cancelled"), document(can_cancel=False))
        assert answer(plan(bound, policy())) == "conflict cancelled-too-late"
        free = pair(order("cancelled"), document())
        assert answer(plan(free, policy(backend={"push_order"}))) == "conflict cancelled-too-late"

    def test_a_document_that_was_not_read_yet_is_cancelled_all_the_same(self):
        assert kinds(plan(pair(order("cancelled"), document_id=DOCUMENT), policy())) == ["cancel_document"]

    def test_cancelling_on_the_channel_can_be_switched_off(self):
        both = pair(order(), document("cancelled"))
        assert answer(plan(both, policy(cancel_on_channel=False))) == NOTHING

    def test_a_channel_that_does_not_let_it_be_cancelled_is_a_conflict(self):
        bound = pair(order(can_cancel=False), document("cancelled"))
        assert answer(plan(bound, policy())) == "conflict channel-cannot-cancel"
        free = pair(order(), document("cancelled"))
        assert answer(plan(free, policy(CHANNEL_VERBS - {"cancel_order"}))) == "conflict channel-cannot-cancel"

    def test_a_document_cancelled_after_a_part_was_posted_is_a_conflict(self):
        partly = pair(order(), document("cancelled", parcel("102042", "shipped")))
        assert answer(plan(partly, policy())) == "conflict cancelled-partly-posted"

    @pytest.mark.parametrize("status", ["shipped", "delivered", "completed"])
    def test_what_has_left_is_not_cancelled(self, status):
        left = pair(order(status), document("cancelled"))
        assert answer(plan(left, policy())) == "conflict cancelled-after-shipping"


class TestShipping:
    posted = document("shipped", parcel("102042", "shipped"))

    def test_posting_arranges_every_parcel_that_is_ready(self):
        made = pair(
            order("open", parcel("P1"), parcel("P2"), parcel("P3", "waiting")),
            document("shipped", parcel("S1", "shipped"), parcel("S2", "shipped"), parcel("S3", "shipped")),
        )
        steps = plan(made, policy()).steps
        assert [(s.kind, s.reference, s.shipment_id, s.posted_id) for s in steps] == [
            ("arrange", "P1#1", "P1", "S1"),
            ("arrange", "P2#1", "P2", "S2"),
        ]

    def test_posting_leaves_the_channel_alone_when_the_route_or_the_channel_says_so(self):
        made = pair(order("open", parcel()), self.posted)
        assert answer(plan(made, policy(process_order=False))) == NOTHING
        assert answer(plan(made, policy(CHANNEL_VERBS - {"arrange_shipment"}))) == NOTHING
        partly = pair(order("open", parcel()), document("partly_shipped", parcel("S1", "shipped")))
        assert answer(plan(partly, policy(process_order=False))) == NOTHING

    @pytest.mark.parametrize("parcels", [(), (parcel(status="waiting"),)])
    def test_a_channel_without_a_ready_parcel_is_looked_at_again(self, parcels):
        planned = plan(pair(order("open", *parcels), self.posted), policy())
        assert answer(planned) == NOTHING
        assert planned.waits

    def test_a_failed_pick_up_is_arranged_again_under_a_new_reference(self):
        again = pair(order("open", parcel(status="retry")), self.posted, done=["arrange:P1#1"])
        assert [step.reference for step in plan(again, policy()).steps] == ["P1#retry 20260101000000"]
        timeless = pair(order("arranged", parcel(status="retry"), updated_at=None), self.posted)
        assert [step.reference for step in plan(timeless, policy()).steps] == ["P1#1"]

    def test_a_parcel_of_a_processed_order_that_is_not_arranged_is_arranged(self):
        made = pair(
            order("arranged", parcel("P1", "arranged", "T1"), parcel("P2")),
            document("shipped", parcel("S1", "shipped", "T1"), parcel("S2", "shipped")),
        )
        assert [(s.kind, s.shipment_id) for s in plan(made, policy()).steps] == [("arrange", "P2")]
        assert answer(plan(made, policy(process_order=False))) == NOTHING

    def test_parts_that_are_posted_are_arranged_where_the_channel_has_a_parcel_for_each(self):
        made = pair(
            order("open", parcel("P1", lines="1"), parcel("P2", lines="2")),
            document("partly_shipped", parcel("S1", "shipped", lines="2")),
        )
        (step,) = plan(made, policy()).steps
        assert (step.kind, step.shipment_id, step.posted_id) == ("arrange", "P2", "S1")

    def test_a_part_that_fits_no_parcel_waits_for_the_rest(self):
        made = pair(
            order("open", parcel("P1", lines="1"), parcel("P2", lines="2")),
            document("partly_shipped", parcel("S1", "shipped", lines="3")),
        )
        assert answer(plan(made, policy(partial_posting="conflict"))) == NOTHING

    def test_a_part_for_the_only_parcel_waits_or_asks_as_the_route_says(self):
        made = pair(order("open", parcel()), document("partly_shipped", parcel("S1", "shipped")))
        assert "waiting for the rest" in plan(made, policy()).why
        assert answer(plan(made, policy(partial_posting="conflict"))) == "conflict posted-partly"

    def test_a_tracking_number_that_the_backend_lacks_is_written_to_its_shipment(self):
        made = pair(order("arranged", parcel(status="arranged", tracking="T1")), self.posted)
        (step,) = plan(made, policy()).steps
        assert (step.kind, step.reference, step.posted_id) == ("tracking", "102042:T1", "102042")

    def test_a_tracking_number_that_changed_is_written_again(self):
        known = document("shipped", parcel("102042", "shipped", "T1"))
        made = pair(order("arranged", parcel(status="arranged", tracking="T2")), known, done=["tracking:102042:T1"])
        assert [step.reference for step in plan(made, policy()).steps] == ["102042:T2"]

    def test_two_parcels_never_write_to_one_shipment(self):
        twins = [parcel(f"P{n}", "arranged", f"T{n}", lines="1") for n in (1, 2)]
        posted = [parcel(f"S{n}", "shipped", lines="1") for n in (1, 2)]
        steps = plan(pair(order("arranged", *twins), document("shipped", *posted)), policy()).steps
        assert [step.reference for step in steps] == ["S1:T1", "S2:T2"]
        alone = plan(pair(order("arranged", *twins), document("shipped", posted[0])), policy()).steps
        assert [step.reference for step in alone] == ["S1:T1"]

    def test_lines_decide_before_the_order_of_parcels(self):
        made = pair(
            order("arranged", parcel("P1", "arranged", "T1", lines="1"), parcel("P2", "arranged", "T2", lines="2")),
            document("shipped", parcel("S1", "shipped", lines="2"), parcel("S2", "shipped", lines="1")),
        )
        assert {step.reference for step in plan(made, policy()).steps} == {"S2:T1", "S1:T2"}

    def test_the_only_parcel_holds_all_of_several_postings(self):
        made = pair(
            order("arranged", parcel("P1", "arranged", "T1")),
            document("shipped", parcel("S1", "shipped"), parcel("S2", "shipped")),
        )
        assert [step.reference for step in plan(made, policy()).steps] == ["S1:T1", "S2:T1"]

    def test_a_fee_posted_by_itself_is_in_no_parcel(self):
        fee, goods = parcel("S1", "shipped"), parcel("S2", "shipped", lines="1")
        made = pair(order("arranged", parcel("P1", "arranged", "T1")), document("shipped", fee, goods))
        assert [step.reference for step in plan(made, policy()).steps] == ["S2:T1"]

    def test_several_parcels_of_one_posted_shipment_are_a_conflict_that_names_their_numbers(self):
        parcels = parcel("P1", "arranged", "T1", lines="1"), parcel("P2", "arranged", "T2", lines="2")
        all_in_one = document("shipped", parcel("S1", "shipped", lines="12"))
        planned = plan(pair(order("arranged", *parcels), all_in_one), policy())
        assert answer(planned) == "conflict parcels-and-shipments"
        assert "S1" in planned.why
        assert "T1 of parcel P1, T2 of parcel P2" in planned.why
        left = pair(order("arranged", *parcels), all_in_one, done=["accepted:parcels-and-shipments:T1,T2"])
        assert answer(plan(left, policy())) == NOTHING

    def test_parcels_and_shipments_of_other_lines_are_not_guessed_at(self):
        parcels = parcel("P1", "arranged", "T1", lines="1"), parcel("P2", "arranged", "T2", lines="23")
        posted = parcel("S1", "shipped", lines="12"), parcel("S2", "shipped", lines="3")
        made = pair(order("arranged", *parcels), document("shipped", *posted))
        assert answer(plan(made, policy())) == "conflict parcels-and-shipments"
        rest = parcel("S1", "shipped", lines="1"), parcel("S2", "shipped", lines="3")
        by_elimination = pair(order("arranged", *parcels), document("shipped", *rest))
        assert [step.reference for step in plan(by_elimination, policy()).steps] == ["S1:T1", "S2:T2"]
        partly = pair(order("arranged", *parcels), document("partly_shipped", parcel("S1", "shipped", lines="123")))
        assert answer(plan(partly, policy())) == NOTHING
        deaf = policy(backend={"push_order"})
        assert answer(plan(made, deaf)) == NOTHING

    def test_a_backend_without_tracking_gets_none(self):
        made = pair(order("arranged", parcel(status="arranged", tracking="T1")), self.posted)
        assert answer(plan(made, policy(backend={"push_order"}))) == NOTHING

    @pytest.mark.parametrize(
        ("status", "waits"),
        [("arranged", True), ("shipped", True), ("delivered", False), ("failed", False), ("lost", False)],
    )
    def test_a_tracking_number_is_waited_for_only_while_one_may_come(self, status, waits):
        assert plan(pair(order("arranged", parcel(status=status)), self.posted), policy()).waits is waits

    def test_labels_are_fetched_once_a_parcel_is_arranged_and_has_its_number(self):
        known = document("shipped", parcel("102042", "shipped", "T1"))
        ready = pair(order("arranged", parcel(status="arranged", tracking="T1")), known)
        (step,) = plan(ready, policy(labels=True)).steps
        assert (step.kind, step.reference, step.again) == ("label", "P1:T1", False)
        assert answer(plan(ready, policy())) == NOTHING
        assert answer(plan(ready, policy(CHANNEL_VERBS - {"fetch_label"}, labels=True))) == NOTHING
        kept = pair(ready.channel, known, done=["label:P1:T1"])
        assert answer(plan(kept, policy(labels=True))) == NOTHING
        early = pair(order("arranged", parcel(status="arranged")), known)
        assert answer(plan(early, policy(labels=True))) == NOTHING
