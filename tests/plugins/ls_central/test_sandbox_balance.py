"""Whatever people and web services do to orders in whatever order, goods and reservations balance."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from crossdock.sandbox import World
from crossdock_ls_central.sandbox import create
from crossdock_ls_central.sandbox.customer_orders.cancelling import cancel
from crossdock_ls_central.sandbox.customer_orders.placing import Draft, place
from crossdock_ls_central.sandbox.customer_orders.posting import CannotPost, pick, post
from crossdock_ls_central.sandbox.refusal import BusinessRefusal
from crossdock_ls_central.sandbox.soap.order_ports import CREATE_V6

HEADER, LINE, *_ = CREATE_V6.records
PLACE = ("", "S0013")

amounts = st.integers(1, 5).map(Decimal)
some_lines = st.dictionaries(st.sampled_from([10000, 20000]), amounts, max_size=2)
acts = st.lists(st.tuples(st.sampled_from(["create", "cancel", "pick", "post"]), some_lines), max_size=12)


def draft(quantities):
    header = HEADER.blank() | {"CreatedAtStore": "S0013", "ShipOrder": True}
    lines = [
        LINE.blank() | {"LineNo": number, "Number": "10001", "Quantity": quantity, "UnitofMeasureCode": "PCS"}
        for number, quantity in (quantities or {10000: Decimal(3)}).items()
    ]
    return Draft([header], lines, [], [])


def act(company, name, quantities):
    open_orders = list(company.orders_where(posted=False))
    if name == "create" or not open_orders:
        place(company, draft(quantities))
        return
    order = open_orders[0]
    try:
        if name == "cancel":
            cancel(company, order.document_id, quantities, by="test")
        elif name == "pick":
            pick(company, order, quantities)
        else:
            post(company, order, quantities)
    except (BusinessRefusal, CannotPost):
        pass  # refused: then nothing may have changed, which the balance below tells


@settings(max_examples=60, deadline=None)
@given(acts)
def test_goods_and_reservations_balance(steps):
    company = create(World(seed=1)).company
    item = company.item("10001")
    for name, quantities in steps:
        act(company, name, quantities)
        lines = [line for order in company.orders.values() for line in order.lines]
        assert all(line.remaining >= 0 for line in lines)
        assert all(line.shipped + line.cancelled + line.short + line.remaining == line.quantity for line in lines)
        assert item.stock[PLACE] == 100 - sum(line.shipped for line in lines)
        held = sum(line.remaining for order in company.orders_where(posted=False) for line in order.lines)
        assert company.reserved.get(("10001", *PLACE), 0) == held
        assert all(order.done == order.posted for order in company.orders.values())
        shipped = sum(q for shipment in company.shipments.values() for _, q in shipment.lines)
        assert shipped == sum(line.shipped for line in lines)
