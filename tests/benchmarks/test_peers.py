"""What can be shown of the comparison without the other frameworks: our own part of it, and the job that all get."""

import json

import httpx

from benchmarks.job import Job
from benchmarks.peers import command
from benchmarks.peers.marketplace import pages
from benchmarks.peers.programs.airbyte_state import last_state
from benchmarks.peers.programs.drt_project import write
from benchmarks.servers import running


class Session:
    """Enough of `requests.Session`."""

    def get(self, url, *, timeout):
        return httpx.get(url, timeout=timeout)


def numbers(orders):
    return [order["order_sn"] for order in orders]


def test_peers_read_every_order_once_signed_or_flat():
    with running(Job(130)) as job:
        signed = [order for page in pages(Session(), job.marketplace, 0) for order in page]
        flat = [httpx.get(f"{job.marketplace}/orders?limit=50&offset={at}").json()["order_list"] for at in (0, 50, 100)]
        assert numbers(signed) == numbers([order for page in flat for order in page])
        assert len(set(numbers(signed))) == 130


def test_ratios_are_taken_inside_a_round():
    rounds = [
        {"ours": {"orders_per_second": 10.0}, "theirs": {"orders_per_second": 2.0}},
        {"ours": {"orders_per_second": 4.0}, "theirs": {"orders_per_second": 1.0}},
    ]
    assert command.ratios(rounds)["ours against"]["theirs"] == {"median": 4.5, "low": 4.0, "high": 5.0}


def test_a_peers_project_and_its_kept_state_are_what_that_peer_reads(tmp_path):
    write(Job(1, folder=str(tmp_path), marketplace="http://m", backend="http://b"))
    assert json.loads((tmp_path / "syncs/orders.yml").read_text())["destination"]["url"] == "http://b/documents"
    assert last_state('noise\n{"type": "STATE", "state": 1}\n{"type": "STATE", "state": 2}\n') == [2]
    assert last_state("") == []
