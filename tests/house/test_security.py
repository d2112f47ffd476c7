"""What opens doors to strangers is not written at all: held mechanically, beside the rules of ruff (S)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("core/src", "plugins", "examples", "benchmarks", "docs", "deploy")
    for path in (ROOT / folder).rglob("*.py")
    if ".venv" not in path.parts
)
BARRED_MODULES = {"pickle", "marshal", "shelve", "dill", "telnetlib", "ftplib", "xml", "xmlrpc", "yaml"}
BARRED_CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "tempfile.mktemp"}
SUSPECT = re.compile(
    rf"{'|'.join(BARRED_MODULES)}|(?<![.\w])(eval|exec|compile|__import__)\(|os\.(system|popen)|mktemp"
    r"|shell|\b(verify|ssl|check_hostname)\b|XMLParser|etree"
)
"""Without any of these words nothing is barred, and the file need not be parsed."""
ESCAPING = {"xml.sax.saxutils"}
"""Writes and reads ``&lt;``; it parses nothing."""
OWN_CHILD = {"core/src/crossdock/testing/nursery.py", "core/src/crossdock/testing/forking.py"}
"""A process of the conformance kit tells its own child, over a pipe that nobody else can open, what to do."""
SAFE_PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False}


def dotted(node: ast.expr) -> str:
    """`os.system` for a call of it; empty for what has no name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""


def imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        names = {name.name for name in node.names}
    else:
        names = {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
    return {name.partition(".")[0] for name in names - ESCAPING}


def offences(tree: ast.AST) -> Iterator[str]:
    """What is barred, with its line."""
    for node in ast.walk(tree):
        for name in imported(node) & BARRED_MODULES:
            yield f"{node.lineno}: imports {name}"
        if isinstance(node, ast.Call):
            yield from (f"{node.lineno}: {text}" for text in wrong_calls(node))


def wrong_calls(call: ast.Call) -> Iterator[str]:
    name, words = dotted(call.func), {word.arg: word.value for word in call.keywords}
    if name in BARRED_CALLS:
        yield f"calls {name}"
    if is_true(words.get("shell")) or name.endswith("create_subprocess_shell"):
        yield "hands a line to a shell"
    if any(is_false(words.get(word)) for word in ("verify", "ssl", "check_hostname")):
        yield "trusts anybody's certificate"
    if name.endswith("XMLParser"):
        said = {word: value.value for word, value in words.items() if isinstance(value, ast.Constant)}
        missing = [word for word, value in SAFE_PARSER.items() if said.get(word) is not value]
        yield from [f"makes an XML parser without {', '.join(missing)}"] if missing else []
    if name in ("etree.fromstring", "etree.XML", "etree.parse", "etree.iterparse") and len(call.args) < 2:
        yield "reads XML without a parser of its own"


def is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def unexcused(path: Path) -> list[str]:
    """What is barred in this file."""
    name, text = str(path.relative_to(ROOT)), path.read_text()
    found = list(offences(ast.parse(text))) if SUSPECT.search(text) else []
    if name in OWN_CHILD:
        found = [one for one in found if not one.endswith("imports pickle")]
    if name.startswith("benchmarks/"):  # their far side makes its own certificate on this machine
        found = [one for one in found if not one.endswith("trusts anybody's certificate")]
    return [f"{name}:{one}" for one in found]


def test_no_shell_no_pickle_no_eval_and_no_xml_with_entities() -> None:
    assert len(SOURCES) > 100
    assert [one for path in SOURCES for one in unexcused(path)] == []


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from xml.etree import ElementTree",
        "eval(text)",
        "os.system(text)",
        "subprocess.run(text, shell=True)",
        "asyncio.create_subprocess_shell(text)",
        "httpx.AsyncClient(verify=False)",
        "etree.XMLParser(no_network=True, load_dtd=False)",
        "etree.XMLParser(resolve_entities=True, no_network=True, load_dtd=False)",
        "etree.fromstring(body)",
    ],
)
def test_each_rule_notices(line: str) -> None:
    assert list(offences(ast.parse(line)))


def test_every_exception_from_a_security_rule_says_why() -> None:
    lines = [line for path in SOURCES for line in path.read_text().splitlines() if re.search(r"# noqa: S\d", line)]
    assert len(lines) > 5
    assert [line for line in lines if not re.search(r"# noqa: S\d+(, ?[A-Z]+\d+)* -? ?\w", line)] == []
