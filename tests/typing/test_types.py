import re
import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).parent / "cases"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """(file, line) to the codes of what mypy finds in the cases."""
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "--no-error-summary"]
    command += ["--cache-dir", str(tmp_path_factory.getbasetemp().parent / "mypy-of-cases"), str(CASES)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.stderr == ""
    codes = {}
    for line in said.stdout.splitlines():
        if match := re.match(r"(.+?):(\d+): error: .* \[([a-z-]+)\]$", line):
            codes.setdefault((Path(match[1]).name, int(match[2])), set()).add(match[3])
    return codes


def marked(name):
    lines = (CASES / name).read_text().splitlines()
    wrong = {number: re.search(r"# wrong: (.+)$", line) for number, line in enumerate(lines, 1)}
    return {(name, number): set(match[1].split(", ")) for number, match in wrong.items() if match}


def test_mypy_accepts_what_a_plugin_author_writes(found):
    assert not [place for place in found if place[0] == "good_plugin.py"]


def test_mypy_finds_every_marked_mistake_and_no_other(found):
    assert {place: codes for place, codes in found.items() if place[0] == "bad_plugin.py"} == marked("bad_plugin.py")
