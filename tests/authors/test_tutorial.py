"""The tutorial for authors, as its reader follows it: every command and every line of code, in order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.authors.bench import ROOT, Bench, install

GUIDE = ROOT / "docs" / "guide" / "write-a-plugin.md"
_PART = re.compile(r"Add to `([^`]+)`, before `([^`]+)`:\n\n```python\n(.*?)```|^```sh\n(.*?)^```", re.M | re.S)
_INSTALL = "pip install -e '.[dev]'\n"


@dataclass
class Reader:
    """Somebody who does what the page says.

    Attributes:
        bench: where.
        folder: the folder that the shell is in.
        urls: where the simulated systems are, instead of at their usual ports.
        shown: what the last commands printed.
    """

    bench: Bench
    folder: Path
    urls: Mapping[str, str]
    shown: str = ""

    def follow(self, section: int) -> None:
        """Do everything that a section says."""
        [text] = re.findall(rf"^## {section}\. .*?(?=^## )", GUIDE.read_text(), re.M | re.S)
        for file, before, code, commands in _PART.findall(text):
            if file:
                self._add(self.folder / file, before, code)
            else:
                self._run(commands)

    def _add(self, file: Path, before: str, code: str) -> None:
        source = file.read_text()
        assert source.count(before) == 1, f"{file.name} has {source.count(before)} times {before!r}"
        file.write_text(source.replace(before, code + before))

    def _run(self, commands: str) -> None:
        for usual, name in (("http://127.0.0.1:8794", "bazaar"), ("http://127.0.0.1:8411", "ls_central")):
            commands = commands.replace(usual, self.urls.get(name, usual))
        first, installs, rest = commands.partition(_INSTALL)
        for part in filter(None, (first, rest)):
            desk = {f"CROSSDOCK_SANDBOX_{name.upper()}": url for name, url in self.urls.items()}
            self.shown = self.bench.run("bash", "-euo", "pipefail", "-c", part, cwd=self.folder, **desk)
            [*_, where] = [self.folder, *(self.folder / name for name in re.findall(r"^cd (\S+)$", part, re.M))]
            self.folder = where
            if installs and part == first:
                install(self.bench, "--no-deps", "--no-build-isolation", "--editable", str(self.folder))


def test_a_reader_comes_from_nothing_to_a_channel_with_a_verb_of_its_own(bench: Bench, tmp_path: Path) -> None:
    reader = Reader(bench, tmp_path, {})
    reader.follow(1)
    with bench.sandboxes("bazaar", "ls_central") as reader.urls:
        config = reader.folder / "crossdock.toml"
        config.write_text(config.read_text().replace("http://127.0.0.1:8794", reader.urls["bazaar"]))
        for section in (2, 3, 4, 5):
            reader.follow(section)
    with bench.sandboxes("bazaar", "ls_central") as urls:
        text = config.read_text()
        for name, url in urls.items():
            text = text.replace(reader.urls[name], url)
        config.write_text(text)
        reader.urls = urls
        reader.follow(6)
    assert json.loads(reader.shown[reader.shown.rindex('{"number"') :])["status"] == "cancelled"
