import json

import pytest

from tests.core.cli.acme import CONFIG, SOURCE


@pytest.fixture
def shipped(crossdock, folder, distributions):
    """An order that is posted in the books and arranged in the shop, in so many parcels."""
    distributions.install("json_books", SOURCE)
    distributions.install(
        "json_shop", SOURCE.replace("plugin = books", "books").replace("shop = Plugin", "plugin = Plugin")
    )
    (folder / "crossdock.toml").write_text(CONFIG + "labels = true\n")
    (folder / "items.json").write_text('{"mug": 1}')

    def write(name: str, **rows: object) -> None:
        (folder / name).write_text(json.dumps(rows))

    def ship(*parcels: str) -> None:
        write("shop.json", A1={"sku": "mug", "status": "open"})
        crossdock("pull", "main")
        write("books.json", CO1={"of": "A1", "sku": "mug", "status": "shipped"})
        write("shop.json", A1={"sku": "mug", "status": "arranged", "parcels": parcels})
        crossdock("pull", "main", "--only", "A1")

    return ship


def test_a_label_is_written_to_the_file_that_is_named(crossdock, folder, shipped):
    shipped("P1")
    ended = crossdock("label", "A1", "--out", "label.pdf", "--json")
    assert ended.data == [{"parcel": "P1", "file": "label.pdf"}]
    assert (folder / "label.pdf").read_bytes() == b"%PDF P1"


def test_labels_of_several_parcels_go_to_a_file_each(crossdock, folder, shipped):
    shipped("P1", "P2")
    assert crossdock("label", "A1", "--out", "label.pdf").code == 0
    assert (folder / "label-P1.pdf").read_bytes() == b"%PDF P1"
    assert (folder / "label-P2.pdf").read_bytes() == b"%PDF P2"
    assert not (folder / "label.pdf").exists()


def test_without_a_file_it_says_where_the_label_is_kept(crossdock, shipped):
    shipped("P1")
    [row] = crossdock("label", "A1", "--json").data
    assert row["file"].endswith(".pdf")


def test_a_file_that_cannot_be_written_is_said_in_one_line(crossdock, shipped):
    shipped("P1")
    ended = crossdock("label", "A1", "--out", "nowhere/label.pdf")
    assert ended.code == 2
    assert ended.errors == ["error nowhere/label.pdf: the label cannot be written: No such file or directory"]


def test_an_order_without_label_says_how_to_get_one(crossdock, shipped):
    shipped()
    ended = crossdock("label", "A1")
    assert ended.code == 1
    assert "labels = true" in ended.err
