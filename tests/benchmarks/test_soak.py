"""The soak, for a few seconds: orders flow under faults, the service is killed, and the end is compared."""

import json

from benchmarks import soak


def test_a_short_soak_misses_nothing_and_tells_how_things_grew(capsys):
    soak.main(["--minutes", "0.05", "--rate", "5", "--seed", "3", "--kills", "1", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["placed"], told["made"], told["made_twice"], told["kills"]) == (15, 15, 0, 1)
    assert told["ledger"] == {"linked": 15, "in_doubt": 0, "parked": 0}
    assert all(sample["rss_mb"] > 0 and sample["tasks"] > 0 for sample in told["samples"])


def test_growth_is_counted_from_when_everything_was_warm():
    def sample(placed, size):
        levels = {"rss_mb": 50 + size, "files": 9, "threads": 4, "tasks": 12, "backlog": size}
        return {"placed": placed, "ledger_mb": size, "cpu_s": size / 10, **levels}

    grown = soak.growth([sample(0, 0), sample(100, 1), sample(200, 2), sample(300, 4)])
    assert (grown["rss_mb"], grown["files"], grown["tasks"], grown["most_backlog"]) == (3, 0, 0, 4)
    assert (grown["ledger_bytes_per_order_middle_third"], grown["ledger_bytes_per_order_last_third"]) == (
        10_000,
        20_000,
    )
    assert (grown["cpu_ms_per_order_middle_third"], grown["cpu_ms_per_order_last_third"]) == (1.0, 2.0)
