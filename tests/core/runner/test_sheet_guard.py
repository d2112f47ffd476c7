import shutil
import zipfile

import pytest

from crossdock.errors import ConfigError
from crossdock.runner.sheet_guard import check_sheet
from crossdock.runner.sheets import SheetWriter, read_rows

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def good(tmp_path):
    with SheetWriter(tmp_path / "good.xlsx", ["product"]) as writer:
        writer.write(["TEE"])
    return tmp_path / "good.xlsx"


def changed(good, change, name=SHEET):
    """A copy of which one part is another."""
    path = good.with_name("changed.xlsx")
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
    return path


def problem(path):
    with pytest.raises(ConfigError) as refused:
        list(read_rows(path, ["product"]))
    return str(refused.value)


def test_a_file_that_unpacks_to_more_than_any_sheet_is_refused_by_size_and_not_read(good):
    bomb = changed(good, lambda content: content.replace(b"<sheetData>", b"<sheetData>" + b" " * 4_000_000))
    assert bomb.stat().st_size < 20_000
    check_sheet(bomb)
    with pytest.raises(ConfigError, match="unpacks to more than 4000000 bytes"):
        check_sheet(bomb, most_bytes=4_000_000)


def test_what_an_archive_says_of_its_sizes_is_not_believed(good):
    bomb = changed(good, lambda content: b" " * 4_000_000, "xl/styles.xml")
    true, said = (4_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    lying = bomb.read_bytes()
    assert true in lying
    bomb.write_bytes(lying.replace(true, said))
    with pytest.raises(ConfigError, match="unpacks to more than 3000000 bytes"):
        check_sheet(bomb, most_bytes=3_000_000)


@pytest.mark.parametrize(
    "cell", ['<c r="XFD1048576"/>', "<c r = 'XFD1048576'/>", '<c s="1" r="xfd1048576"><v>1</v></c>']
)
def test_a_cell_far_away_is_refused_since_each_before_it_takes_memory(good, cell):
    far = f'<row r="1048576">{cell}</row></sheetData>'.encode()
    assert "its last cell is in row 1048576, column 16384" in problem(
        changed(good, lambda content: content.replace(b"</sheetData>", far))
    )


def test_words_that_look_like_a_place_are_no_cell(good):
    text = '<row r="3"><c r="A3" t="inlineStr"><is><t>row r="99999999" c r="XFD9"</t></is></c></row></sheetData>'
    path = changed(good, lambda content: content.replace(b"</sheetData>", text.encode()))
    assert [cells["product"] for _, cells in read_rows(path, ["product"])] == ["TEE", 'row r="99999999" c r="XFD9"']


def test_only_a_workbook_called_one_is_opened(good):
    shutil.copy(good, good.with_name("good.xlsb"))
    assert "no .xlsx workbook" in problem(good.with_name("good.xlsb"))
    with zipfile.ZipFile(good.with_name("other.xlsx"), "w") as archive:
        archive.writestr("a", "b")
    assert "no .xlsx workbook" in problem(good.with_name("other.xlsx"))
