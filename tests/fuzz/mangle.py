"""Answers as a system gives them, recorded once, and the same answers with something wrong in one of them."""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from crossdock.http import Request, Response, Transport

MOST_CALLS = 400
"""More calls than this for one look at a handful of things is a hang."""

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
ANYTHING = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
"""Any JSON value."""
ODD = st.sampled_from(
    [None, True, 0, -1, 10**30, 1.5, "", "x", "NaN", "9" * 40, "\x00", "\ud800", [], [[]], {}, [None]]
)
"""JSON values that programs stumble over."""


class Tape:
    """Answers by what was asked, in the order in which they came; the last one is repeated."""

    def __init__(self) -> None:
        self.answers: defaultdict[str, list[Response]] = defaultdict(list)

    def recorded_over(self, inner: Transport) -> Recording:
        """A transport that keeps what `inner` answers."""
        return Recording(inner, self)

    def replayed(self, spoilt: Mapping[str, Sequence[Response]]) -> Replay:
        """A transport that answers from here, `spoilt` first."""
        return Replay({**self.answers, **spoilt})


def asked(request: Request) -> str:
    """What a request asks for, without what a query holds: signatures, times and places in a list."""
    path = request.url.partition("://")[2].partition("/")[2]
    return f"{request.method} {path} {sha256(request.body).hexdigest()[:8] if request.body else ''}".strip()


class Recording:
    """Keeps answers."""

    def __init__(self, inner: Transport, tape: Tape) -> None:
        self._inner, self._tape = inner, tape

    async def send(self, request: Request) -> Response:
        answer = await self._inner.send(request)
        self._tape.answers[asked(request)].append(answer)
        return answer

    async def aclose(self) -> None:
        await self._inner.aclose()


class Replay:
    """Gives answers back, and counts the calls."""

    def __init__(self, answers: Mapping[str, Sequence[Response]]) -> None:
        self._answers = answers
        self._at: defaultdict[str, int] = defaultdict(int)
        self.calls = 0

    async def send(self, request: Request) -> Response:
        self.calls += 1
        assert self.calls <= MOST_CALLS, f"still calling after {MOST_CALLS} calls: {asked(request)}"
        known = self._answers.get(asked(request), ())
        if not known:
            return Response(404, {"content-type": "application/json"}, b'{"error":"error_not_found","message":"no"}')
        at = self._at[asked(request)]
        self._at[asked(request)] += 1
        return replace(known[min(at, len(known) - 1)])

    async def aclose(self) -> None:
        """Nothing is open."""


@st.composite
def spoilt(draw: st.DrawFn, tape: Tape) -> dict[str, list[Response]]:
    """One kind of answer, each time with the same thing wrong."""
    key = draw(st.sampled_from(sorted(tape.answers)))
    answers = tape.answers[key]
    at = draw(st.integers(0, len(answers) - 1))
    answer = answers[at]
    return {key: [*answers[:at], replace(answer, body=draw(mangled(answer.body)))]}


_DEEP = [b"[" * 5_000, b'{"a":' * 5_000, b"<a>" * 5_000, b"[" * 5_000 + b"]" * 5_000]
_TYPES = [b'<!DOCTYPE x [<!ENTITY e "f">]>', b'<!DOCTYPE x SYSTEM "file:///etc/passwd">', b"<?x y?>", b"\xef\xbb\xbf"]


def mangled(body: bytes) -> st.SearchStrategy[bytes]:
    """A body with something wrong."""
    ways = [st.binary(max_size=40), st.integers(0, len(body)).map(lambda at: body[:at]), st.sampled_from(_DEEP)]
    if body:
        ways.append(st.integers(0, len(body) - 1).map(lambda at: body[:at] + b"\xff" + body[at + 1 :]))
    start = body.lstrip()[:1]
    if start in (b"{", b"["):
        ways += [_wrong_json(json.loads(body))] * 4
    elif start == b"<":
        ways += [_wrong_xml(body)] * 4 + [st.sampled_from(_TYPES).map(lambda head: head + _without_head(body))]
    return st.one_of(ways)


@st.composite
def _wrong_json(draw: st.DrawFn, value: Any) -> bytes:
    whole = [copy.deepcopy(value)]
    holder, key = draw(st.sampled_from(_places(whole)))
    if draw(st.booleans()) and isinstance(holder, dict):
        del holder[key]
    else:
        holder[key] = draw(ODD | ANYTHING)
    return json.dumps(whole[0]).encode()


def _places(value: Any) -> list[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [place for key in keys for place in [(value, key), *_places(value[key])]]


def _without_head(body: bytes) -> bytes:
    return etree.tostring(etree.fromstring(body))


@st.composite
def _wrong_xml(draw: st.DrawFn, body: bytes) -> bytes:
    root = etree.fromstring(body)
    one = draw(st.sampled_from(list(root.iter(etree.Element))))
    parent = one.getparent()
    match draw(st.sampled_from(["text", "gone", "twice", "name", "namespace", "instruction", "entity"])):
        case "text":
            one.text = draw(
                st.sampled_from(["", "x", "-1", "9" * 40, "NaN", "1e999", "0001-01-01", "9999-12-31T99:00"])
            )
        case "gone" if parent is not None:
            parent.remove(one)
        case "twice" if parent is not None:
            parent.append(copy.deepcopy(one))
        case "namespace":
            one.tag = f"{{urn:other}}{etree.QName(one).localname}"
        case "instruction":
            one.insert(0, etree.PI("x", "y"))
        case "entity":
            one.insert(0, etree.Entity("e"))
            return b'<!DOCTYPE x [<!ENTITY e "f">]>' + etree.tostring(root)
        case _:
            one.tag = "Other"
    return etree.tostring(root)
