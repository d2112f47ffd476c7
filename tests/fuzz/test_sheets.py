"""Whatever stands in an Excel file: it is read, or refused as a file, and never fills the memory."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossdock.errors import ConfigError
from crossdock.flows.products.sheet import NEEDED, Reader
from crossdock.runner.sheets import SheetWriter, read_rows
from tests.fuzz.mangle import mangled

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("sheets") / "good.xlsx"
    with SheetWriter(path, [*NEEDED, "name", "price"]) as writer:
        writer.write(["TEE", "TEE-S", "Shirt", "1.00 SGD"])
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@st.composite
def spoilt(draw: st.DrawFn, parts: dict[str, bytes]) -> bytes:
    """A workbook of which one part is wrong, or whose bytes are."""
    name = draw(st.sampled_from(sorted(parts)))
    way = draw(st.sampled_from(["part", "gone", "bytes", "cut"]))
    if way == "part":
        return packed({**parts, name: draw(mangled(parts[name]))})
    if way == "gone":
        return packed({one: content for one, content in parts.items() if one != name})
    whole = bytearray(packed(parts))
    if way == "cut":
        return bytes(whole[: draw(st.integers(0, len(whole)))])
    for _ in range(draw(st.integers(1, 4))):
        whole[draw(st.integers(0, len(whole) - 1))] = draw(st.integers(0, 255))
    return bytes(whole)


@settings(suppress_health_check=list(HealthCheck), max_examples=settings.default.max_examples * 2)
@given(data=st.data())
def test_a_spoilt_sheet_is_read_or_refused(parts, tmp_path: Path, data):
    file = tmp_path / "a.xlsx"
    file.write_bytes(data.draw(spoilt(parts)))
    reader = Reader({})
    with suppress(ConfigError):
        for number, cells in read_rows(file, NEEDED):
            reader.take(number, cells, None)
