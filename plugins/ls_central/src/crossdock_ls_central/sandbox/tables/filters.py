"""Business Central's filter expressions: ``a|b``, ``a..b``, ``>=x``, ``<>x``, ``a*``, ``@a`` and ``'quoted'``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from fnmatch import translate

from crossdock_ls_central.sandbox.soap.schema import Value

Test = Callable[[Value], bool]
_COMPARISON = re.compile(r"(<>|>=|<=|>|<)(.*)", re.DOTALL)
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0", ""}


class BadFilter(ValueError):
    """The expression is no filter for a field of that type; the message says why."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A test of one value: whether it is one of `plain`, or passes all of one of `any_of`."""

    kind: str
    plain: frozenset[Value]
    any_of: Sequence[Sequence[Test]]

    def __call__(self, value: Value) -> bool:
        """Whether `value` passes."""
        if self.plain and _folded(value, self.kind) in self.plain:
            return True
        return any(all(test(value) for test in all_of) for all_of in self.any_of)

    @property
    def values(self) -> frozenset[Value] | None:
        """The only values that pass, as they are compared; None where nobody can list them."""
        return None if self.any_of else self.plain


def compile_filter(expression: str, kind: str) -> Filter:
    """A test of one value.

    Args:
        expression: as a person would type it in a filter pane; moments and dates in ISO 8601.
        kind: type of the field: Code, Text, GUID, Integer, Decimal, Boolean, Date or DateTime.

    Raises:
        BadFilter: the expression cannot be read for that type.
    """
    parts = [[term.strip() for term in _split(part, "&")] for part in _split(expression, "|")]
    plain = frozenset(_value(_unquoted(terms[0]), kind) for terms in parts if _are_plain(terms, kind))
    others = [[_term(term, kind) for term in terms] for terms in parts if not _are_plain(terms, kind)]
    return Filter(kind, plain, others)


def _split(expression: str, mark: str) -> list[str]:
    parts, quoted = [""], False
    for character in expression:
        quoted ^= character == "'"
        if character == mark and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    if quoted:
        raise BadFilter(f"a quote is not closed in filter {expression!r}")
    return parts


def _are_plain(terms: Sequence[str], kind: str) -> bool:
    """Whether they are a single value: a long list of document numbers is looked up and not gone through."""
    bare = re.sub(r"'[^']*'", "", terms[0])
    marks = r"[()]|\.\.|^[<>]" + ("|[*?@]" if kind in ("Code", "Text") else "")
    return len(terms) == 1 and re.search(marks, bare) is None


def _term(term: str, kind: str) -> Test:
    if re.search(r"[()]", re.sub(r"'[^']*'", "", term)):
        raise BadFilter(f"parentheses must be quoted in filter {term!r}")
    compared = _COMPARISON.fullmatch(term)
    if compared:
        return _compared(compared[1], compared[2], kind)
    if ".." in re.sub(r"'[^']*'", "", term):
        low, _, high = term.partition("..")
        tests = [_compared(mark, bound, kind) for mark, bound in ((">=", low), ("<=", high)) if bound.strip()]
        return lambda value: all(test(value) for test in tests)
    if kind in ("Code", "Text") and re.search(r"[*?@]", re.sub(r"'[^']*'", "", term)):
        return _pattern(term, ignore_case=kind == "Code" or term.startswith("@"))
    return _compared("=", term, kind)


def _compared(mark: str, text: str, kind: str) -> Test:
    wanted = _value(_unquoted(text.strip()), kind)

    def test(value: Value) -> bool:
        found = _folded(value, kind)
        match mark:
            case "=":
                return found == wanted
            case "<>":
                return found != wanted
            case ">=":
                return bool(found >= wanted)  # type: ignore[operator]
            case "<=":
                return bool(found <= wanted)  # type: ignore[operator]
            case ">":
                return bool(found > wanted)  # type: ignore[operator]
            case _:
                return bool(found < wanted)  # type: ignore[operator]

    return test


def _folded(value: Value, kind: str) -> Value:
    return value.upper() if kind in ("Code", "GUID") and isinstance(value, str) else value


def _pattern(term: str, *, ignore_case: bool) -> Test:
    pattern = translate(_unquoted(term.removeprefix("@")).replace("[", "[[]"))
    compiled = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    return lambda value: compiled.match(str(value)) is not None


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text.startswith("'") and text.endswith("'"):
        return text[1:-1].replace("''", "'")
    return text


def _value(text: str, kind: str) -> Value:
    try:
        return _typed(text, kind)
    except (ValueError, InvalidOperation):
        raise BadFilter(f"{text!r} is no {kind}") from None


def _typed(text: str, kind: str) -> Value:
    match kind:
        case "Code" | "GUID":
            return text.upper().strip("{}") if kind == "GUID" else text.upper()
        case "Integer":
            return int(text)
        case "Decimal":
            return Decimal(text)
        case "Boolean":
            return _boolean(text.lower())
        case "Date":
            return date.fromisoformat(text)
        case "DateTime":
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        case _:
            return text


def _boolean(text: str) -> bool:
    if text not in _TRUE | _FALSE:
        raise ValueError(text)
    return text in _TRUE
