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
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "data", "info"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text())
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_there_is_something_to_check() -> None:
    assert len(SOURCES) > 100
    assert len(PLUGINS) == 3


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_a_reader_can_hold(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    long = {node.name: node.end_lineno - node.lineno + 1 for node in functions(path) if node.end_lineno}
    documented = {node.name: len((ast.get_docstring(node) or "").splitlines()) for node in functions(path)}
    assert {name: lines for name, lines in long.items() if lines - documented[name] > 40} == {}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_hides_behind_a_vague_name(path: Path) -> None:
    assert path.stem not in VAGUE


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_plugins_front_door_is_small(plugin: Path) -> None:
    assert len((plugin / "__init__.py").read_text().splitlines()) <= 20


def test_constraints_pin_with_hashes_and_name_no_address() -> None:
    text = (ROOT / "constraints.txt").read_text()
    pins = re.findall(r"^([a-z0-9._-]+)==\S+", text, re.M | re.I)
    assert len(pins) > 40
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
    assert "index-url" not in text


def test_no_lock_file_with_addresses_is_tracked() -> None:
    names = {path.name for path in tracked()}
    assert names.isdisjoint({"uv.lock", "poetry.lock", "package-lock.json"})


def test_no_tracked_file_carries_a_path_of_the_machine_it_was_written_on() -> None:
    needles = [str(ROOT) + "/", str(Path.home()) + "/", str(ROOT.parent / "shared") + "/"]
    found = {
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix not in {".png", ".pdf", ".ico"}
        and any(needle in path.read_text(errors="ignore") for needle in needles)
    }
    assert found == set()


def test_every_tracked_shell_script_stops_at_the_first_error() -> None:
    for path in [ROOT / ".ci" / "run"]:
        assert "set -euo pipefail" in path.read_text()
