import json
import signal
import subprocess
import sys
from pathlib import Path


def demo(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "crossdock.cli", "demo", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True)


def test_the_demo_holds_every_check_over_real_http():
    process = demo("--json")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    told = json.loads(out)
    assert told["ok"]
    assert len(told["checks"]) >= 13
    assert all(check["held"] and check["figures"] for check in told["checks"])


def test_the_story_of_a_korean_seller_with_anchanto_oms_holds_every_check_over_real_http():
    process = demo("--story", "anchanto", "--json")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    told = json.loads(out)
    assert told["ok"]
    claims = [check["claim"] for check in told["checks"]]
    assert len(claims) >= 17
    for claim in (
        "no stock moved",
        "its shipment is arranged in Shopee",
        "the OMS has Shopee's waybill, byte for byte",
        "neither system was written to",
    ):
        assert claim in claims


def test_ctrl_c_ends_the_demo_with_its_sandboxes():
    process = demo()
    assert process.stdout.readline().startswith("Starting")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "stopped\n")
    assert [pid for pid in Path("/proc").iterdir() if session_of(pid) == process.pid] == []


def session_of(process: Path) -> int | None:
    """Of a process that still does anything: one that has ended may wait for init to take note."""
    try:
        state, _, _, session, *_ = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if state == "Z" else int(session)
