"""What each answer of a far side means to the engine, as a page: which error it is, and what people read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from crossdock.errors import RemoteError
from crossdock.http import Classify, Request, Response


@dataclass(frozen=True)
class Answer:
    """One answer, judged as the answer to something that was read and to something that has an effect."""

    name: str
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    group: str = ""


def told(error: RemoteError | None) -> str:
    """All of an error that somebody or something acts on."""
    if error is None:
        return "good"
    facts = {
        "after": getattr(error, "after", None),
        "throttled": getattr(error, "throttled", False),
        "code": getattr(error, "code", None),
        "facts": getattr(error, "facts", None),
        "hint": error.hint,
    }
    said = "".join(f"\n    {name}: {value}" for name, value in facts.items() if value)
    return f"{type(error).__name__}: {error}{said}"


def page(answers: Iterable[Answer], judge: Classify) -> str:
    """Each meaning with the answers that have it; what a write makes of one only where that differs."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in answers:
        said = (told(judge(request, _response(one))) for request in _requests(one.group))
        reading, writing = (text.replace(str(one.status), "NNN") for text in said)
        found[reading if reading == writing else f"{reading}\n  but to a write {writing}"].append(one.name)
    return "\n".join(f"{meaning}\n    <- {'; '.join(names)}" for meaning, names in found.items())


def pages(sections: Mapping[str, Callable[[], str]]) -> str:
    """Sections with their headings."""
    return "\n\n".join(f"# {title}\n{text()}" for title, text in sections.items()) + "\n"


def _requests(group: str) -> tuple[Request, Request]:
    read = Request("GET", "http://far.test/read", verb="read_it", group=group)
    return read, Request("POST", "http://far.test/write", verb="push_it", group=group, effect=True)


def _response(one: Answer) -> Response:
    return Response(one.status, dict(one.headers), one.body)


STATUSES = (301, 400, 401, 403, 404, 405, 408, 409, 412, 413, 422, 428, 429, 430, 499, 500, 502, 503, 504)
