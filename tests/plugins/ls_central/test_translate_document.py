"""An order as the rows of CustomerOrderCreate."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from crossdock.errors import Refused
from crossdock.model import MASKED, Address, Buyer, Charge, Payer, Payment
from crossdock_ls_central.options import LsRouteOptions
from crossdock_ls_central.translate.document import Terms, to_document
from crossdock_ls_central.translate.sku import candidates, join_sku, split_sku
from tests.plugins.ls_central import sent_page
from tests.plugins.ls_central.central import MEMBERS, line, off, order, sgd
from tests.plugins.ls_central.test_translate_amounts import orders


def terms(vat=Decimal(7), currency="SGD", **options):
    chosen = LsRouteOptions(**(MEMBERS | options))
    return Terms("S0013", currency, chosen, vat, date(2026, 11, 21))


def test_every_example_is_sent_as_the_page_says():
    assert sent_page.page().splitlines() == sent_page.PAGE.read_text().splitlines(), (
        f"meant? python -m {sent_page.__name__}"
    )


def test_the_header_names_the_order_its_store_and_who_it_is_for():
    header = to_document(order(), terms(customer_no="44090")).header
    assert header["ExternalID"] == "2611210ABCDEFG"
    assert header["CreatedAtStore"] == "S0013"
    assert header["CustomerNo"] == "44090"
    assert header["SourceType"] == "1"
    assert header["ShipOrder"] is True
    assert header["Name"] == header["ShipToName"] == "A Person"
    assert header["CountryRegionCode"] == "SG"
    assert header["Email"] == "b@example.org"


def test_a_line_carries_item_variant_unit_and_prices_with_and_without_tax():
    row = to_document(order(lines=(line("7", "40020-002", "2", unit="PCS"),), charges=()), terms()).lines[0]
    assert (row["LineNo"], row["Number"], row["VariantCode"]) == (10000, "40020", "002")
    assert row["UnitofMeasureCode"] == "PCS"
    assert row["ExternalID"] == "7"
    assert row["Price"] == Decimal("80.00")
    assert row["NetPrice"] == Decimal("74.76636")
    assert (row["Amount"], row["NetAmount"], row["VatAmount"]) == (
        Decimal("160.00"),
        Decimal("149.53"),
        Decimal("10.47"),
    )
    assert "DiscountAmount" not in row


@pytest.mark.parametrize(
    ("rounding", "price", "net"),
    [("nearest", "74.77", "149.53"), ("up", "74.77", "149.54"), ("down", "74.76", "149.53")],
)
def test_net_prices_are_rounded_as_the_route_says_and_what_is_paid_stays(rounding, price, net):
    made = to_document(
        order(lines=(line("7", "40020-002", "2"),), charges=()), terms(price_rounding=rounding, price_decimals=2)
    )
    row = made.lines[0]
    assert (row["NetPrice"], row["NetAmount"]) == (Decimal(price), Decimal(net))
    assert row["NetAmount"] + row["VatAmount"] == row["Amount"] == Decimal("160.00")


def test_the_shipping_fee_becomes_a_service_line_after_the_goods():
    row = to_document(order(), terms()).lines[-1]
    assert row["Number"] == "66010"
    assert row["LineNo"] == 30000
    assert row["LineType"] == "0"
    assert row["ServiceItem"] is True
    assert row["Price"] == row["Amount"] == Decimal("3.80")


def test_a_charge_of_another_kind_takes_its_own_item():
    charges = (Charge(kind="service", amount=sgd("1.00")),)
    assert to_document(order(charges=charges), terms(charge_items={"service": "66020"})).lines[-1]["Number"] == "66020"


def test_a_charge_without_an_item_number_is_refused_with_the_setting_that_is_missing():
    with pytest.raises(Refused, match="no item number") as caught:
        to_document(order(), terms(shipping_item=""))
    assert "shipping_item" in caught.value.hint


def test_a_free_delivery_has_no_line():
    assert len(to_document(order(charges=(Charge(kind="shipping", amount=sgd("0")),)), terms()).lines) == 2


def test_a_line_discount_and_a_share_of_the_order_discount_are_two_discount_lines():
    found = to_document(
        order(lines=(line(discounts=(off("8.00", code="SAVE10"),)),), charges=(), discounts=(off("2.00"),)), terms()
    )
    row = found.lines[0]
    assert row["DiscountAmount"] == Decimal("10.00")
    assert row["DiscountPercent"] == Decimal("12.5")
    assert [(d["DiscountType"], d["DiscountAmount"], d["EntryNo"], d["LineNo"]) for d in found.discounts] == [
        (4, Decimal("8.00"), 1, 10000),
        (3, Decimal("2.00"), 2, 10000),
    ]
    assert found.discounts[0]["Description"] == "voucher SAVE10"


def test_the_payment_is_the_total_with_the_mapped_tender():
    found = to_document(order(), terms(tender_types={"COD": "1", "credit card": "31"})).payments
    assert len(found) == 1
    assert found[0]["PreApprovedAmount"] == found[0]["PreApprovedAmountLCY"] == Decimal("189.30")
    assert found[0]["TenderType"] == "31"
    assert found[0]["Type"] == "1"
    assert found[0]["ExternalReference"] == "2611210ABCDEFG"
    assert found[0]["PreApprovedValidDate"] == date(2027, 11, 21)


def test_cash_on_delivery_is_not_marked_as_paid():
    found = to_document(order(payment=Payment(method="COD", cash_on_delivery=True)), terms())
    assert found.payments[0]["Type"] == "0"


def test_an_order_without_payment_takes_the_default_tender():
    assert to_document(order(payment=None), terms()).payments[0]["TenderType"] == "3"


def test_a_payment_method_that_is_mapped_to_nothing_is_refused():
    with pytest.raises(Refused, match="'Credit Card' is mapped to no tender type"):
        to_document(order(), terms(default_tender=""))


def test_a_free_order_has_no_payment():
    found = to_document(order(lines=(line(discounts=(off("80.00"),)),), charges=()), terms(default_tender=""))
    assert found.payments == []


def test_discounts_of_the_marketplace_lower_the_document_unless_they_are_a_payment():
    given_order = order(discounts=(off("10.00", Payer.MARKETPLACE),))
    lowered = to_document(given_order, terms())
    assert [row["PreApprovedAmount"] for row in lowered.payments] == [Decimal("179.30")]
    kept = to_document(given_order, terms(marketplace_discounts="payment", marketplace_tender="17"))
    assert kept.discounts == []
    assert [(row["LineNo"], row["PreApprovedAmount"], row["TenderType"]) for row in kept.payments] == [
        (10000, Decimal("179.30"), "3"),
        (20000, Decimal("10.00"), "17"),
    ]


def test_the_marketplaces_payment_takes_the_default_tender_when_it_has_none_of_its_own():
    given_order = order(discounts=(off("10.00", Payer.MARKETPLACE),))
    found = to_document(given_order, terms(marketplace_discounts="payment"))
    assert found.payments[1]["TenderType"] == "3"


def test_vat_differs_by_item():
    vat = {"40020": Decimal(7), "30030": Decimal(0), "66010": Decimal(7)}
    rows = to_document(order(), terms(vat=vat)).lines
    assert rows[0]["VatAmount"] == Decimal("10.47")
    assert rows[1]["VatAmount"] == 0
    assert rows[1]["NetPrice"] == Decimal("25.50000")


def test_an_item_that_is_not_known_is_refused_by_its_number():
    with pytest.raises(Refused, match="Item 40020 is not in LS Central") as caught:
        to_document(order(), terms(vat={"66010": Decimal(7)}))
    assert caught.value.code == "1603"


def test_another_currency_is_refused():
    with pytest.raises(Refused, match="is in SGD, and store S0013 works in THB") as caught:
        to_document(order(), terms(currency="THB"))
    assert caught.value.code == "currency"


def test_prices_without_tax_are_refused():
    with pytest.raises(Refused, match="do not include tax"):
        to_document(order(prices_include_tax=False), terms())


def test_the_carrier_is_mapped_and_one_that_is_not_mapped_is_left_out():
    options = {"shipping_agents": {"Ninja Van": "NINJA"}, "shipping_services": {"Ninja Van": "STD"}}
    mapped = to_document(order(shipping_method="Ninja Van"), terms(**options)).header
    assert (mapped["ShippingAgentCode"], mapped["ShippingAgentServiceCode"]) == ("NINJA", "STD")
    assert to_document(order(shipping_method="J&T"), terms(**options)).header["ShippingAgentCode"] is None


def test_withheld_data_is_left_out_unless_the_route_wants_it():
    hidden = {"ship_to": Address(name=MASKED, phone="******12", city="Singapore"), "buyer": Buyer(email=MASKED)}
    header = to_document(order(**hidden), terms()).header
    assert "Name" not in header
    assert "PhoneNo" not in header
    assert "Email" not in header
    assert header["City"] == "Singapore"
    assert to_document(order(**hidden), terms(masked="send")).header["Name"] == MASKED


def test_a_long_address_goes_on_in_its_second_line_and_is_cut_to_the_fields():
    words = " ".join(["Boulevard"] * 14)
    header = to_document(order(ship_to=Address(line=words, line2="Unit 3", city="C" * 40)), terms()).header
    assert header["Address"] == " ".join(["Boulevard"] * 10)
    assert header["Address2"] == "Boulevard Boulevard Boulevard Boulevard Unit 3"
    assert header["City"] == "C" * 30
    solid = to_document(order(ship_to=Address(line="X" * 120)), terms()).header
    assert (solid["Address"], solid["Address2"]) == ("X" * 100, "X" * 20)


@pytest.mark.parametrize(
    ("sku", "delimiter", "items", "expected"),
    [
        ("40020-002", "-", None, ("40020", "002")),
        ("40020", "-", None, ("40020", "")),
        ("ab-100-xl", "-", None, ("AB-100", "XL")),
        ("AB-100", "-", {"AB-100"}, ("AB-100", "")),
        ("AB-100", "-", {"AB"}, ("AB", "100")),
        ("AB-100", "", None, ("AB-100", "")),
        ("40020v002", "v", None, ("40020", "002")),
    ],
)
def test_a_sku_is_an_item_or_an_item_and_a_variant(sku, delimiter, items, expected):
    assert split_sku(sku, delimiter, items) == expected


def test_a_sku_may_name_two_items_and_is_put_together_again():
    assert candidates("ab-100", "-") == ("AB-100", "AB")
    assert candidates("ab-100-xl", "-") == ("AB-100-XL", "AB-100")
    assert candidates("tee", "-") == ("TEE",)
    assert join_sku("40020", "002", "-") == "40020-002"
    assert join_sku("40020", "", "-") == "40020"


@given(orders())
def test_every_line_obeys_its_equation_and_all_lines_come_to_what_was_paid(given_order):
    found = to_document(given_order, terms(currency=given_order.currency))
    for row in found.lines:
        assert row["Amount"] == row["Price"] * row["Quantity"] - row.get("DiscountAmount", 0)
        assert row["NetAmount"] + row["VatAmount"] == row["Amount"]
        own = [d["DiscountAmount"] for d in found.discounts if d["LineNo"] == row["LineNo"]]
        assert sum(own) == row.get("DiscountAmount", 0)
    assert sum(row["Amount"] for row in found.lines) == given_order.total.amount
    assert sum(row["PreApprovedAmount"] for row in found.payments) == given_order.total.amount
    assert len({d["EntryNo"] for d in found.discounts}) == len(found.discounts)
