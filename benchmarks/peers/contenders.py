"""How each contender is started: as it comes, and tuned for this job as far as its own means go."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.job import Job
from benchmarks.peers.venvs import ROOT, ready

_PROGRAMS = ROOT / "benchmarks" / "peers" / "programs"


@dataclass(frozen=True)
class Contender:
    """One program.

    Attributes:
        name: as in the results.
        peer: whose environment it runs in; empty for ours.
        script: renders the shell command that runs it once to the end, on a job, in the job's folder.
        tuned: whether it is what a user gets without tuning, or the best that its means allow.
        many_at_once: whether it has many requests under way.
    """

    name: str
    peer: str
    script: Callable[[Job], str]
    tuned: bool
    many_at_once: bool = True


def _ours(client: str) -> Callable[[Job], str]:
    def script(job: Job) -> str:
        fitted = replace(job, client=client, uvloop=client == "pyreqwest")
        return shlex.join([sys.executable, "-m", "benchmarks.programs", "ours", json.dumps(fitted.as_dict())])

    return script


def _singer(*, tuned: bool) -> Callable[[Job], str]:
    def script(job: Job) -> str:
        python, folder = ready("singer-sdk") / "python", Path(job.folder)
        (folder / "tap.json").write_text(json.dumps({"marketplace": job.marketplace}))
        # The specification's own way to turn validation off; everything else of the target stays as it is.
        target = {"backend": job.backend, "tuned": tuned, "validate_records": not tuned}
        (folder / "target.json").write_text(json.dumps(target))
        state = "--state state.json" if (folder / "state.json").exists() else ""
        return (
            f"set -o pipefail; {python} {_PROGRAMS}/singer_tap.py --config tap.json {state}"
            f" | {python} {_PROGRAMS}/singer_target.py --config target.json > states.jsonl; code=$?;"
            " if [ -s states.jsonl ]; then tail -n 1 states.jsonl > state.json; fi; exit $code"
        )

    return script


def _dlt(*, tuned: bool) -> Callable[[Job], str]:
    def script(job: Job) -> str:
        how = "tuned" if tuned else "plain"
        command = [str(ready("dlt") / "python"), str(_PROGRAMS / "dlt_pipeline.py"), json.dumps(job.as_dict()), how]
        return shlex.join(command)

    return script


def _airbyte(*, tuned: bool) -> Callable[[Job], str]:
    def script(job: Job) -> str:
        python, folder = ready("airbyte-cdk") / "python", Path(job.folder)
        stream = {
            "stream": {"name": "orders", "json_schema": {}, "supported_sync_modes": ["full_refresh", "incremental"]},
            "sync_mode": "incremental",
            "destination_sync_mode": "append",
            "cursor_field": ["update_time"],
        }
        (folder / "catalog.json").write_text(json.dumps({"streams": [stream]}))
        (folder / "source.json").write_text(json.dumps({"marketplace": job.marketplace}))
        (folder / "destination.json").write_text(json.dumps({"backend": job.backend, "tuned": tuned}))
        state = "--state state.json" if (folder / "state.json").exists() else ""
        both = "--catalog catalog.json"
        return (
            f"set -o pipefail; {python} {_PROGRAMS}/airbyte_source.py read --config source.json {both} {state}"
            f" | {python} {_PROGRAMS}/airbyte_destination.py write --config destination.json {both} > states.jsonl;"
            f" code=$?; {python} {_PROGRAMS}/airbyte_state.py states.jsonl state.json; exit $code"
        )

    return script


def _drt(job: Job) -> str:
    binaries = ready("drt-core")
    project = shlex.join([str(binaries / "python"), str(_PROGRAMS / "drt_project.py"), json.dumps(job.as_dict())])
    return f"{project} && HOME={shlex.quote(job.folder)} {binaries}/drt run --output json > run.json"


CONTENDERS = (
    Contender("ours, default", "", _ours("aiohttp"), tuned=False),
    Contender("ours, fastest", "", _ours("pyreqwest"), tuned=True),
    Contender("singer-sdk", "singer-sdk", _singer(tuned=False), tuned=False, many_at_once=False),
    Contender("singer-sdk, tuned", "singer-sdk", _singer(tuned=True), tuned=True),
    Contender("dlt", "dlt", _dlt(tuned=False), tuned=False, many_at_once=False),
    Contender("dlt, tuned", "dlt", _dlt(tuned=True), tuned=True),
    Contender("airbyte-cdk", "airbyte-cdk", _airbyte(tuned=False), tuned=False, many_at_once=False),
    Contender("airbyte-cdk, tuned", "airbyte-cdk", _airbyte(tuned=True), tuned=True),
    Contender("drt-core, no pace limit", "drt-core", _drt, tuned=True, many_at_once=False),
)


def surroundings(job: Job) -> dict[str, str]:
    """The environment of every contender: nothing of the caller's but where the checkout is."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "HOME": job.folder, "PYTHONPATH": str(ROOT)}
