"""An environment of its own for each peer, made once beside the checkout's own and left there."""

from __future__ import annotations

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
        print(f"making an environment for {peer}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        command = [binaries / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*command, *PINNED[peer]], check=True)
        (folder / "ready").touch()
    return binaries
