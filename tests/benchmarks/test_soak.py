"""The soak, for a few seconds: orders flow under faults, and the end is compared."""

import json

from benchmarks import soak


def test_a_short_soak_misses_nothing_and_tells_how_things_grew(capsys):
    soak.main(["--minutes", "0.05", "--rate", "5", "--seed", "3", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["placed"], told["made"], told["made_twice"]) == (15, 15, 0)
    assert all(sample["rss_mb"] > 0 for sample in told["samples"])


def test_growth_is_counted_from_when_everything_was_warm():
    def sample(placed, size):
        return {"placed": placed, "rss_mb": 50 + size, "files": 9, "threads": 4, "ledger_mb": size, "cpu_s": size / 10}

    grown = soak.growth([sample(0, 0), sample(100, 1), sample(200, 2), sample(300, 3)])
    assert grown == {"rss_mb": 2, "files": 0, "threads": 0, "ledger_bytes_per_order": 10_000, "cpu_ms_per_order": 1.0}
