"""Each benchmark works: with a handful of orders, and without a word about how long anything takes."""

import json
from dataclasses import replace

import httpx
import pytest

from benchmarks import __main__ as command
from benchmarks import backfill, excel, growth, overhead, sandboxes, start
from benchmarks.job import LIST_PATH, Job, signed
from benchmarks.programs import measure, require_done, run
from benchmarks.servers import running


def test_the_marketplace_refuses_a_wrong_signature():
    with running(Job(1)) as job:
        path = signed(LIST_PATH, 1_700_000_000).replace("&sign=", "&sign=0")
        assert httpx.get(job.marketplace + path).status_code == 403
        counts = httpx.get(f"{job.backend}/counts").json()
        assert (counts["bad signatures"], counts["documents"]) == (1, 0)


@pytest.mark.parametrize("client", ["protocol", "aiohttp"])
def test_the_limit_makes_a_document_of_every_order(client):
    assert measure("limit", Job(130, client=client))["cpu_us_per_order"] > 0


def test_ours_makes_a_document_of_every_order_and_polls_without_writing():
    found = measure("ours", Job(130, client="aiohttp", polls=2))
    assert 0 < found["commits_per_order"] < 0.5
    assert found["commits_per_idle_poll"] == 0


def test_everything_by_hand_sends_nothing_twice_when_it_is_run_again(tmp_path):
    with running(Job(130)) as job:
        for _ in range(2):
            run("all_in", replace(job, folder=str(tmp_path)))
        assert httpx.get(f"{job.backend}/counts").json()["created"] == 130


def test_a_program_that_leaves_orders_out_is_found_out():
    job = Job(130)
    require_done("limit", job, {"created": 130, "lists": 2})
    for counts in ({"created": 129}, {"created": 130, "duplicates": 1}, {"created": 130, "bad signatures": 1}):
        with pytest.raises(RuntimeError, match="limit did not do its job of 130 orders"):
            require_done("limit", job, counts)


def test_overhead_tells_every_ratio_for_every_client(capsys):
    overhead.main(["--orders", "60", "--rounds", "1", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert set(told["ratios"]) == set(overhead.TARGETS)
    assert all(set(ratio) == set(overhead.clients()) for ratio in told["ratios"].values())
    assert told["versions"]["python"]


def test_growth_tells_every_ratio(capsys):
    growth.main(["--orders", "200", "--json"])
    assert set(json.loads(capsys.readouterr().out)["ratios"]) == set(growth.TARGETS)


@pytest.mark.long
def test_the_real_plugins_do_the_job_in_their_sandboxes(capsys):
    sandboxes.main(["--orders", "3", "--json"])
    assert json.loads(capsys.readouterr().out)["engine"]["central_calls_per_order"]["median"] >= 1


def test_without_a_name_the_benchmarks_are_listed(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["benchmarks"])
    assert command.main() == 0
    assert "overhead" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["benchmarks", "speed"])
    assert command.main() == 2
    assert "there is no benchmark 'speed'" in capsys.readouterr().err


def test_a_backfill_is_resumed_after_a_kill_and_makes_every_order_once():
    told = backfill.measure(Job(600, latency=0.2, client="aiohttp", days=90))
    assert 300 <= told["killed_at"] < 600
    assert told["cpu_us_per_order"]["last_tenth"] > 0


def test_an_excel_file_that_was_not_touched_changes_nothing_and_a_changed_one_only_once(capsys):
    excel.main(["--rows", "20", "--json"])
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert (figures["rows"], figures["changes"]) == (20, [0, 40, 0])


def test_the_first_request_is_timed_where_it_arrives_and_again_after_a_kill(tmp_path):
    timed = start.first_requests(str(tmp_path))
    assert set(timed) == {"first_request_seconds", "after_kill_seconds"}
    assert all(seconds > 0 for seconds in timed.values())
