from crossdock.contract import Route, Side, hookimpl, scope, verbs_of
from crossdock.flows.options import OrdersOptions
from crossdock.flows.orders.apply import Applier
from crossdock.flows.orders.plan import Step, StepKind
from crossdock.http.message import longest_answer
from crossdock.model import Label
from tests.core.doubles import order
from tests.core.flows.cases import document, pair, parcel

ARRANGED = order(status="arranged", shipments=(parcel("P1", "arranged", "T1"),))


class Printer:
    """Prints a label of so many bytes, whatever it may read."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.allowed = None

    @hookimpl
    async def fetch_label(self, order, shipment):
        self.allowed = longest_answer()
        return Label(shipment_id=shipment.id, media_type="application/pdf", content=bytes(self.size))


async def fetched(desk, printer):
    nobody = Side("central", scope({}))
    route = Route("r", Side("shop", scope({"shop": printer}), verbs_of(printer)), nobody, nobody.ask)
    applier = Applier(route, desk.clock, desk.keep_label, OrdersOptions(label_megabytes=2))
    step = Step(StepKind.LABEL, "x", "why", shipment_id="P1")
    return (await applier.apply(pair(ARRANGED, document("shipped")), step)).conclusion


async def test_a_label_of_the_largest_size_is_kept_and_no_more_than_that_is_read(desk):
    printer = Printer(2_000_000)
    assert (await fetched(desk, printer)).parking is None
    assert len(desk.labels["24"]) == printer.allowed.size == 2_000_000
    assert longest_answer() is None


async def test_a_larger_label_parks_its_order_with_what_to_do_and_is_not_kept(desk):
    parking = (await fetched(desk, Printer(2_000_001))).parking
    assert parking.cause == "label:too_long"
    assert "The label of parcel P1 is 2000001 bytes; at most 2000000 are taken." in parking.reason
    assert parking.facts["choices"][0] == "print it on the channel, or raise label_megabytes of the route's orders"
    assert desk.labels == {}
