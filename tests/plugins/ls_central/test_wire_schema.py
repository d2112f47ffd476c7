"""Every SOAP body that is sent is valid by a schema written from the documented field lists, not from our code."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from crossdock.contract import PushTracking
from crossdock_ls_central.options import LsRouteOptions
from crossdock_ls_central.translate.document import Terms, to_document
from crossdock_ls_central.wire.calls import (
    cancel_call,
    connection_call,
    create_call,
    inventory_call,
    status_call,
    tracking_call,
)
from crossdock_ls_central.wire.envelope import ENVELOPE, write
from crossdock_ls_central.wire.fields import CREATE
from crossdock_ls_central.wire.tables import Table, table_request
from tests.plugins.ls_central.central import MEMBERS, central, line, off, order, route
from tests.plugins.ls_central.test_connection_shipping import cancel, parcel
from tests.plugins.ls_central.test_translate_amounts import orders

FOLDER = Path(__file__).with_name("xsd")
SCHEMAS = {name: etree.XMLSchema(file=str(FOLDER / f"{name}.xsd")) for name in ("OmniWrapper", "RetailWebServices")}


def check(codeunit, envelope):
    body = etree.fromstring(envelope).find(f"{{{ENVELOPE}}}Body")
    assert len(body) == 1
    SCHEMAS[codeunit].assertValid(etree.ElementTree(body[0]))


def create(given_order, **options):
    chosen = LsRouteOptions(**(MEMBERS | options))
    terms = Terms("S0013", given_order.currency, chosen, Decimal(7), date(2026, 11, 21))
    return create_call("V6", CREATE["V6"], to_document(given_order, terms).blocks)


FULL = order(
    lines=(line(discounts=(off("8.00", code="A&B"),), unit="PCS"), line("2", "30030")),
    discounts=(off("1.00"),),
    shipping_method="Ninja Van",
)
OPTIONS = {
    "customer_no": "44090",
    "member_card": "M1",
    "shipping_agents": {"Ninja Van": "NINJA"},
    "shipping_services": {"Ninja Van": "STD"},
}


@pytest.mark.parametrize(
    "call",
    [
        create(FULL, **OPTIONS),
        cancel_call("CO1", 0, [{"DocumentID": "CO1", "LineNo": "10000", "Quantity": Decimal(1)}], {"StoreNo": "S0013"}),
        cancel_call("CO1", 0, [], {"StoreNo": "S0013", "UserID": "CROSSDOCK", "ReceiptNo": "CO1"}),
        status_call("CO1"),
        tracking_call("102042", {"ShippingAgentCode": "SPX", "PackageTrackingNo": "T<1>"}),
        inventory_call("S0013", "", True, [{"Number": "40020", "Variant": "002"}]),
        connection_call(),
        table_request(Table("Item", ("No.",), {"No.": "1|2"})),
    ],
    ids=lambda call: call.operation,
)
def test_every_operation_that_is_sent_is_valid(call):
    check(call.codeunit, write(call))


@given(orders())
def test_every_order_makes_a_valid_body(given_order):
    check("OmniWrapper", write(create(given_order)))


def test_the_schema_refuses_fields_in_another_order():
    wrong = write(status_call("CO1")).replace(b"<responseCode></responseCode><errorText></errorText>", b"")
    with pytest.raises(etree.DocumentInvalid):
        check("OmniWrapper", wrong)


async def test_whatever_the_verbs_send_is_valid(monkeypatch):
    sent = []
    async with central() as system:
        client = system.opened[0]
        send = client.send

        async def keep(request):
            if "/WS/" in request.url and request.body:
                sent.append((request.url.rpartition("/")[2], request.body))
            return await send(request)

        monkeypatch.setattr(client, "send", keep)
        here = route(**OPTIONS | {"customer_no": "", "member_card": ""})
        await system.connection.probe()
        for reference in ("FIRST", "SECOND"):
            await system.connection.push_order(order(reference, shipping_method="Ninja Van"), here)
        first, second = await system.connection.read_orders(["CO000001", "CO000002"], here)
        await system.connection.cancel_order(cancel(first, l11="1"), here)
        await system.connection.cancel_order(cancel(first), here)
        await system.connection.post_order(second, here)
        await system.connection.push_tracking(PushTracking(second, "", parcel()), here)
        await system.connection.read_stock(["40020-002", "30010"], here)
    assert len(sent) > 15
    for codeunit, body in sent:
        check(codeunit, body)
