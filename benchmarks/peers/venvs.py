"""An environment of its own for each peer, made once beside the checkout's own and left there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
PINNED = {
    "singer-sdk": ("singer-sdk==0.54.9",),
    "dlt": ("dlt==1.31.0",),
    "airbyte-cdk": ("airbyte-cdk==7.39.1",),
    "drt-core": ("drt-core==1.2.1",),
}
"""Distributions with the versions that were measured."""


def ready(peer: str) -> Path:
    """Return the folder with the peer's commands, and make the environment when it is not there."""
    folder = ROOT / ".peers" / peer
    binaries = folder / "bin"
    if not (folder / "ready").exists():
        print(f"making an environment for {peer}", file=sys.stderr, flush=True)
        uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
        venv.create(folder, with_pip=uv is None, clear=True)
        subprocess.run([*_installer(binaries / "python", uv), *PINNED[peer]], check=True)
        (folder / "ready").touch()
    return binaries


def _installer(python: Path, uv: str | None) -> list[str]:
    """The command that installs: with uv, where it is there, in a tenth of the time."""
    if uv:
        return [uv, "pip", "install", "--quiet", "--system-certs", "--python", str(python)]
    return [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
