"""A coverage-guided search for input that a reader stumbles over: `make fuzz`, for as long as one likes.

Each reader is given bytes as they would come from outside. It reads them, or refuses them with an error that it
names; anything else is a finding, kept as a file ``crash-*``: name it as the only argument to repeat it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(
    include=["crossdock", "crossdock_shopee", "crossdock_ls_central", "crossdock_anchanto_oms"]
):
    from crossdock.contract import PushMessage
    from crossdock.errors import CannotTranslate, Refused
    from crossdock.http import Request, Response
    from crossdock.model import Money
    from crossdock.redaction import redact_json, redact_xml
    from crossdock_anchanto_oms.order_records import OmsOrder
    from crossdock_anchanto_oms.profile import Codec, decoded, load
    from crossdock_anchanto_oms.translate.documents import as_channel_order, as_document
    from crossdock_ls_central.judge import SIGN_IN, SOAP, judge
    from crossdock_ls_central.options import LsRouteOptions
    from crossdock_ls_central.pushes import read_push
    from crossdock_ls_central.translate.found import DocumentRows, to_order
    from crossdock_ls_central.translate.product import ItemRows, to_product
    from crossdock_ls_central.wire.envelope import Reply, read
    from crossdock_ls_central.wire.markup import Unparsable
    from crossdock_ls_central.wire.replication import data_sets, read_page
    from crossdock_ls_central.wire.tables import read_table
    from crossdock_ls_central.wire.wsdl import create_ports
    from crossdock_shopee.client.pushes import relayed
    from crossdock_shopee.config import ShopeeSettings
    from crossdock_shopee.translate.orders import order
    from crossdock_shopee.translate.products import listed
    from crossdock_shopee.wire.envelope import BROKEN, envelope_of
    from crossdock_shopee.wire.items import Item, Models
    from crossdock_shopee.wire.orders import Order

import msgspec

SECRET = "sandbox-event-secret-0001"
SHOP = ShopeeSettings.model_validate({"region": "SG", "shop_id": 600000, "partner_id": 1, "partner_key": "k" * 64})
ORDER = msgspec.json.Decoder(Order)
ITEM = msgspec.json.Decoder(tuple[Item, Models])
TABLES = msgspec.json.Decoder(list[list[dict[str, str]]])
CODEC = Codec(load("oms_rest_neutral"))
TODAY = date(2026, 11, 21)
ENVELOPE = '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>{}</S:Body></S:Envelope>'


def soap(body: bytes) -> None:
    reply = read(body)
    if isinstance(reply, Reply):
        reply.rows("Row")


def table(body: bytes) -> None:
    read_table(body.decode())


def replication(body: bytes) -> None:
    answer = json.loads(body)
    if isinstance(answer, dict):
        read_page(answer)


def sets(body: bytes) -> None:
    answer = json.loads(body)
    if isinstance(answer, dict):
        data_sets(answer)


def refused(body: bytes) -> None:
    for group in (SIGN_IN, SOAP, ""):
        judge(Request("POST", "https://x.example", group=group), Response(500 if group == SOAP else 400, {}, body))


def shopee_order(body: bytes) -> None:
    envelope_of(body)
    order(ORDER.decode(body))


def documents(body: bytes) -> None:
    """Rows of a header, its lines, its shipments and their lines, and of an item and what belongs to it."""
    tables = [*TABLES.decode(body), [], [], [], []]
    header = (tables[0] or [{}])[0]
    rows = DocumentRows(header, "Posted" in header, tables[1], tables[2], tables[3])
    with suppress(CannotTranslate):
        to_order(rows, "SGD", "-", {"66010": "shipping"})
    for prices in ("web", "sales_price", "price_list"):
        item = ItemRows(header, tables[1], tables[2], tables[3], tables[1], tables[2], tables[3])
        to_product(item, LsRouteOptions.model_validate({"prices": prices}), "S0013", "SGD", TODAY)


def oms_order(body: bytes) -> None:
    found = CODEC.read(OmsOrder, decoded(body))
    with suppress(CannotTranslate):
        as_document(found)
    as_channel_order(found)


READERS: list[tuple[Callable[[bytes], Any], tuple[type[Exception], ...], bytes]] = [
    (soap, (Unparsable,), ENVELOPE.format("<R><responseCode>0000</responseCode><Row><No>1</No></Row></R>").encode()),
    (soap, (Unparsable,), ENVELOPE.format("<S:Fault><faultcode>a:b.C</faultcode></S:Fault>").encode()),
    (table, (Unparsable, UnicodeDecodeError), b"<Response><Response_Code>0000</Response_Code></Response>"),
    (create_ports, (Unparsable,), b'<definitions xmlns="w"><element name="customerOrderCreateV6"/></definitions>'),
    (replication, (Unparsable, ValueError, RecursionError), b'{"EndOfTable": true, "LastEntryNo": 7, "TableData": {}}'),
    (sets, (Unparsable, CannotTranslate, ValueError, RecursionError), b'{"DataCollection": [{"DataSetID": 110}]}'),
    (refused, (), b'{"error": {"code": "X", "message": "y"}}'),
    (
        lambda body: read_push(PushMessage("https://x", {"x-crossdock-secret": SECRET}, body), SECRET),
        (Refused,),
        b'{"value": []}',
    ),
    (
        lambda body: relayed(SHOP, body),
        (),
        b'{"code": 3, "shop_id": 600000, "timestamp": 1700000000, "data": {"ordersn": "A"}}',
    ),
    (
        shopee_order,
        (*BROKEN, CannotTranslate),
        b'{"order_sn": "A", "order_status": "UNPAID"}',
    ),
    (decoded, (ValueError,), b'{"a": [1.50, "\\ud800"]}'),
    (redact_json, (), b'{"name": "Ada", "more": "{\\"phone\\": 1}"}'),
    (redact_xml, (), b'<a name="Ada"><![CDATA[{"phone": 1}]]>&lt;b&gt;</a>'),
    (lambda body: Money.parse(body.decode()), (ValueError,), b"12.30 SGD"),
    (
        documents,
        (*BROKEN, CannotTranslate),
        b'[[{"Document ID": "CO1"}], [{"Line No.": "10000", "Code": "1", "Quantity": "2", "Price": "1", "Amount": "2",'
        b' "Gross Weight": "1", "Unit Price": "3", "#41": "4", "#30": "1", "#12": "2026-11-21"}],'
        b' [{"No.": "102042", "Variant": "1"}], [{"Document No.": "102042", "No.": "4", "Quantity": "1"}]]',
    ),
    (
        oms_order,
        (ValueError, CannotTranslate),
        b'{"order_id": "1", "channel_reference": "2", "state": "NEW", "currency": "KRW", "logistics_mode": "x",'
        b' "lines": [{"line_reference": "1", "sku": "A", "quantity": 1, "unit_price": "5"}], "total": "5",'
        b' "version": 1, "changed_at": "2026-11-21T10:00:00Z"}',
    ),
    (
        lambda body: listed(*ITEM.decode(body)),
        (*BROKEN, CannotTranslate),
        b'[{"item_id": 1, "item_name": "Cap", "item_status": "NORMAL", "weight": "0.3"}, {"tier_variation":'
        b' [{"name": "S", "option_list": [{"option": "S"}]}], "model": [{"model_id": 1, "tier_index": [0]}]}]',
    ),
]


def one_input(raw: bytes) -> None:
    """The first byte chooses the reader."""
    if raw:
        reader, errors, _ = READERS[raw[0] % len(READERS)]
        try:
            reader(raw[1:])
        except errors:
            return


def main() -> None:
    """Search on from what earlier runs found worth keeping, in the folder that is named first."""
    corpus = Path(sys.argv[1])
    corpus.mkdir(parents=True, exist_ok=True)
    for number, (_, _, seed) in enumerate(READERS):
        (corpus / f"seed-{number}").write_bytes(bytes([number]) + seed)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
