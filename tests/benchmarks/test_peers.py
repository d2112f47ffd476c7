"""What can be shown of the comparison without the other frameworks: our own part of it, and the job that all get."""

import json

import httpx

from benchmarks.job import Job
from benchmarks.peers import command
from benchmarks.peers.contenders import CONTENDERS
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


def test_ratios_are_taken_inside_a_round_against_the_best_peer_of_it():
    def told(ours, singer, dlt, tuned):
        rates = {"ours, default": ours, "singer-sdk": singer, "dlt": dlt, "dlt, tuned": tuned}
        return {name: {"orders_per_second": rate} for name, rate in rates.items()}

    found = command.ratios([told(10.0, 1.0, 2.0, 5.0), told(4.0, 1.0, 0.5, 1.0)])
    assert found["rate_vs_best_as_it_comes"]["default"] == {"median": 4.5, "low": 4.0, "high": 5.0}
    assert found["rate_vs_best_tuned"]["default"] == {"median": 3.0, "low": 2.0, "high": 4.0}


def test_who_sends_one_request_at_a_time_gets_fewer_orders_where_each_takes_a_while():
    one_by_one, ours = (next(one for one in CONTENDERS if one.name == name) for name in ("dlt", "ours, default"))
    assert command.fitted(one_by_one, Job(600)).orders == 600
    assert command.fitted(one_by_one, Job(600, latency=0.02)).orders == 100
    assert command.fitted(ours, Job(600, latency=0.02)).orders == 600


def test_ours_is_measured_at_each_latency_and_the_way_that_is_left_is_told(capsys):
    command.main(["--only", "ours, default", "--rounds", "1", "--orders", "60", "--latency", "0", "--json"])
    out, err = capsys.readouterr()
    assert json.loads(out)["contenders"]["instant"]["ours, default"]["orders"]["median"] == 60
    assert "round 1 of 1, instant, ours, default:" in err


def test_a_peers_project_and_its_kept_state_are_what_that_peer_reads(tmp_path):
    write(Job(1, folder=str(tmp_path), marketplace="http://m", backend="http://b"))
    assert json.loads((tmp_path / "syncs/orders.yml").read_text())["destination"]["url"] == "http://b/documents"
    assert last_state('noise\n{"type": "STATE", "state": 1}\n{"type": "STATE", "state": 2}\n') == [2]
    assert last_state("") == []
