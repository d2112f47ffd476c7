"""The wire page tells all that the sandbox can say."""

import re
from pathlib import Path

import pytest

from crossdock_anchanto_oms import sandbox
from crossdock_anchanto_oms.sandbox.server import ENDPOINTS
from crossdock_anchanto_oms.sandbox.states import ORDER_STATES, RETURN_MOVES

SOURCES = sorted(Path(sandbox.__file__).parent.glob("*.py"))
PAGE = (Path(__file__).parents[3] / "plugins" / "anchanto_oms" / "WIRE.md").read_text(encoding="utf-8")
CODE = re.compile(r'(?:unprocessable\(|Refusal\(\s*\d+,|return|_problem\(seller,)\s*"(\w+)"')


def _codes() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    found = {code for code in CODE.findall(text) if "_" in code}
    return found | {f"unknown_{kind}" for kind in re.findall(r'unknown\("(\w+)"', text)}


def test_every_error_code_is_documented() -> None:
    codes = _codes()
    assert len(codes) > 30
    assert [code for code in sorted(codes) if f"`{code}`" not in PAGE] == []


@pytest.mark.parametrize("state", sorted(ORDER_STATES | set(RETURN_MOVES)))
def test_every_state_is_documented(state: str) -> None:
    assert f"`{state}`" in PAGE


def test_every_event_is_documented() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    events = set(re.findall(r'(?:tell|emit)\("(\w+)"', text)) | {"ready_to_ship", "status_update"}
    assert len(events) >= 9
    assert [event for event in sorted(events) if f"`{event}`" not in PAGE] == []


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: f"{each.method} {each.path}")
def test_every_path_is_documented(endpoint: object) -> None:
    path = str(getattr(endpoint, "path", "")).removeprefix("/api/v1").removeprefix("/stores/{store_code}")
    last = "/".join(path.rsplit("/", 2)[-2:])
    assert last in PAGE
