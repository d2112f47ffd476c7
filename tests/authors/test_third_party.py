"""What a third party does, from outside the workspace: from the scaffold and from the examples, to orders that move."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from crossdock.testing.quality import Tier
from crossdock.testing.rules import RULES
from tests.authors.bench import EXAMPLES, ROOT, Bench, install

CI = Path(".github/workflows/test.yml")
KINDS = ("channel", "backend", "extension")
BRONZE = " or ".join(["not test_conformance", *(rule.id for rule in RULES if rule.tier is Tier.BRONZE)])


@pytest.fixture(scope="session")
def scaffolds(bench: Bench) -> Path:
    """A new plugin of each kind, installed: one with plain pip, the others with uv where there is one."""
    folder = bench.folder / "scaffolds"
    with FileLock(bench.folder / "scaffolds.lock"):
        if not folder.exists():
            for kind in KINDS:
                bench.crossdock("plugins", "new", f"new_{kind}", "--kind", kind, "--to", str(folder / kind))
                beside = ("--no-deps", "--no-build-isolation", "--editable", str(folder / kind))
                install(bench, *beside, by_pip=kind == "channel")
    return folder


def test_everything_that_is_generated_or_shown_passes_the_linter_and_the_type_checker_unchanged(
    bench: Bench, scaffolds: Path
) -> None:
    folders = [*(scaffolds / kind for kind in KINDS), *(bench.folder / example for example in EXAMPLES)]
    for folder in folders:
        bench.run("ruff", "check", "--quiet", ".", cwd=folder)
        bench.run("ruff", "format", "--check", ".", cwd=folder)
    bench.run("mypy", *(str(folder / "src") for folder in folders), cwd=folders[0])


def test_each_passes_its_own_tests_and_the_first_tier_of_the_kit(bench: Bench, scaffolds: Path) -> None:
    folders = [*(scaffolds / kind for kind in KINDS), *(bench.folder / example for example in EXAMPLES)]
    tests = [str(folder / "tests") for folder in folders]  # in one process, which takes a third of the time of five
    told = bench.run("python", "-m", "pytest", "-v", "-p", "no:cacheprovider", "-k", BRONZE, *tests, cwd=folders[0])
    for plugin in ("new_channel", "new_backend", "new_extension", "acme", "gift_notes"):
        assert f"test_{plugin}_keeps" in told
    assert "skipped" not in told


def test_the_examples_have_the_ci_file_that_the_scaffold_writes(scaffolds: Path) -> None:
    for example, kind, name in zip(EXAMPLES, ("channel", "extension"), ("acme", "gift_notes"), strict=True):
        written = (scaffolds / kind / CI).read_text()
        assert (ROOT / "examples" / example / CI).read_text() == written.replace(f"new_{kind}", name)


@pytest.mark.long
def test_acme_is_platinum_by_the_kit(bench: Bench) -> None:
    assert bench.crossdock("plugins", "test", "acme")["reached"] == "platinum"


def act(url: str, method: str, path: str, body: object = None) -> Any:
    """What somebody does in a simulated system."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/_sandbox{path}", data, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_orders_of_an_unknown_marketplace_reach_ls_central_and_come_back_by_config_only(
    bench: Bench, tmp_path: Path
) -> None:
    with bench.sandboxes("acme", "ls_central") as urls:
        acme, central = urls["acme"], urls["ls_central"]
        config = (ROOT / "examples" / "channel_acme" / "crossdock.toml").read_text()
        config = config.replace("http://127.0.0.1:8714", acme).replace("http://127.0.0.1:8411", central)
        (tmp_path / "crossdock.toml").write_text(config)
        split = act(acme, "POST", "/orders", {"pieces": ["10003", "40020-000", "10003"]})
        large = act(acme, "POST", "/orders", {"pieces": ["40020-000"] * 21})

        bench.crossdock("pull", "market", cwd=tmp_path, code=1)  # one is held back
        parked = bench.crossdock("parked", "list", cwd=tmp_path)
        assert [(item["order"], "so a person must look" in item["reason"]) for item in parked] == [(large["id"], True)]
        bench.crossdock("parked", "drop", "--all", cwd=tmp_path)

        document = act(central, "GET", f"/orders/{split['id']}")
        lines = [(line["Number"], float(line["Quantity"])) for line in document["lines"]]
        assert lines == [("10003", 2), ("40020", 1), ("66010", 1)]
        assert document["totals"]["amount"] == "52.5"

        act(central, "POST", f"/orders/{split['id']}/post", {})
        bench.crossdock("pull", "market", "--only", split["id"], cwd=tmp_path)
        traced = bench.crossdock("trace-hooks", "market", "--only", split["id"], cwd=tmp_path)["calls"]
        order = act(acme, "GET", f"/orders/{split['id']}")
        assert (order["state"], [parcel["state"] for parcel in order["parcels"]]) == ("PACKED", ["PACKED"])
        assert {call["plugin"] for call in traced} == {"acme", "ls_central"}

        bench.crossdock("pull", "market", "stock", "--full", cwd=tmp_path, code=1)
        shown = act(acme, "GET", "/stock")
        assert shown["10003"] == at_store(central, "10003") - 2  # the reserve

        told = act(acme, "GET", "/writes")["writes"]
        assert [write["kind"] for write in told if write["key"] == split["id"]] == ["pack"]


def at_store(central: str, item: str) -> int:
    """What LS Central has of an item in the store of the route and in its warehouse."""
    rows = act(central, "GET", f"/items/{item}")["stock"]
    return sum(int(row["quantity"]) for row in rows if row["location"] in ("S0013", "W0001"))


def test_a_scaffold_names_no_address_of_ours(scaffolds: Path) -> None:
    for path in scaffolds.rglob("*.toml"):
        assert not re.search(r"file://|/tmp/", path.read_text()), path
