from decimal import Decimal
from typing import Any

import pytest

from tests.plugins.shopee.sandbox_client import START, Client, connected

DAY = 86400


async def delivered(client: Client, **draft: Any) -> str:
    order_sn = await client.order(**draft)
    await client.operate("POST", f"/orders/{order_sn}/arrange")
    await client.advance(10)
    await client.operate("POST", f"/orders/{order_sn}/pickup")
    await client.operate("POST", f"/orders/{order_sn}/deliver")
    return order_sn


async def opened(client: Client, order_sn: str, **draft: Any) -> str:
    return str((await client.operate("POST", f"/orders/{order_sn}/return", draft))["return_sn"])


async def move(client: Client, return_sn: str, **body: Any) -> None:
    await client.operate("POST", f"/returns/{return_sn}/move", body)


async def test_a_return_is_listed_and_shown_and_its_order_waits() -> None:
    async with connected() as client:
        order_sn = await delivered(client, items=[{"sku": "CAP", "quantity": 2}])
        return_sn = await opened(client, order_sn, items=[{"sku": "CAP", "quantity": 1}])
        listed = (await client.get("returns/get_return_list", page_no=0, page_size=10)).response
        [row] = listed["return"]
        assert (row["return_sn"], row["status"], row["refund_amount"]) == (return_sn, "REQUESTED", 12)
        assert (row["item"][0]["amount"], row["item"][0]["item_price"]) == (1, 12)
        detail = (await client.get("returns/get_return_detail", return_sn=return_sn)).response
        assert (detail["order_sn"], detail["return_solution"], detail["needs_logistics"]) == (order_sn, 0, True)
        order = await client.detail(order_sn)
        assert (order["order_status"], order["item_list"][0]["return_requested_qty"]) == ("TO_RETURN", 1)


async def test_an_accepted_return_counts_as_returned_and_lowers_what_the_seller_gets() -> None:
    async with connected() as client:
        order_sn = await delivered(client, items=[{"sku": "CAP", "quantity": 2}])
        return_sn = await opened(client, order_sn, items=[{"sku": "CAP", "quantity": 1}])
        before = (await client.get("payment/get_escrow_detail", order_sn=order_sn)).response
        assert (await client.post("returns/confirm", {"return_sn": return_sn})).response == {"return_sn": return_sn}
        order = await client.detail(order_sn)
        assert (order["order_status"], order["item_list"][0]["returned_qty"]) == ("COMPLETED", 1)
        after = (await client.get("payment/get_escrow_detail", order_sn=order_sn)).response
        assert after["return_order_sn_list"] == [return_sn]
        assert after["order_income"]["seller_return_refund"] == -12
        lost = before["order_income"]["escrow_amount"] - after["order_income"]["escrow_amount"]
        assert lost == Decimal(12)
        again = await client.post("returns/confirm", {"return_sn": return_sn})
        assert again.error == "error_return_status"


async def test_a_withdrawn_return_gives_the_order_its_status_back() -> None:
    async with connected() as client:
        order_sn = await delivered(client)
        return_sn = await opened(client, order_sn)
        await move(client, return_sn, status="CANCELLED")
        assert (await client.detail(order_sn))["order_status"] == "TO_CONFIRM_RECEIVE"
        answer = await client.http.post(f"/_sandbox/returns/{return_sn}/move", json={"status": "ACCEPTED"})
        assert answer.status_code == 409


async def test_a_return_after_completion_leaves_the_order_completed() -> None:
    async with connected() as client:
        order_sn = await delivered(client)
        await client.operate("POST", f"/orders/{order_sn}/complete")
        return_sn = await opened(client, order_sn)
        assert (await client.detail(order_sn))["order_status"] == "COMPLETED"
        detail = (await client.get("returns/get_return_detail", return_sn=return_sn)).response
        assert detail["return_refund_type"] == "RRAOC"


async def test_the_parcel_of_a_return_moves_by_itself() -> None:
    async with connected() as client:
        return_sn = await opened(client, await delivered(client))
        await move(client, return_sn, logistics_status="LOGISTICS_PICKUP_DONE", tracking_number="RN1", status="JUDGING")
        detail = (await client.get("returns/get_return_detail", return_sn=return_sn)).response
        assert (detail["status"], detail["tracking_number"]) == ("JUDGING", "RN1")
        assert detail["reverse_logistic_status"] == "LOGISTICS_PICKUP_DONE"


async def test_only_what_the_buyer_has_can_come_back() -> None:
    async with connected() as client:
        order_sn = await client.order()
        answer = await client.http.post(f"/_sandbox/orders/{order_sn}/return", json={})
        assert answer.status_code == 409
        order_sn = await delivered(client)
        too_many = {"items": [{"sku": "TSHIRT-BLACK-M", "quantity": 2}]}
        answer = await client.http.post(f"/_sandbox/orders/{order_sn}/return", json=too_many)
        assert answer.status_code == 409


@pytest.mark.parametrize(
    "window",
    [
        {"create_time_from": START, "create_time_to": START + 15 * DAY + 1},
        {"create_time_from": START, "create_time_to": START},
        {"update_time_from": START, "update_time_to": START + 15 * DAY + 1},
        {"page_size": 101},
        {"status": "REFUND_PAID"},
    ],
)
async def test_the_list_of_returns_refuses_what_shopee_refuses(window: dict[str, Any]) -> None:
    async with connected() as client:
        answer = await client.get("returns/get_return_list", **{"page_no": 0, "page_size": 10, **window})
        assert answer.error == "error_param"


async def test_an_unknown_return_does_not_exist() -> None:
    async with connected() as client:
        assert (await client.get("returns/get_return_detail", return_sn="1")).error == "error_data"


@pytest.mark.parametrize(("first", "seen"), [(0, [2, 1, 0]), (1, [0, 2, 1])])
async def test_which_page_of_returns_is_the_first_is_a_switch(first: int, seen: list[int]) -> None:
    async with connected(first_return_page=first) as client:
        for _ in range(3):
            await opened(client, await delivered(client))
        counts = []
        for page_no in range(3):
            page = (await client.get("returns/get_return_list", page_no=page_no, page_size=2)).response
            counts.append(len(page["return"]))
        assert counts == ([2, 1, 0] if first == 0 else [0, 2, 1]) == seen


async def test_an_offer_waits_for_the_buyer_who_may_accept_it() -> None:
    async with connected() as client:
        return_sn = await opened(client, await delivered(client))
        solutions = (await client.get("returns/get_available_solutions", return_sn=return_sn)).response
        assert solutions["offer_refund"]["eligibility"] is True
        assert solutions["offer_refund"]["max_refund_amount"] == 15
        body = {"return_sn": return_sn, "proposed_solution": "REFUND", "proposed_adjusted_refund_amount": 7.5}
        assert (await client.post("returns/offer", body)).response == {"return_sn": return_sn}
        detail = (await client.get("returns/get_return_detail", return_sn=return_sn)).response
        assert (detail["status"], detail["negotiation"]["negotiation_status"]) == (
            "PROCESSING",
            "PENDING_BUYER_RESPOND",
        )
        assert (await client.post("returns/offer", body)).error == "error_negotiation_status"
        await client.operate("POST", f"/returns/{return_sn}/answer", {"accept": True})
        detail = (await client.get("returns/get_return_detail", return_sn=return_sn)).response
        assert (detail["status"], detail["refund_amount"], detail["return_solution"]) == ("ACCEPTED", Decimal("7.5"), 1)
        order = await client.detail(detail["order_sn"])
        assert order["item_list"][0]["returned_qty"] == 0
        escrow = (await client.get("payment/get_escrow_detail", order_sn=detail["order_sn"])).response
        assert escrow["order_income"]["seller_return_refund"] == Decimal("-7.5")


@pytest.mark.parametrize("amount", [0, -1, 1.005, 15.01])
async def test_an_offer_must_lie_between_the_limits(amount: float) -> None:
    async with connected() as client:
        return_sn = await opened(client, await delivered(client))
        body = {"return_sn": return_sn, "proposed_solution": "REFUND", "proposed_adjusted_refund_amount": amount}
        assert (await client.post("returns/offer", body)).error == "error_param"


async def test_a_seller_accepts_only_what_the_buyer_proposed() -> None:
    async with connected() as client:
        return_sn = await opened(client, await delivered(client))
        early = await client.post("returns/accept_offer", {"return_sn": return_sn})
        assert early.error == "error_no_buyer_offer"
        body = {"return_sn": return_sn, "proposed_solution": "REFUND", "proposed_adjusted_refund_amount": 5}
        await client.post("returns/offer", body)
        await client.operate("POST", f"/returns/{return_sn}/answer", {"accept": False, "amount": 12})
        assert (await client.post("returns/accept_offer", {"return_sn": return_sn})).error == ""
        detail = (await client.get("returns/get_return_detail", return_sn=return_sn)).response
        assert (detail["status"], detail["refund_amount"]) == ("ACCEPTED", 12)


async def test_a_dispute_needs_a_reason_evidence_and_an_address() -> None:
    async with connected() as client:
        return_sn = await opened(client, await delivered(client))
        reasons = (await client.get("returns/get_return_dispute_reason", return_sn=return_sn)).response
        reason = int(reasons["dispute_reason_list"][1]["dispute_reason"])
        images = [{"module_index": 1, "requirement": "Pictures", "image_url": ["https://example.com/1.jpg"]}]
        body = {"return_sn": return_sn, "email": "a@example.com", "dispute_reason_id": reason, "image_list": images}
        for wrong, error in [
            ({"email": "nobody"}, "error_perm"),
            ({"dispute_reason_id": 1}, "dispute.request.param.error"),
            ({"image_list": []}, "dispute.request.param.error"),
            ({"return_sn": "1"}, "error_data"),
        ]:
            assert (await client.post("returns/dispute", {**body, **wrong})).error == error
        assert (await client.post("returns/dispute", body)).response["msg"] == "dispute return success"
        detail = (await client.get("returns/get_return_detail", return_sn=return_sn)).response
        assert (detail["status"], detail["dispute_reason"]) == ("JUDGING", [str(reason)])
        assert (await client.post("returns/dispute", body)).error == "error_return_status"
