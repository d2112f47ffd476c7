import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from urllib.request import urlopen

from crossdock.cli.sandbox import default_port


@contextmanager
def started(*arguments: str):
    command = [sys.executable, "-m", "crossdock.cli", "sandbox", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def get(url: str):
    with urlopen(url, timeout=5) as answer:
        return json.load(answer)


def test_a_sandbox_announces_itself_when_it_accepts_connections_and_ends_by_sigterm(folder, distributions):
    with started("acme_shop", "--port", "0", "--seed", "5", "--option", "colour=blue", "--json") as process:
        announced = json.loads(process.stdout.readline())
        assert announced["name"] == "acme_shop"
        assert announced["credentials"] == {"shop_id": 7}
        assert get(announced["url"] + "/colour") == {"colour": "blue", "seed": 5}
        assert get(announced["url"] + "/_sandbox/writes") == {"writes": []}
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        assert process.stderr.read() == ""


def test_ctrl_c_ends_it_without_a_traceback(folder, distributions):
    with started("acme_shop", "--port", "0", "--json") as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 130
        assert process.stderr.read() == "stopped\n"


def test_faults_are_injected_from_a_file(folder, distributions):
    (folder / "faults.toml").write_text('[[rules]]\nkind = "server_error"\ntimes = 1\n')
    with started("acme_shop", "--port", "0", "--faults", "faults.toml", "--json") as process:
        url = json.loads(process.stdout.readline())["url"] + "/colour"
        from urllib.error import HTTPError

        import pytest

        with pytest.raises(HTTPError, match="500"):
            get(url)
        assert get(url)["colour"] == "red"


def test_a_taken_port_is_said_in_one_line(crossdock):
    with started("acme_shop", "--port", "0", "--json") as process:
        port = json.loads(process.stdout.readline())["url"].rpartition(":")[2]
        ended = crossdock("sandbox", "acme_shop", "--port", port)
        assert ended.code == 2
        assert ended.errors[0].startswith(f"error the sandbox acme_shop cannot listen on port {port}: ")
        assert "--port 0" in ended.errors[1]


def test_wrong_options_and_faults_are_said_in_one_line(crossdock, folder):
    ended = crossdock("sandbox", "acme_shop", "--option", "colour=green")
    assert ended.code == 2
    assert ended.errors == [
        "error the sandbox acme_shop takes no such option: --option colour: Input should be 'red' or 'blue'"
    ]
    assert "is not KEY=VALUE" in crossdock("sandbox", "acme_shop", "--option", "colour").err
    (folder / "faults.toml").write_text('[[rules]]\nkind = "sever_error"\n')
    ended = crossdock("sandbox", "acme_shop", "--faults", "faults.toml")
    assert ended.errors[0].startswith("error faults.toml: rules.0.kind: must be 'lost_answer', ")


def test_the_default_port_follows_from_the_name_alone():
    assert default_port("shopee") == default_port("shopee") != default_port("ls_central")
    assert 8400 <= default_port("anchanto_oms") < 8900
