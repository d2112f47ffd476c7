"""A third party's desk: a fresh environment, outside the workspace, with crossdock installed from its wheel."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
EXAMPLES = ("channel_acme", "extension_gift_notes")
_OURS = re.compile(r"^(CROSSDOCK_|COVERAGE|COV_|PYTEST_|PYTHON|VIRTUAL_ENV)")


@dataclass(frozen=True)
class Bench:
    """The environment, and a folder beside it to work in."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "venv" / "bin" / "python"

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of ours shows through, and its commands come first."""
        kept = {name: value for name, value in os.environ.items() if not _OURS.match(name)}
        kept |= {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", "MYPY_CACHE_DIR": str(self.folder / "mypy-cache")}
        return kept | {"PATH": f"{self.python.parent}:{kept['PATH']}", "NO_COLOR": "1", "COLUMNS": "200"}

    def run(self, *command: str, cwd: Path | None = None, code: int = 0, **variables: str) -> str:
        """Run a command to its end, and answer what it printed; any other exit code fails the test."""
        environment = self.environment | variables
        done = subprocess.run(
            command, cwd=cwd or self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def crossdock(self, *arguments: str, cwd: Path | None = None, code: int = 0) -> Any:
        """Run crossdock, and answer its JSON."""
        return json.loads(self.run("crossdock", *arguments, "--json", cwd=cwd, code=code))

    @contextmanager
    def sandboxes(self, *names: str) -> Iterator[Mapping[str, str]]:
        """Serve simulated systems in a process of their own: name to address."""
        command = ["crossdock", "sandbox", *names, "--port", "0", "--json"]
        process = subprocess.Popen(
            command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        try:
            assert process.stdout is not None
            announced = [json.loads(process.stdout.readline()) for _ in names]
            yield {one["name"]: one["url"] for one in announced}
        finally:
            process.terminate()
            process.wait(30)
            if process.stdout is not None:
                process.stdout.close()

    @contextmanager
    def service(self, folder: Path) -> Iterator[str]:
        """Run the service with the configuration in `folder`, and answer its address; it is told to end at the end."""
        process = subprocess.Popen(
            ["crossdock", "run", "--json"],
            cwd=folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        )
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()
            code = process.wait(60)
            if process.stdout is not None:
                process.stdout.close()
        assert code == 0


def made(folder: Path) -> Bench:
    """Build the wheels and make the environment; the versions are those that we are pinned to."""
    bench = Bench(folder)
    folder.mkdir()
    for part in ("core", "plugins/ls_central"):
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "wheels")]
        subprocess.run(build, cwd=ROOT / part, check=True, capture_output=True)
    pins = re.findall(r"^[A-Za-z0-9._-]+==[^ \\]+(?: ;[^\\]+)?", (ROOT / "constraints.txt").read_text(), re.M)
    (folder / "pins.txt").write_text("\n".join(pins) + "\n")
    core, central = (next((folder / "wheels").glob(f"{name}-*.whl")) for name in ("crossdock", "crossdock_ls_central"))
    tools = ["mypy", "ruff", "pytest", "pytest-asyncio", "hatchling", "editables"]
    _new_environment(bench)
    install(bench, f"{core}[authors]", str(central), *tools, "--constraint", str(folder / "pins.txt"))
    for example in EXAMPLES:
        shutil.copytree(ROOT / "examples" / example, folder / example)
        install(bench, "--no-deps", "--no-build-isolation", "--editable", str(folder / example))
    return bench


def install(bench: Bench, *what: str, by_pip: bool = False) -> None:
    """Install beside crossdock: with uv where it is, else with pip."""
    uv = None if by_pip else shutil.which("uv")
    if uv:
        bench.run(uv, "pip", "install", "--quiet", "--python", str(bench.python), *what)
    else:
        bench.run(
            sys.executable, "-m", "pip", "--python", str(bench.python), "install", "--quiet", "--no-compile", *what
        )


def _new_environment(bench: Bench) -> None:
    uv = shutil.which("uv")
    if uv:
        bench.run(uv, "venv", "--quiet", "--python", sys.executable, str(bench.folder / "venv"))
    else:
        bench.run(sys.executable, "-m", "venv", "--without-pip", str(bench.folder / "venv"))
