"""The subset of ``$filter`` that Business Central understands, with its known gaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from crossdock_ls_central.sandbox.api.entities import EntitySet, Property
from crossdock_ls_central.sandbox.refusal import HttpRefusal

Test = Callable[[Any], bool]
_TOKENS = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<moment>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))|(?P<guid>[0-9a-fA-F]{8}-"
    r"[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})|(?P<date>\d{4}-\d\d-\d\d)|(?P<number>-?\d+"
    r"(?:\.\d+)?)|(?P<word>[A-Za-z_][\w./]*)|(?P<mark>[(),:]))"
)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: bool(a == b),
    "ne": lambda a, b: bool(a != b),
    "gt": lambda a, b: bool(a > b),
    "ge": lambda a, b: bool(a >= b),
    "lt": lambda a, b: bool(a < b),
    "le": lambda a, b: bool(a <= b),
}
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda a, b: b in a,
    "startswith": lambda a, b: a.startswith(b),
    "endswith": lambda a, b: a.endswith(b),
}
_KINDS = {
    "string": ("String", "Guid"),
    "guid": ("Guid",),
    "number": ("Decimal", "Int32"),
    "date": ("Date",),
    "moment": ("DateTimeOffset",),
    "word": ("Boolean",),
}
Token = tuple[str, str]


def compile_filter(text: str, entities: EntitySet) -> Test:
    """A test of one row.

    Raises:
        HttpRefusal: a property is unknown, a literal has the wrong type, or the expression cannot be read.
    """
    parser = _Parser(list(_tokens(text)), entities)
    test, _ = parser.any_of()
    parser.expect_end()
    return test


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    while text[position:].strip():
        found = _TOKENS.match(text, position)
        if found is None or found.lastgroup is None:
            raise _bad(f"Syntax error at position {position} in '{text}'.")
        yield found.lastgroup, found[found.lastgroup]
        position = found.end()


def _bad(message: str) -> HttpRefusal:
    return HttpRefusal(400, "BadRequest", message)


class _Parser:
    """Recursive descent; every rule gives a test and the names of the properties that it looks at."""

    def __init__(self, tokens: list[Token], entities: EntitySet) -> None:
        self._tokens = tokens
        self._at = 0
        self._entities = entities

    def any_of(self) -> tuple[Test, set[str]]:
        tests, names = self._chain("or", self._all_of)
        if len(tests) > 1 and len(names) > 1:
            text = "The 'OR' operator is not supported on distinct fields on an OData filter."
            raise HttpRefusal(501, "BadRequest_MethodNotImplemented", text)
        return (lambda row: any(test(row) for test in tests)), names

    def expect_end(self) -> None:
        if self._at != len(self._tokens):
            raise _bad(f"Syntax error near '{self._tokens[self._at][1]}' in the filter.")

    def _all_of(self) -> tuple[Test, set[str]]:
        tests, names = self._chain("and", self._one)
        return (lambda row: all(test(row) for test in tests)), names

    def _chain(self, word: str, rule: Callable[[], tuple[Test, set[str]]]) -> tuple[list[Test], set[str]]:
        test, names = rule()
        tests = [test]
        while self._accept("word", word):
            test, more = rule()
            tests.append(test)
            names = names | more
        return tests, names

    def _one(self) -> tuple[Test, set[str]]:
        if self._accept("mark", "("):
            inside = self.any_of()
            self._expect("mark", ")")
            return inside
        name = self._expect("word")
        if name in _FUNCTIONS:
            return self._function(name)
        if name.endswith(("/any", "/all")):
            return self._ignored(name)
        get, known = self._operand(name)
        operator = self._expect("word")
        if operator == "in":
            # Without $schemaversion=2.1 Business Central lets every row pass.
            return self._ignored(name)
        if operator not in _COMPARISONS:
            raise _bad(f"The operator '{operator}' is not supported.")
        wanted = self._literal(known)
        compare = _COMPARISONS[operator]
        return (lambda row: compare(get(row), wanted)), {known.name}

    def _function(self, name: str) -> tuple[Test, set[str]]:
        self._expect("mark", "(")
        get, known = self._operand(self._expect("word"))
        self._expect("mark", ",")
        wanted = self._literal(known)
        self._expect("mark", ")")
        compare = _FUNCTIONS[name]
        return (lambda row: compare(get(row), wanted)), {known.name}

    def _ignored(self, name: str) -> tuple[Test, set[str]]:
        depth = 0
        while self._at < len(self._tokens):
            depth += {"(": 1, ")": -1}.get(self._tokens[self._at][1], 0)
            self._at += 1
            if depth <= 0:
                return (lambda _row: True), {name}
        raise _bad("A parenthesis is not closed in the filter.")

    def _operand(self, name: str) -> tuple[Callable[[Any], Any], Property]:
        if name in ("tolower", "toupper"):
            self._expect("mark", "(")
            operand = self._operand(self._expect("word"))
            self._expect("mark", ")")
            return operand
        known = self._entities.property_named(name)
        if known is None:
            raise _bad(f"Could not find a property named '{name}' on type 'Microsoft.NAV.{self._entities.entity}'.")
        return (lambda row: _folded(known.get(row))), known

    def _literal(self, known: Property) -> Any:
        if self._at >= len(self._tokens):
            raise _bad("The filter ends where a value is expected.")
        kind, text = self._tokens[self._at]
        self._at += 1
        if known.kind not in _KINDS.get(kind, ()) or (kind == "word" and text not in ("true", "false")):
            raise _bad(f"The value '{text}' is not of the type Edm.{known.kind} of property '{known.name}'.")
        match kind:
            case "string":
                return text[1:-1].replace("''", "'").casefold()
            case "guid":
                return text.lower()
            case "number":
                return Decimal(text)
            case "date":
                return date.fromisoformat(text)
            case "moment":
                return datetime.fromisoformat(text).astimezone(UTC)
            case _:
                return text == "true"

    def _accept(self, kind: str, text: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at] == (kind, text)
        self._at += found
        return found

    def _expect(self, kind: str, text: str | None = None) -> str:
        if self._at < len(self._tokens):
            found_kind, found = self._tokens[self._at]
            if found_kind == kind and text in (None, found):
                self._at += 1
                return found
        raise _bad(f"Syntax error in the filter: expected {text or kind}.")


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
