"""The life of an order between Shopee and LS Central, both ways."""

from __future__ import annotations

from tests.journeys.stage import SKUS, Stage

A_WHILE = 300
AN_HOUR = 3_600


async def status(stage: Stage, order: str) -> str:
    """The order's status in Shopee, in Shopee's own words."""
    shown = await stage.shopee.act("GET", f"/orders/{order}")
    return str(shown["order_status"])


async def parked(stage: Stage) -> list[dict[str, object]]:
    """What waits for a person."""
    found: list[dict[str, object]] = (await stage.crossdock("parked", "list", "--json")).json
    return found


async def taken_over(stage: Stage, **order: object) -> str:
    """An order that is in LS Central."""
    placed = await stage.place(**order)
    await stage.pull()
    return placed


async def tracking_numbers(stage: Stage, order: str) -> list[str]:
    """Package Tracking No. of every posted shipment of the order in LS Central."""
    document = await stage.document(order)
    return [shipment["tracking_no"] for shipment in document["shipments"]]


async def test_pulling_one_order_by_hand_ends_in_the_same_state_as_the_schedule(stage: Stage) -> None:
    by_hand, by_schedule = await stage.place(), await stage.place()

    await stage.pull("--only", by_hand)
    assert [write["key"] for write in await stage.central.writes("create_order")] == [by_hand]
    await stage.pull()

    created = [write["key"] for write in await stage.central.writes("create_order")]
    assert created == [by_hand, by_schedule]


async def test_cancelled_in_ls_central_is_cancelled_in_shopee(stage: Stage) -> None:
    order = await taken_over(stage)

    await stage.central.act("POST", f"/orders/{order}/cancel")
    await stage.pull()

    assert await status(stage, order) == "CANCELLED"
    assert [write["key"] for write in await stage.shopee.writes("cancel_order")] == [order]


async def test_cancelled_in_shopee_is_cancelled_in_ls_central_and_found_among_the_posted(stage: Stage) -> None:
    order = await taken_over(stage)

    await stage.shopee.act("POST", f"/orders/{order}/cancel", {"by": "seller", "reason": "Out of Stock"})
    await stage.pull()
    await stage.pull()

    assert (await stage.document(order))["state"] == "cancelled"
    assert len(await stage.central.writes("cancel_order")) == 1


async def test_posting_arranges_the_shipment_and_the_tracking_number_follows(stage: Stage) -> None:
    order = await taken_over(stage)

    await stage.central.act("POST", f"/orders/{order}/post")
    await stage.pull()

    assert [write["key"] for write in await stage.shopee.writes("ship_order")] == [order]
    assert await tracking_numbers(stage, order) == [""]

    await stage.wait(AN_HOUR)
    await stage.pull("--only", order)

    assert await status(stage, order) == "PROCESSED"
    shown = await stage.shopee.act("GET", f"/orders/{order}")
    assert shown["packages"][0]["tracking_number"] != ""
    assert await tracking_numbers(stage, order) == [shown["packages"][0]["tracking_number"]]
    assert len(await stage.shopee.writes("ship_order")) == 1


async def test_posting_changes_nothing_in_shopee_when_process_order_is_off(stage: Stage) -> None:
    stage.configure(orders="process_order = false")
    order = await taken_over(stage)

    await stage.central.act("POST", f"/orders/{order}/post")
    await stage.pull()

    assert await status(stage, order) == "READY_TO_SHIP"


async def test_an_order_processed_before_it_was_seen_comes_in_posted_with_its_tracking_number(stage: Stage) -> None:
    stage.configure(orders="create_fulfilled_orders = true")
    order = await stage.place(items=[{"model_sku": SKUS[0], "quantity": 2, "original_price": "20.00"}])
    await stage.wait(A_WHILE)
    await stage.shopee.act("POST", f"/orders/{order}/arrange")
    await stage.wait(AN_HOUR)

    await stage.pull()

    document = await stage.document(order)
    shown = await stage.shopee.act("GET", f"/orders/{order}")
    assert document["state"] == "posted"
    assert len(document["invoices"]) == 1
    assert await tracking_numbers(stage, order) == [shown["packages"][0]["tracking_number"]]
    assert len(await stage.central.writes("create_order")) == 1


async def test_an_order_processed_before_it_was_seen_is_left_out_and_says_why_by_default(stage: Stage) -> None:
    order = await stage.place()
    await stage.wait(A_WHILE)
    await stage.shopee.act("POST", f"/orders/{order}/arrange")
    await stage.wait(A_WHILE)

    await stage.pull()

    assert await stage.central.writes("create_order") == []
    assert "create_fulfilled_orders is off" in (await stage.crossdock("explain", order)).out


async def test_a_buyers_wish_to_cancel_waits_for_a_person_by_default(stage: Stage) -> None:
    order = await taken_over(stage)

    await stage.shopee.act("POST", f"/orders/{order}/buyer-cancel-request")
    await stage.pull(code=1)

    assert await status(stage, order) == "IN_CANCEL"
    assert [item["order"] for item in await parked(stage)] == [order]


async def test_a_buyers_wish_to_cancel_is_accepted_where_the_route_says_so(stage: Stage) -> None:
    stage.configure(orders='buyer_cancellation = "accept"')
    order = await taken_over(stage)

    await stage.shopee.act("POST", f"/orders/{order}/buyer-cancel-request")
    await stage.pull()
    await stage.pull()

    assert await status(stage, order) == "CANCELLED"
    assert (await stage.document(order))["state"] == "cancelled"


async def test_a_buyers_wish_to_cancel_is_rejected_where_the_route_says_so(stage: Stage) -> None:
    stage.configure(orders='buyer_cancellation = "reject"')
    order = await taken_over(stage)

    await stage.shopee.act("POST", f"/orders/{order}/buyer-cancel-request")
    await stage.pull()

    assert await status(stage, order) == "READY_TO_SHIP"
    assert (await stage.document(order))["state"] == "open"


async def test_cancelled_in_shopee_after_posting_is_one_conflict_with_both_sides_facts(stage: Stage) -> None:
    order = await taken_over(stage)
    await stage.central.act("POST", f"/orders/{order}/post")
    await stage.shopee.act("POST", f"/orders/{order}/cancel", {"by": "system", "reason": "Failed Delivery"})

    await stage.pull(code=1)
    await stage.pull(code=None)

    [item] = await parked(stage)
    assert item["cause"] == "cancelled-after-posting"
    explained = (await stage.crossdock("explain", order, "--json")).out
    assert "CANCELLED" in explained
    assert "posted" in explained


async def test_a_document_deleted_in_ls_central_is_found_by_the_schedule_and_never_made_again(
    stage: Stage,
) -> None:
    order = await taken_over(stage)
    await stage.central.act("POST", f"/orders/{order}/delete")
    await stage.pull()
    assert await parked(stage) == [], "nothing tells of a deletion"
    await stage.wait(6 * AN_HOUR)

    await stage.pull(code=1)

    [item] = await parked(stage)
    assert item["cause"] == "document-deleted"
    assert len(await stage.central.writes("create_order")) == 1


async def test_a_return_appears_in_the_timeline_with_its_due_date(stage: Stage) -> None:
    order = await taken_over(stage)
    await stage.central.act("POST", f"/orders/{order}/post")
    await stage.pull()
    await stage.wait(AN_HOUR)
    for event in ("pickup", "deliver"):
        await stage.shopee.act("POST", f"/orders/{order}/{event}")
    await stage.shopee.act("POST", f"/orders/{order}/return")

    await stage.pull()

    assert "return" in (await stage.crossdock("explain", order)).out
    assert order in (await stage.crossdock("returns", "list", "--json")).out


async def test_the_label_is_kept_and_written_to_a_file(stage: Stage) -> None:
    stage.configure(orders="labels = true")
    order = await taken_over(stage)
    await stage.central.act("POST", f"/orders/{order}/post")
    await stage.pull()
    await stage.wait(AN_HOUR)
    await stage.pull("--only", order, code=1)  # the label is being printed
    await stage.wait(A_WHILE)
    await stage.pull("--only", order)

    out = stage.folder / "label.pdf"
    await stage.crossdock("label", order, "--out", str(out))

    assert out.read_bytes().startswith(b"%PDF")


TWO_LINES = [
    {"model_sku": SKUS[0], "quantity": 2, "original_price": "20.00"},
    {"model_sku": SKUS[1], "quantity": 1, "original_price": "8.50"},
]


async def test_a_line_cancelled_in_ls_central_is_cancelled_in_shopee_and_the_rest_goes_on(stage: Stage) -> None:
    order = await taken_over(stage, items=TWO_LINES)

    await stage.central.act("POST", f"/orders/{order}/cancel", {"lines": [{"line_no": 20000, "quantity": 1}]})
    await stage.pull()
    await stage.pull()

    shown = await stage.shopee.act("GET", f"/orders/{order}")
    assert shown["order_status"] == "READY_TO_SHIP"
    assert [item["active"] for item in shown["items"]] == [2, 0]
    assert len(await stage.shopee.writes("cancel_order")) == 1

    await stage.central.act("POST", f"/orders/{order}/post")
    await stage.pull()
    assert len(await stage.shopee.writes("ship_order")) == 1


async def test_a_line_cancelled_in_ls_central_is_a_conflict_where_shopee_cancels_only_whole_orders(
    stage: Stage,
) -> None:
    order = await taken_over(stage, items=TWO_LINES)
    forbidden = {"path": "can_partial_cancel_order", "value": False}
    await stage.shopee.act("POST", f"/orders/{order}/corrupt", forbidden)

    await stage.central.act("POST", f"/orders/{order}/cancel", {"lines": [{"line_no": 20000, "quantity": 1}]})
    await stage.pull(code=1)

    [item] = await parked(stage)
    assert item["cause"] == "part-cancelled-in-backend"
    assert "only as a whole" in str(item["reason"])
    assert await stage.shopee.writes("cancel_order") == []


async def test_units_cancelled_in_shopee_are_cancelled_in_ls_central_once(stage: Stage) -> None:
    order = await taken_over(stage, items=TWO_LINES)

    await stage.shopee.act("POST", f"/orders/{order}/cancel-part", {"sku": SKUS[0], "quantity": 1})
    await stage.pull()
    await stage.pull("--only", order)

    document = await stage.document(order)
    assert document["state"] == "open"
    assert [line["cancelled"] for line in document["lines"]] == ["1", "0", "0"]
    assert len(await stage.central.writes("cancel_order")) == 1
