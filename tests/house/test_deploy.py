"""What operators install keeps its promises: no rights, nothing writable but the state, a health check."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
UNIT = DEPLOY / "crossdock.service"


class _Repeated(dict):
    """systemd lets a key stand several times; configparser needs to be told."""

    def __setitem__(self, key, value):
        if isinstance(value, list) and key in self:
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


@pytest.fixture(scope="module")
def unit():
    parser = configparser.RawConfigParser(strict=False, dict_type=_Repeated, comment_prefixes=("#",))
    parser.optionxform = str
    parser.read(UNIT)
    return {
        section: {key: value.split("\n")[-1] for key, value in parser.items(section)} for section in parser.sections()
    }


def instructions():
    """Each instruction of the Containerfile, with its continuations joined."""
    text = re.sub(r"^\s*#.*\n", "", (DEPLOY / "Containerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [tuple(line.split(maxsplit=1)) for line in lines if line.strip()]


def stage(number):
    """The instructions of one stage."""
    starts = [at for at, (name, _) in enumerate(instructions()) if name == "FROM"]
    return instructions()[starts[number] : [*starts, None][number + 1 or len(starts)]]


def test_the_unit_takes_every_right_away(unit):
    service = unit["Service"]
    strict = {
        "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
        "PrivateDevices": "yes", "ProtectKernelTunables": "yes", "ProtectKernelModules": "yes",
        "ProtectKernelLogs": "yes", "ProtectControlGroups": "yes", "ProtectClock": "yes", "ProtectHostname": "yes",
        "ProtectProc": "invisible", "ProcSubset": "pid", "RestrictNamespaces": "yes", "RestrictRealtime": "yes",
        "RestrictSUIDSGID": "yes", "LockPersonality": "yes", "CapabilityBoundingSet": "", "AmbientCapabilities": "",
        "SystemCallArchitectures": "native", "SystemCallFilter": "@system-service", "RemoveIPC": "yes", "UMask": "0077",
    }  # fmt: skip
    assert {key: service.get(key) for key in strict} == strict
    assert service["User"] not in ("", "root")
    assert service["RestrictAddressFamilies"] == "AF_INET AF_INET6 AF_UNIX"


def test_the_unit_writes_to_its_state_alone_and_knows_how_to_end_and_to_reload(unit):
    service = unit["Service"]
    assert (service["StateDirectory"], service["StateDirectoryMode"]) == ("crossdock", "0700")
    assert "ReadWritePaths" not in service
    assert service["ExecReload"] == "/bin/kill -HUP $MAINPID"
    assert service["KillSignal"] == "SIGTERM"
    assert int(service["TimeoutStopSec"]) > 30  # longer than `drain`
    assert (service["Restart"], service["RestartPreventExitStatus"]) == ("on-failure", "2")  # a bad config stays down
    assert unit["Install"]["WantedBy"] == "multi-user.target"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_finds_nothing_wrong_with_the_unit():
    done = subprocess.run(["systemd-analyze", "verify", str(UNIT)], capture_output=True, text=True, check=False)
    complaints = [
        line for line in done.stderr.splitlines() if "crossdock.service" in line and "not executable" not in line
    ]
    assert complaints == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_finds_the_unit_hardly_exposed():
    asked = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(UNIT)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-200:]


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not installed here")
def test_hadolint_finds_nothing_wrong_with_the_image():
    asked = ["hadolint", str(DEPLOY / "Containerfile")]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_image_is_built_from_pinned_and_verified_packages():
    built = " ".join(words for name, words in stage(0) if name == "RUN")
    assert "--require-hashes -r constraints-production.txt" in built
    assert "--no-deps" in built


def test_the_image_runs_as_a_user_without_rights_and_tells_how_it_is():
    last = stage(-1)
    found = dict(last)
    uid, _, gid = found["USER"].partition(":")
    assert int(uid) >= 10_000
    assert int(gid) >= 10_000
    assert [name for name, _ in last].index("USER") > max(at for at, (name, _) in enumerate(last) if name == "RUN")
    assert found["VOLUME"] == found["WORKDIR"] == "/var/lib/crossdock"
    assert "/health/live" in found["HEALTHCHECK"]
    assert found["STOPSIGNAL"] == "SIGTERM"
    assert found["ENTRYPOINT"] == '["crossdock"]'


def test_every_image_has_a_version_and_no_stage_adds_from_elsewhere_or_runs_as_root_at_the_end():
    images = [words.split()[0] for name, words in instructions() if name == "FROM"]
    assert all(":" in image.rpartition("/")[2] and not image.endswith(":latest") for image in images)
    assert "ADD" not in [name for name, _ in instructions()]
    assert not any("sudo" in words or "curl" in words for name, words in instructions() if name == "RUN")


def test_the_image_holds_no_secret():
    text = (DEPLOY / "Containerfile").read_text()
    assert not re.search(r"^(ENV|ARG)\s.*(KEY|SECRET|TOKEN|PASSWORD)", text, re.MULTILINE | re.IGNORECASE)


def test_what_is_copied_into_the_image_exists():
    root = DEPLOY.parent
    copied = [words.split()[:-1] for name, words in stage(0) if name == "COPY"]
    assert all((root / source).exists() for sources in copied for source in sources)
