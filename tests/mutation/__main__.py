"""Mutation testing: what a change of the code's meaning would go unnoticed? Run by `make mutants`, not part of CI.

mutmut wants one source folder, so each set is laid out anew in a folder of its own: all packages side by side, all
tests, and a configuration that names what is changed and which tests have to notice. Results stay there, so that a
second run only tries what changed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
WHERE = ROOT / ".mutants"
NOTICED = ("killed", "timeout")
SETS = tomllib.loads(Path(__file__).with_name("sets.toml").read_text())
CONFIG = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = {modules}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = {options}
use_git_change_detection = false
timeout_constant = 20.0
"""


def main() -> None:
    """Try the sets that are named, or all."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"of: {', '.join(SETS)}; default: all")
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    unknown = set(asked.sets) - set(SETS)
    if unknown:
        parser.error(f"no such set: {', '.join(sorted(unknown))}; there are {', '.join(SETS)}")
    for name in asked.sets or SETS:
        folder = laid_out(name)
        unnoticed = [mutant for mutant, verdict in verdicts(folder) if verdict not in NOTICED]
        try_all(folder, asked.processes)
        if unnoticed:  # mutmut keeps its verdicts when tests get better
            try_all(folder, asked.processes, unnoticed)
        report(name, folder)


def try_all(folder: Path, processes: int, mutants: Sequence[str] = ()) -> None:
    """Let mutmut try what was not tried yet, or `mutants` again."""
    log = folder / "log.txt"
    ran = subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", str(processes), *mutants],
        cwd=folder,
        env=os.environ | {"CROSSDOCK_TEST_PROFILE": "few", "PYTHONPATH": str(folder / "src")},
        stdout=log.open("w"),
        stderr=subprocess.STDOUT,
        check=False,
    )
    if ran.returncode:
        sys.exit(f"{folder.name}: mutmut could not run; see {log}")


def verdicts(folder: Path) -> list[tuple[str, str]]:
    """Every mutant with what became of it; none before the first run."""
    if not (folder / "mutants").exists():
        return []
    command = [sys.executable, "-m", "mutmut", "results", "--all", "True"]
    shown = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    pairs = [line.strip().rpartition(": ") for line in shown.splitlines() if ": " in line]
    return [(mutant, verdict) for mutant, _, verdict in pairs]


def laid_out(name: str) -> Path:
    """The folder of a set, brought up to date without touching what is as it was."""
    folder = WHERE / name
    for package in [*ROOT.glob("core/src/*"), *ROOT.glob("plugins/*/src/*")]:
        _mirrored(package, folder / "src" / package.name)
    _mirrored(ROOT / "tests", folder / "tests")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    lines = [f"{key} = {_toml(value)}" for key, value in settings.items()]
    chosen = SETS[name]
    modules = [f"src/{module}" for module in chosen["modules"]]
    options = ["-p", "no:cacheprovider", "-p", "no:logging"]
    if left_out := " or ".join(chosen.get("leave_out", ())):
        options += ["-k", f"not ({left_out})"]
    config = CONFIG.format(modules=_toml(modules), tests=_toml(_present(chosen["tests"])), options=_toml(options))
    (folder / "pyproject.toml").write_text("\n".join(["[tool.pytest.ini_options]", *lines, config]))
    return folder


def _present(patterns: list[str]) -> list[str]:
    found = [sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(pattern)) for pattern in patterns]
    empty = [pattern for pattern, paths in zip(patterns, found, strict=True) if not paths]
    if empty:
        sys.exit(f"no test is called {', '.join(empty)}: mend {Path(__file__).with_name('sets.toml')}")
    return [path for paths in found for path in paths]


def _mirrored(source: Path, target: Path) -> None:
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    for path in wanted:
        there = target / path
        if not there.exists() or there.read_bytes() != (source / path).read_bytes():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, there)
    for path in [path for path in target.rglob("*.py") if path.relative_to(target) not in wanted]:
        path.unlink()


def _toml(value: object) -> str:
    return repr(value).replace("True", "true").replace("False", "false")


def report(name: str, folder: Path) -> None:
    """Print how many were noticed, and name those that were not."""
    found = verdicts(folder)
    count = Counter(verdict for _, verdict in found)
    noticed = sum(count[verdict] for verdict in NOTICED)
    print(f"{name}: {noticed} of {count.total()} noticed, {100 * noticed / max(count.total(), 1):.1f} %  {dict(count)}")
    for mutant, verdict in found:
        if verdict not in NOTICED:
            print(f"  {verdict}: {mutant}")


if __name__ == "__main__":
    main()
