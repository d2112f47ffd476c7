"""The scaffold's words; what it writes is put to the test as a third party would, in tests/authors."""

import ast
import tomllib

import pytest

from crossdock.scaffold import Kind


def new(crossdock, *arguments):
    return crossdock("plugins", "new", *arguments)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_a_whole_distribution_of_its_own(crossdock, folder, kind):
    shown = new(crossdock, "blue_shop", "--kind", kind, "--json")
    assert shown.code == 0
    made = folder / "crossdock-blue-shop"
    assert shown.data["folder"] == "crossdock-blue-shop"
    files = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert {"pyproject.toml", "README.md", ".gitignore", ".github/workflows/test.yml", "crossdock.toml"} <= files
    assert "src/crossdock_blue_shop/py.typed" in files
    if kind is not Kind.EXTENSION:
        parts = ("__init__", "config", "wire", "translate", "codes", "gateway", "client", "connection", "conformance")
        assert {f"src/crossdock_blue_shop/{part}.py" for part in parts} <= files
        assert "src/crossdock_blue_shop/quality.toml" in files
    for name in files:
        text = (made / name).read_text()
        assert "{{" not in text.replace("${{ matrix.python }}", ""), name
        if name.endswith(".py"):
            ast.parse(text)
    project = tomllib.loads((made / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["crossdock.plugins"] == {"blue_shop": "crossdock_blue_shop:plugin"}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Blue-Shop", "hint such as blue_shop"),
        ("blue__shop", "hint such as blue_shop"),
        ("7even", "hint such as acme_market"),
        ("class", "hint such as acme_market"),
        ("a" * 25, f"hint such as {'a' * 24}"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_with_one_that_can(crossdock, folder, name, hint):
    ended = new(crossdock, name, "--kind", "channel")
    assert ended.code == 2
    assert f"a plugin cannot be called {name!r}" in ended.err.replace("\n", " ")
    assert ended.errors[-1] == hint
    assert list(folder.glob("crossdock-*")) == []


def test_a_name_that_is_installed_is_refused_with_who_has_it(crossdock, folder):
    ended = new(crossdock, "acme_shop", "--kind", "backend")
    assert ended.errors[0] == "error plugin acme_shop: acme_shop 1.2 offers a plugin of this name"


def test_a_folder_in_use_is_left_alone(crossdock, folder):
    (folder / "mine").mkdir()
    (folder / "mine" / "notes.txt").write_text("mine")
    ended = new(crossdock, "blue_shop", "--kind", "channel", "--to", "mine")
    assert ended.errors[0] == "error mine is in use"
    assert [path.name for path in (folder / "mine").iterdir()] == ["notes.txt"]


def test_a_title_is_checked_and_kinds_are_named(crossdock, folder):
    assert "the title 'x\"y' is not" in new(crossdock, "blue", "--kind", "channel", "--title", 'x"y').err
    assert "'shop' is not one of" in new(crossdock, "blue", "--kind", "shop").err
    new(crossdock, "blue", "--kind", "extension", "--title", "Blue & Co.")
    assert "Blue & Co." in (folder / "crossdock-blue" / "README.md").read_text()
