"""Accidents and troubles of a handful of orders: that they bite, and that what they leave behind is counted."""

import json
from dataclasses import replace

import pytest

from benchmarks.job import Job
from benchmarks.peers.contenders import CONTENDERS
from benchmarks.servers import FarSide
from benchmarks.survival import command, network
from benchmarks.survival.accidents import ACCIDENTS, survive
from benchmarks.survival.troubles import TROUBLES
from benchmarks.survival.troubles import survive as serve

OURS = CONTENDERS[0]


@pytest.mark.parametrize("accident", ["lost answers", "killed"])
def test_ours_leaves_nothing_out_and_makes_nothing_twice(accident):
    found = survive(OURS, ACCIDENTS[accident], 200)
    assert (found["extra"], found["missing"], found["ended_well"]) == (0, 0, 1)


def test_a_storm_refuses_every_call_until_it_ends_and_recovery_is_counted_from_then():
    far = FarSide(Job(1))
    document = (b"POST", "/documents", b'{"reference":"1"}')
    far.answer(b"GET", "/trouble/storm", b"")
    assert far.answer(*document)[0].startswith(b"429")
    far.answer(b"GET", "/trouble/none", b"")
    assert far.answer(*document)[0] == b"201 Created"
    told = json.loads(far.answer(b"GET", "/counts", b"")[1])
    assert (told["calls refused in the storm"], told["documents"]) == (1, 1)
    assert 0 <= told["recovered_seconds"] <= told["seconds"]


def test_a_list_that_shifts_while_it_is_read_passes_over_as_many_as_moved():
    far = FarSide(Job(100, shift=10))

    def read(cursor):
        answer = far.answer(b"GET", f"/orders?offset={cursor}&limit=20", b"")[1]
        return [int(order["order_sn"][8:]) for order in json.loads(answer)["order_list"]]

    first = [number for cursor in (0, 20, 40) for number in read(cursor)]
    assert first == list(range(60))
    assert read(60) == list(range(70, 90))
    assert read(80) == [*range(90, 100), *range(10)]
    assert read(100) == []


def test_what_a_peer_sends_twice_or_leaves_out_is_counted():
    def careless(job):
        send = f'curl -s -o /dev/null -d \'{{"reference":"26112100"}}\' {job.backend}/documents'
        return f"{send}; {send}"

    found = survive(replace(OURS, script=careless), ACCIDENTS["poison"], 20)
    assert (found["extra"], found["missing"]) == (1, 18)
    found = survive(replace(OURS, script=careless), ACCIDENTS["re-run"], 20)
    assert (found["extra"], found["missing"]) == (3, 19)


def test_tokens_that_expire_in_mid_run_cost_the_service_nothing():
    found = serve(TROUBLES["token"], 20)
    assert (found["extra"], found["missing"], found["in_doubt"], found["known_of_all"]) == (0, 0, 0, 1)
    assert found["calls_failed"] > 0


@pytest.mark.long
@pytest.mark.parametrize("trouble", [name for name in TROUBLES if name != "token"])
def test_the_service_leaves_nothing_out_and_makes_nothing_twice(trouble):
    found = serve(TROUBLES[trouble], 60)
    assert (found["extra"], found["missing"], found["in_doubt"], found["known_of_all"]) == (0, 0, 0, 1)


@pytest.mark.long
@pytest.mark.parametrize("accident", ["storm", "partition"])
def test_ours_goes_on_when_the_others_answer_again(accident, capsys):
    if accident == "partition" and not network.possible():
        pytest.skip("this machine lets us have no network of our own")
    command.main(["--only", accident, "--contender", "ours, default", "--orders", "100", "--json"])
    (rows,) = json.loads(capsys.readouterr().out)["scenarios"].values()
    assert (rows["ours, default"]["extra"], rows["ours, default"]["missing"]) == (0, 0)


def test_a_scenario_that_is_not_there_is_named_with_those_that_are(capsys):
    with pytest.raises(SystemExit):
        command.main(["--only", "flood"])
    assert "there is no scenario 'flood'; there are: \"re-run\"" in capsys.readouterr().err
