"""Whatever stands in a config file: it is a configuration, or every problem is told with its place."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossdock import discovery
from crossdock.config import ConfigErrors, Configuration, load
from crossdock.errors import ConfigError
from tests.conftest import ROOT

TEXTS = [path.read_text() for path in sorted((ROOT / "examples").glob("*/crossdock.toml"))]
VALUES = st.sampled_from(
    ['""', '"x"', '"env:NOT_SET"', '"file:/nowhere"', "-1", "0", "1e400", "nan", "true", "[]", '["a", 1]', "{}",
     "'''\n'''", "2026-11-22", "99999999999999999999", '"\\u0000"', '"5 parsecs"', '"__class__"', "[[1]]",
     '{a = {b = 1}}',
     ""]
)  # fmt: skip


@st.composite
def wrong(draw: st.DrawFn) -> str:
    lines = draw(st.sampled_from(TEXTS)).splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        key, equals, _ = lines[at].partition(" = ")
        match draw(st.sampled_from(["value", "value", "key", "gone", "twice", "noise", "cut"])):
            case "value" if equals:
                lines[at] = f"{key} = {draw(VALUES)}"
            case "key" if equals:
                lines[at] = lines[at].replace(
                    key, draw(st.sampled_from([key[:-1], f"{key}x", '""', "a.b", "é", key.upper()]))
                )
            case "gone":
                lines[at] = ""
            case "twice":
                lines.insert(at, lines[at])
            case "noise":
                lines.insert(at, draw(st.text(max_size=12)))
            case _:
                lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
    return "\n".join(lines)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=wrong())
def test_a_wrong_file_is_told_by_place_or_is_no_wrong_file(tmp_path, text):
    path = tmp_path / "crossdock.toml"
    path.write_bytes(text.encode(errors="surrogatepass"))
    told: list[ConfigError] = []
    try:
        assert isinstance(load(path, discovery.find, {}), Configuration)
    except ConfigErrors as wrongs:
        told = list(wrongs.errors)
    except ConfigError as one:
        told = [one]
    assert all(str(error) for error in told)
