"""The extension, asked as a route asks it: in a scope, here with a backend that takes everything."""

from decimal import Decimal

import pytest
from crossdock.contract import Receipt, hookimpl, scope
from crossdock.errors import Refused, TryLater
from crossdock.model import Money, Order, OrderLine, Product, StockLevel, Variant

from crossdock_gift_notes import plugin
from crossdock_gift_notes.extension import INCLUDED


class Books:
    """Makes a document of every order, or fails."""

    def __init__(self, error=None):
        self.error = error

    @hookimpl
    async def push_order(self, order):
        if self.error:
            raise self.error
        return Receipt("D1", note="made")


def asked(books=None, **settings):
    settings = {"gift_skus": ["MUG"], **settings}
    return scope({"gift_notes": plugin.extension(plugin.settings(**settings)), "books": books or Books()})


def order(sku="MUG", total="20.00 SGD", note=""):
    price = Money.parse(total)
    line = OrderLine(id="1", sku=sku, quantity=Decimal(1), list_price=price, amount=price)
    values = {"id": "7", "status": "open", "vendor_status": "paid", "currency": "SGD", "note": note}
    return Order.model_validate(values | {"lines": (line,), "total": price})


async def test_a_gift_gets_its_note_and_nothing_else_is_changed(route):
    given = order(note="leave at the door")
    found = await asked().rewrite_order(given, route)
    assert found.note == "GIFT leave at the door"
    assert found.model_copy(update={"note": given.note}) == given


async def test_what_is_no_gift_passes_as_it_is(route):
    given = order("LAMP")
    assert await asked().rewrite_order(given, route) is given
    assert (await asked().push_order(given, route)).note == "made"


async def test_an_order_from_the_limit_on_is_held_back_with_a_reason(route):
    held = asked(hold_from=Decimal(100))
    assert (await held.rewrite_order(order(total="99.99 SGD"), route)).id == "7"
    with pytest.raises(Refused, match=r"the total of 100\.00 SGD is not below 100"):
        await held.rewrite_order(order(total="100.00 SGD"), route)


async def test_the_receipt_says_that_a_note_was_written(route):
    assert (await asked().push_order(order(), route)).note == "made with a gift note"


async def test_an_error_passes_the_wrapper(route):
    with pytest.raises(TryLater, match="busy"):
        await asked(Books(TryLater("busy"))).push_order(order(), route)


@pytest.mark.parametrize(("available", "shown"), [(5, 2), (3, 0), (1, 0)])
async def test_the_reserve_is_never_shown(available, shown, route):
    level = StockLevel(sku="MUG", available=Decimal(available))
    assert (await asked(reserve=Decimal(3)).rewrite_stock(level, route)).available == shown


async def test_a_gifts_description_says_so_once(route):
    gift = Product(id="1", sku="", name="Mug", description="Blue.", variants=(Variant(sku="MUG"),))
    found = await asked().rewrite_product(gift, route)
    assert found.description == f"Blue.\n{INCLUDED}"
    assert await asked().rewrite_product(found, route) == found
    lamp = Product(id="2", sku="LAMP", name="Lamp")
    assert await asked().rewrite_product(lamp, route) is lamp
