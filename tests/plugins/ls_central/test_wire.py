"""Envelopes, table questions and replication answers, without a server."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crossdock.errors import CannotTranslate
from crossdock_ls_central.wire.calls import cancel_call, create_call, status_call
from crossdock_ls_central.wire.envelope import Call, Fault, possible, read, write
from crossdock_ls_central.wire.fields import CREATE
from crossdock_ls_central.wire.markup import Unparsable
from crossdock_ls_central.wire.replication import data_sets, read_page
from crossdock_ls_central.wire.tables import Table, any_of, quoted, read_table, table_request
from crossdock_ls_central.wire.values import boolean, moment, number, text
from crossdock_ls_central.wire.wsdl import create_ports

OMNI = "{urn:microsoft-dynamics-schemas/codeunit/OmniWrapper}"
V6 = "{urn:microsoft-dynamics-nav/xmlports/x10000702}"


def envelope(inside):
    return f'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>{inside}</S:Body></S:Envelope>'.encode()


def test_fields_are_written_in_the_order_of_the_wsdl_whatever_the_order_of_the_row():
    row = {"Amount": Decimal("1E+1"), "LineNo": 10000, "ServiceItem": True, "Number": "66010"}
    root = etree.fromstring(write(create_call("V6", CREATE["V6"], (("line", [row]),))))
    found = root.find(f".//{V6}CustomerOrderCreateCOLineV6")
    assert [(field.tag, field.text) for field in found] == [
        (f"{V6}LineNo", "10000"),
        (f"{V6}Number", "66010"),
        (f"{V6}Amount", "10"),
        (f"{V6}ServiceItem", "true"),
    ]


def test_every_top_level_parameter_is_written_even_an_empty_one():
    root = etree.fromstring(write(status_call("CO000001")))
    operation = root.find(f".//{OMNI}CustomerOrderStatusV2")
    assert [field.tag for field in operation] == [
        f"{OMNI}{name}" for name in ("responseCode", "errorText", "customerOrderDocumentID", "customerOrderStatusV2XML")
    ]


def test_the_soap_action_names_codeunit_and_operation():
    assert cancel_call("CO1", 0, (), {}).action == (
        '"urn:microsoft-dynamics-schemas/codeunit/OmniWrapper:CustomerOrderCancel"'
    )


@given(st.text())
def test_any_text_makes_a_document_that_can_be_read(value):
    call = Call("OmniWrapper", "X", (("name", value),))
    found = etree.fromstring(write(call)).find(f".//{OMNI}name").text or ""
    assert len(found) == len(value)
    assert all(a == b or b == " " for a, b in zip(value, found, strict=True))


def test_signs_that_xml_cannot_hold_become_spaces():
    assert possible("a\x0bb<c>&\ud800") == "a b<c>& "


def test_a_result_is_read_by_namespace_and_not_by_prefix():
    reply = read(envelope('<q:X_Result xmlns:q="urn:q"><q:responseCode>0000</q:responseCode><q:id/></q:X_Result>'))
    assert reply.values == {"responseCode": "0000", "id": ""}


def test_rows_are_found_whatever_their_namespace():
    reply = read(envelope('<R xmlns="a"><p xmlns:x="b"><x:Row><x:A>1</x:A></x:Row><x:Row><x:A/></x:Row></p></R>'))
    assert reply.rows("Row") == [{"A": "1"}, {"A": ""}]


def test_a_fault_is_read_with_the_name_of_its_exception():
    fault = read(
        envelope(
            "<S:Fault><faultcode xmlns:a='e'>a:Microsoft.Dynamics.Nav.Types.NavNCLDialogException</faultcode>"
            "<faultstring xml:lang='en-US'>No.</faultstring></S:Fault>"
        )
    )
    assert fault == Fault("NavNCLDialogException", "No.")


@pytest.mark.parametrize("body", [b"", b"<a", b"<html/>", b"no xml", envelope("")])
def test_what_is_no_envelope_is_told(body):
    with pytest.raises(Unparsable):
        read(body)


LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY e9 SYSTEM "file:///etc/passwd">',
        '<!ENTITY e9 SYSTEM "http://127.0.0.1:9/">',
        f'<!ENTITY e0 "ha">{LAUGHS}',
        '<!ATTLIST a b CDATA "c"><!ENTITY e9 "">',
    ],
)
@pytest.mark.parametrize("inside", ["<a>&e9;</a>", "&e9;<a/>", '<a b="&e9;"/>', "<a/>"])
def test_what_declares_entities_is_not_read_at_all(declared, inside):
    body = f"<!DOCTYPE r [{declared}]>".encode() + envelope(f"<R>{inside}</R>")
    with pytest.raises(Unparsable):
        read(body)
    with pytest.raises(Unparsable):
        read_table(body.decode())
    with pytest.raises(Unparsable):
        create_ports(body)


def test_comments_and_processing_instructions_are_passed_over():
    reply = read(b"<?x?>" + envelope("<?y?><!-- z --><R><?y?><a>1<?z?>2</a><!-- z --></R>"))
    assert reply.values == {"a": "12"}
    assert reply.rows("R") == [{"a": "12"}]


def test_a_document_deeper_than_any_is_told():
    with pytest.raises(Unparsable):
        read(envelope("<a>" * 100_000 + "</a>" * 100_000))


def test_a_table_question_holds_its_filters_inside_a_string():
    call = table_request(
        Table("LSC Posted CO Header", ("Document ID",), {"External ID": "A&B"}, backward=True, limit=1)
    )
    inner = etree.fromstring(dict(call.parameters)["pxmlRequest"])
    assert inner.findtext("Request_ID") == "GET_TABLE_DATA"
    assert inner.findtext("Request_Body/Table_Name") == "LSC Posted CO Header"
    assert inner.findtext("Request_Body/Read_Direction") == "Backward"
    assert inner.findtext("Request_Body/Max_Number_Of_Records") == "1"
    assert inner.findtext("Request_Body/WS_Table_Field_Buffer/Field_Name") == "Document ID"
    assert inner.findtext("Request_Body/WS_Table_Filter_Buffer/Filter") == "A&B"


def test_table_rows_are_named_by_their_fields_and_not_by_their_nodes():
    answer = read_table(
        "<Response><Response_Code>0000</Response_Code><Response_Text/><Response_Body>"
        "<WS_Table_Field_Buffer><Field_Name>No.</Field_Name><Node_Name>No</Node_Name></WS_Table_Field_Buffer>"
        "<Table_Data><No>1</No><Other>x</Other></Table_Data><Table_Data><No/></Table_Data>"
        "</Response_Body></Response>"
    )
    assert answer.rows == [{"No.": "1", "Other": "x"}, {"No.": ""}]
    assert answer.code == "0000"


def test_a_table_answer_that_is_cut_off_is_told():
    with pytest.raises(Unparsable):
        read_table("<Response>")


@pytest.mark.parametrize(
    ("value", "expected"), [("CO1", "CO1"), ("A|B", "'A|B'"), ("O'Neil", "'O''Neil'"), ("", "''"), ("a*", "'a*'")]
)
def test_a_filter_means_exactly_the_value(value, expected):
    assert quoted(value) == expected


def test_several_values_are_joined_into_one_filter():
    assert any_of(["CO1", "C-2"]) == "CO1|C-2"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("x", "x"),
        (Decimal("0.10"), "0.10"),
        (Decimal("1E+2"), "100"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (None, ""),
        (date(2026, 11, 21), "2026-11-21"),
        (datetime(2026, 11, 21, 9, tzinfo=UTC), "2026-11-21T09:00:00+00:00"),
    ],
)
def test_values_are_written_as_xml_schema_wants_them(value, expected):
    assert text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0001-01-01", None),
        ("0001-01-01T00:00:00", None),
        ("", None),
        ("soon", None),
        ("2026-11-21", datetime(2026, 11, 21, tzinfo=UTC)),
        ("2026-11-21T10:00:00+02:00", datetime(2026, 11, 21, 8, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_utc_and_null_dates_as_none(value, expected):
    assert moment(value) == expected


def test_numbers_and_booleans_are_read_from_text():
    assert number(" 12.50 ", "x") == Decimal("12.50")
    assert number("", "x") == 0
    assert [boolean(value) for value in ("true", "1", "Yes", "0", "false", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    with pytest.raises(CannotTranslate):
        number("12,50", "x")


def test_the_namespace_of_an_xmlport_is_taken_from_the_wsdl():
    wsdl = b"""<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"><types>
      <schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:q="urn:microsoft-dynamics-nav/xmlports/x77">
      <element name="customerOrderCreateV5XML" type="q:Root"/><element name="other" type="string"/>
      </schema></types></definitions>"""
    ports = create_ports(wsdl)
    assert list(ports) == ["V5"]
    assert ports["V5"].namespace == "urn:microsoft-dynamics-nav/xmlports/x77"
    assert b'xmlns:x="urn:microsoft-dynamics-nav/xmlports/x77"' in write(create_call("V5", ports["V5"], ()))


@pytest.mark.parametrize("body", [b"<html/>", b"<definitions"])
def test_what_is_no_wsdl_is_told(body):
    with pytest.raises(Unparsable):
        create_ports(body)


TABLE = {
    "Status": "",
    "LastKey": "K",
    "LastEntryNo": 7,
    "EndOfTable": False,
    "TableData": {
        "TableDataUpd": {
            "RecRefJson": {
                "RecordFields": [
                    {"FieldIndex": 2, "FieldNo": 3, "FieldName": "Description"},
                    {"FieldIndex": 1, "FieldNo": 1, "FieldName": "No."},
                ],
                "Records": [
                    {"Fields": [{"FieldIndex": 1, "FieldValue": "40020"}, {"FieldIndex": 2, "FieldValue": "Shirt"}]},
                    {"Fields": [{"FieldIndex": 1, "FieldValue": "40030"}]},
                ],
            }
        },
        "TableDataDel": {"RecRefJson": None},
    },
}


def test_a_replication_page_joins_values_to_names_by_index():
    page = read_page(TABLE)
    assert page.rows == [
        {"#3": "Description", "Description": "Shirt", "#1": "40020", "No.": "40020"} | {"#3": "Shirt"},
        {"#1": "40030", "No.": "40030"},
    ]
    assert (page.last_key, page.last_entry, page.ended) == ("K", 7, False)


def test_in_a_data_set_the_first_of_two_equal_names_counts():
    page = read_page(
        {
            "EndOfTable": True,
            "DataSet": {
                "DataSetUpd": {
                    "DynDataSet": {
                        "DataSetFields": [{"FieldIndex": 1, "FieldName": "A"}, {"FieldIndex": 2, "FieldName": "A"}],
                        "DataSetRows": [
                            {"Fields": [{"FieldIndex": 2, "FieldValue": "2"}, {"FieldIndex": 1, "FieldValue": "1"}]}
                        ],
                    }
                }
            },
        }
    )
    assert page.rows == [{"A": "1"}]


def test_a_replication_that_failed_is_told_with_its_reason():
    with pytest.raises(Unparsable, match="no such store"):
        read_page({"Status": "OnError", "ErrorText": "no such store"})


def test_a_replication_page_of_another_shape_is_told():
    with pytest.raises(Unparsable):
        read_page({"EndOfTable": True, "TableData": {"TableDataUpd": {"RecRefJson": {"Records": [{}]}}}})


def test_data_sets_of_a_collection_are_found_by_their_number():
    entry = {
        "DynDataSet": {
            "DataSetID": 110,
            "DataSetFields": [{"FieldIndex": 1, "FieldName": "No."}],
            "DataSetRows": [{"Fields": [{"FieldIndex": 1, "FieldValue": "102042"}]}],
        }
    }
    assert data_sets({"DataCollection": [entry, {}]}) == {110: [{"No.": "102042"}], 0: []}


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1_000", "1E+13", "99999999999999", "1,5", "1e999999999"])
def test_a_number_that_nobody_could_reckon_with_is_refused(value):
    with pytest.raises(CannotTranslate, match="Price must be a"):
        number(value, "Price")


def test_the_largest_and_the_finest_number_are_read():
    assert number(" 9999999999999 ", "Price") == 9_999_999_999_999
    assert number("-0.33333333333333333333", "Price") == Decimal("-0.33333333333333333333")
    assert number("", "Price") == 0
