"""The profile: the one place that knows the wire, and a codec for every record."""

from __future__ import annotations

import ast
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

import crossdock_anchanto_oms
from crossdock.errors import CannotTranslate, ConfigError
from crossdock_anchanto_oms import goods_records, order_records
from crossdock_anchanto_oms.order_records import Change, Move, NewOrder, OmsOrder, Parcel, Person, Place
from crossdock_anchanto_oms.profile import Codec, decoded, load
from crossdock_anchanto_oms.statuses import OmsState, ReturnState

PROFILE = load("oms_rest_neutral")
CODEC = Codec(PROFILE)
HERE = Path(crossdock_anchanto_oms.__file__).parent
THE_FAR_SIDE = {"sandbox", "conformance.py", "profile"}
OUTSIDE = [path for path in HERE.rglob("*.py") if not THE_FAR_SIDE & set(path.relative_to(HERE).parts)]
ORDER = {
    "order_id": "OMS-00000042",
    "channel_reference": "241121AAA",
    "state": "NEW",
    "currency": "KRW",
    "logistics_mode": "marketplace_carrier",
    "lines": [{"line_reference": "1", "sku": "MUG", "quantity": 2, "unit_price": "12000", "components": []}],
    "total": "24000",
    "version": 3,
    "changed_at": "2026-11-21T10:00:00Z",
    "shipment": None,
    "from_the_future": True,
}


def test_every_record_and_every_field_has_a_name_on_the_wire() -> None:
    kinds = {name: getattr(module, name) for module in (order_records, goods_records) for name in module.__all__}
    assert set(PROFILE.records) == set(kinds)
    for name, kind in kinds.items():
        assert set(PROFILE.records[name]) == {field.name for field in msgspec.structs.fields(kind)}, name


def test_every_state_has_a_word_on_the_wire() -> None:
    assert set(PROFILE.words["order_state"]) == set(OmsState)
    assert set(PROFILE.words["return_state"]) == set(ReturnState)


def wire_words() -> set[str]:
    """Names that only the wire has: headers, query arguments, envelopes, and keys that differ from our own."""
    event, sign_in, page, failure = PROFILE.event, PROFILE.sign_in, PROFILE.page, PROFILE.failure
    found = {event.name_header, event.delivery_header, event.timestamp_header, event.signature_header}
    found |= {event.order, event.reference, event.skus, event.what, event.occurred_at}
    found |= {sign_in.token, sign_in.lifetime, sign_in.path, page.next, page.items, page.server_time}
    found |= {failure.marker, failure.code, failure.message, failure.details}
    found |= {theirs for call in PROFILE.operations.values() for ours, theirs in call.query.items() if ours != theirs}
    return found | {theirs for names in PROFILE.records.values() for ours, theirs in names.items() if ours != theirs}


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(HERE)))
def test_nothing_outside_of_the_profile_knows_a_path_a_header_or_a_key_of_the_wire(path: Path) -> None:
    tree = ast.parse(path.read_text())
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert {text for text in texts if "/api/" in text or "/oauth" in text} == set()
    assert texts & wire_words() == set()
    subscripts = {
        ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Subscript) and _is_text(node.slice)
    }
    assert {text for text in subscripts if not text.startswith(("Literal[", "names[", "headers[", "tomllib."))} == set()


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_an_order_is_read_from_their_words_and_unknown_keys_are_passed_over() -> None:
    order = CODEC.read(OmsOrder, ORDER)
    assert (order.order_id, order.total, order.lines[0].unit_price) == ("OMS-00000042", Decimal(24000), Decimal(12000))
    assert order.changed_at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert order.shipment is None


def test_a_number_for_money_is_read_exactly_and_never_through_a_float() -> None:
    raw = decoded(json.dumps(ORDER).replace('"24000"', "24000.10").encode())
    assert CODEC.read(OmsOrder, raw).total == Decimal("24000.10")


@pytest.mark.parametrize(("key", "value"), [("version", "three"), ("order_id", None), ("lines", 7)])
def test_what_does_not_fit_names_its_place(key: str, value: object) -> None:
    with pytest.raises(CannotTranslate, match="OmsOrder"):
        CODEC.read(OmsOrder, ORDER | {key: value})
    with pytest.raises(CannotTranslate):
        CODEC.read(OmsOrder, ["no", "object"])


def test_a_new_order_is_written_without_empty_texts() -> None:
    at = datetime(2026, 11, 21, 10, tzinfo=UTC)
    new = NewOrder(
        "R1", at, None, None, "NEW", False, "", "", "SGD", "oms_carrier", "", "", Person("Ann"),
        Place("Ann", "1 Street", "SG"), (), Decimal(0), Decimal("1.50"), Decimal("12.50"), "",
    )  # fmt: skip
    raw = CODEC.write(new)
    assert raw["ordered_at"] == "2026-11-21T10:00:00Z"
    assert raw["paid_at"] is None
    assert (raw["discount"], raw["total"]) == ("1.50", "12.50")
    assert raw["buyer"] == {"name": "Ann"}
    assert "hold" not in raw


def test_a_change_tells_apart_what_stays_and_what_is_emptied() -> None:
    assert CODEC.write(Change(hold=None)) == {"hold": None}
    assert CODEC.write(Parcel("T1", "SLS")) == {"tracking_number": "T1", "carrier": "SLS", "label": None}


def test_a_variant_is_a_second_file(tmp_path: Path) -> None:
    text = (HERE / "profile" / "oms_rest_neutral.toml").read_text()
    text = text.replace('name = "oms_rest_neutral"', 'name = "vendor"')
    text = text.replace('order_id = "order_id"\nchannel_reference', 'order_id = "head.number"\nchannel_reference')
    text = text.replace('to = "to"\nexpected_state', 'to = "new.status"\nexpected_state')
    text = text.replace('RFP = "RFP"', 'RFP = "ready for picking"').replace('NEW = "NEW"', 'NEW = "new"')
    variant = tmp_path / "vendor.toml"
    variant.write_text(text)
    profile = load(str(variant))
    codec = Codec(profile)
    order = codec.read(OmsOrder, ORDER | {"head": {"number": "7"}, "state": "ready for picking"})
    assert (profile.name, order.order_id, order.state) == ("vendor", "7", "RFP")
    assert codec.write(Move("NEW", "RFP")) == {"new": {"status": "new"}, "expected_state": "ready for picking"}


def test_a_word_that_is_not_in_the_profile_is_shown_and_not_guessed() -> None:
    assert CODEC.read(OmsOrder, ORDER | {"state": "MELTED"}).state == "MELTED"


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "is not there"), ("= nothing", "is no TOML"), ("name = 'x'", "Field required")],
)
def test_a_profile_that_cannot_be_used_says_why(tmp_path: Path, content: str | None, says: str) -> None:
    file = tmp_path / "mine.toml"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ConfigError, match=says):
        load(str(file))


def test_names_in_a_path_are_encoded() -> None:
    call = PROFILE.operations["product"]
    assert call.address(sku="A/B C") == "/api/v1/products/A%2FB%20C"
