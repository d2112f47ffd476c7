"""Pages that are generated are as the code says."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from crossdock.contract import VERBS

ROOT = Path(__file__).parents[2]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", [name for name in generator().PAGES if name != "public-api.txt"])
def test_a_generated_page_is_not_stale(name: str) -> None:
    assert (ROOT / "docs" / "reference" / name).read_text() == generator().PAGES[name](), "run `make docs`"


def test_what_plugins_rely_on_changes_on_purpose_only() -> None:
    recorded = (ROOT / "docs" / "reference" / "public-api.txt").read_text().splitlines()
    found = generator().PAGES["public-api.txt"]().splitlines()
    gone, new = [line for line in recorded if line not in found], [line for line in found if line not in recorded]
    policy = "`make docs` records it anew; whatever goes or changes needs its steps: docs/guide/contract-policy.md"
    assert (gone, new) == ([], []), policy


def test_no_page_is_left_of_a_rule_that_is_gone() -> None:
    pages = {f"rules/{path.name}" for path in (ROOT / "docs" / "reference" / "rules").glob("*.md")}
    assert pages <= set(generator().PAGES)


def test_every_verb_has_a_section_of_its_own() -> None:
    page = (ROOT / "docs" / "reference" / "verbs.md").read_text()
    assert [verb for verb in VERBS if f"### `{verb}`" not in page] == []


def test_every_decision_is_numbered_and_short_enough_to_be_read() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert len(pages) >= 5
    for page in pages:
        assert page.name[:4].isdigit()
        assert len(page.read_text().splitlines()) <= 60, page.name


def test_every_link_between_pages_leads_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*/*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"
