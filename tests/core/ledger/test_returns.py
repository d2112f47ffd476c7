"""What the ledger remembers of returns."""

from datetime import timedelta

from crossdock.model import Money, Return, ReturnStatus
from tests.core.flows.cases import T0

R = "r"


def returned(number="R1", status="requested", **more):
    values = {"id": number, "order_id": "24", "status": status, "vendor_status": status.upper()}
    return Return.model_validate(values | more)


async def test_a_return_appears_in_the_timeline_of_its_order(ledger):
    due = T0 + timedelta(days=2)
    shown = returned(refund=Money.parse("20.00 SGD"), due_at=due)
    assert await ledger.record_returns(R, [shown], ("r/returns", "1")) == [shown]
    (event,) = await ledger.timeline(R, "24")
    assert event.text == "return R1 is requested (REQUESTED); refund 20.00 SGD; to be answered by 2026-01-03 00:00 UTC"
    assert await ledger.cursor("r/returns") == "1"


async def test_a_return_that_comes_again_as_it_was_is_no_news(ledger):
    await ledger.record_returns(R, [returned()])
    assert await ledger.record_returns(R, [returned()]) == []
    assert await ledger.record_returns(R, [returned(status="accepted")]) == [returned(status="accepted")]
    assert len(await ledger.timeline(R, "24")) == 2


async def test_nothing_seen_is_nothing_written(ledger):
    commits = ledger.database.commits
    assert await ledger.record_returns(R, []) == []
    assert ledger.database.commits == commits
    assert await ledger.record_returns(R, [], ("r/returns", "1")) == []
    assert await ledger.cursor("r/returns") == "1"


async def test_returns_are_listed_by_the_moment_when_they_must_be_answered(ledger):
    later, sooner = returned("R1", due_at=T0 + timedelta(days=2)), returned("R2", due_at=T0 + timedelta(days=1))
    whenever, closed = returned("R3"), returned("R4", status=ReturnStatus.REFUNDED)
    await ledger.record_returns(R, [later, sooner, whenever, closed])
    assert [item.id for item in await ledger.returns(R)] == ["R2", "R1", "R3"]
    assert [item.id for item in await ledger.returns(R, closed=True)] == ["R2", "R1", "R3", "R4"]
    assert await ledger.returns("other") == []
