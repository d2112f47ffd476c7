import pytest

from crossdock.errors import ConfigError
from crossdock.flows.products.overlay import overlaid
from crossdock.flows.products.sheet import COLUMNS, NEEDED, Reader, rows_of
from crossdock.ledger import Listing
from crossdock.model import Money
from crossdock.runner.sheets import SheetWriter, read_rows
from tests.core.flows.products.market import product

TEE = Listing("TEE", product("TEE", "TEE-S", "TEE-M", brand="Own", days_to_ship=2), listed_id="7")


def read(rows, listings=(TEE,), buffers=None):
    reader = Reader(buffers or {})
    known = {one.key: one for one in listings}
    for number, cells in enumerate(rows, start=2):
        reader.take(number, cells, known.get(cells.get("product", "")))
    return reader.reading


def exported(listing=TEE, buffers=None):
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows_of(listing, buffers or {})]


def test_f18_a_sheet_that_was_not_touched_changes_nothing():
    reading = read(exported(buffers={"TEE-S": 3}), buffers={"TEE-S": 3})

    assert (reading.rows, reading.changes, reading.wrong, reading.wishes(), reading.buffers) == (2, [], [], [], {})


def test_blanks_line_ends_and_zeros_that_excel_loses_are_no_change():
    teapot = Listing("POT", product("POT", description="For two.\r\nOr for one. ", price="12.50 SGD"))
    (row,) = exported(teapot)

    reading = read([row | {"description": "For two.\nOr for one.", "price": "12.5 SGD"}], [teapot])

    assert (reading.changes, reading.wishes()) == ([], [])


def test_changed_cells_are_overrides_links_and_buffers_and_reading_them_again_changes_nothing():
    rows = exported()
    for row in rows:
        row |= {"name": "Shirt", "listing": "8"}
    rows[1] |= {"price": "12.5 SGD", "buffer": "4"}

    reading = read(rows)
    (wish,) = reading.wishes()
    after = Listing("TEE", TEE.product, listed_id="8", overrides=wish.overrides)
    again = read(exported(after, reading.buffers), [after], reading.buffers)

    assert {(one.column, one.before, one.after) for one in reading.changes} == {
        ("name", "Item TEE", "Shirt"),
        ("listing", "7", "8"),
        ("price", "10.00 SGD", "12.50 SGD"),
        ("buffer", "", "4"),
    }
    assert (wish.overrides, wish.listed_id) == ({"name": "Shirt", "price:TEE-M": "12.50 SGD"}, "8")
    assert again.changes == []
    assert read(rows, [after], reading.buffers).changes == []
    wanted = overlaid(TEE.product, wish.overrides)
    assert (wanted.name, wanted.variants[1].price) == ("Shirt", Money.parse("12.50 SGD"))
    assert wanted.variants[0].price == Money.parse("10.00 SGD")


def test_an_empty_cell_gives_the_field_back_to_the_backend():
    changed = Listing("TEE", TEE.product, overrides={"name": "Shirt", "price:TEE-S": "9.00 SGD"})
    rows = exported(changed)
    for row in rows:
        row |= {"name": "", "price": ""}

    (wish,) = read(rows, [changed]).wishes()

    assert wish.overrides == {}


@pytest.mark.parametrize(
    ("cells", "column", "allowed"),
    [
        ({"price": "12.50"}, "price", "an amount above 0 with its currency, such as 12.50 SGD"),
        ({"price": "0 SGD"}, "price", "an amount above 0"),
        ({"price": "9 USD"}, "price", "such as 12.50 SGD"),
        ({"buffer": "-1"}, "buffer", "a whole number from 0"),
        ({"buffer": "2.5"}, "buffer", "a whole number from 0"),
        ({"days_to_ship": "soon"}, "days_to_ship", "a whole number from 0 to 60"),
        ({"name": "x" * 256}, "name", "at most 255 characters, not 256"),
        ({"sku": "TEE-XL"}, "sku", "one of TEE-S, TEE-M"),
        ({"product": "CAP"}, "product", "a product that was read from the backend"),
        ({"name": "Other"}, "name", "the same in all rows of a product, such as 'Item TEE'"),
        ({"sku": "TEE-S"}, "sku", "each SKU once; it stands in row 2 as well"),
    ],
)
def test_f18_a_cell_that_cannot_be_taken_is_named_with_what_is_allowed_and_its_row_is_left_out(cells, column, allowed):
    rows = exported()
    rows[0]["buffer"] = "1"
    rows[1] |= {"buffer": "9"} | cells

    reading = read(rows)

    (wrong,) = reading.wrong
    assert (wrong.row, wrong.column) == (3, column)
    assert wrong.value == rows[1][column]
    assert allowed in wrong.allowed
    assert reading.buffers == {"TEE-S": 1}


def test_texts_survive_the_file_as_they_are(tmp_path):
    rows = [["0012", "=1+1", "Größe\nM"], ["12", "", "\x07bell"]]
    with SheetWriter(tmp_path / "a.xlsx", ["product", "sku", "name"]) as writer:
        for row in rows:
            writer.write(row)

    found = list(read_rows(tmp_path / "a.xlsx", NEEDED))

    assert found == [
        (2, {"product": "0012", "sku": "=1+1", "name": "Größe\nM"}),
        (3, {"product": "12", "sku": "", "name": "bell"}),
    ]


def test_a_file_without_the_columns_or_that_is_none_is_refused(tmp_path):
    with SheetWriter(tmp_path / "a.xlsx", ["product", "amount"]) as writer:
        writer.write(["1", "2"])
    (tmp_path / "b.xlsx").write_text("no sheet")

    with pytest.raises(ConfigError, match="has no column sku; it has product, amount"):
        list(read_rows(tmp_path / "a.xlsx", NEEDED))
    for name in ("b.xlsx", "missing.xlsx"):
        with pytest.raises(ConfigError, match="cannot be read as an Excel file"):
            list(read_rows(tmp_path / name, NEEDED))
