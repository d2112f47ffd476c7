"""Keeps the last state that the destination handed on, as Airbyte's platform does."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def last_state(told: str) -> list[object]:
    """The last state among the messages, in the form that the source takes."""
    found: list[object] = []
    for line in told.splitlines():
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("type") == "STATE":
            found = [message["state"]]
    return found


if __name__ == "__main__":
    source, kept = (Path(name) for name in sys.argv[1:])
    if state := last_state(source.read_text()):
        kept.write_text(json.dumps(state))
