"""On which line of a TOML text each key stands.

`tomllib` reads the values but forgets where they stood; tree-sitter's grammar knows where, but reads no values.
Each does what it is good at; see docs/decisions/0004-config-positions.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

KeyPath = tuple[str | int, ...]
"""Keys and list indices from the top of the file down, such as ``("routes", "sg", "extensions", 0)``."""


class Positions:
    """The lines of one TOML text, counted from 1.

    Args:
        text: valid TOML; for text that is not, whatever can be recognised is found.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[KeyPath, int] = {}
        self._lengths: dict[KeyPath, int] = {}  # of arrays of tables, as far as they were read
        tree = Parser(Language(tree_sitter_toml.language())).parse(text.encode())
        for node in tree.root_node.named_children:
            self._read(node, ())

    def line(self, path: KeyPath) -> int | None:
        """The line of `path`, or of the nearest table around it that is written out; None when there is none."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return None

    def tables(self, depth: int) -> Iterator[KeyPath]:
        """Paths of `depth` keys, in the order of the file."""
        return (path for path in self._lines if len(path) == depth)

    def _read(self, node: Node, above: KeyPath) -> None:
        match node.type:
            case "pair":
                self._read_pair(node, above)
            case "table" | "table_array_element":
                self._read_table(node)
            case "inline_table":
                for child in node.named_children:
                    self._read(child, above)
            case "array":
                elements = [child for child in node.named_children if child.type != "comment"]
                for index, child in enumerate(elements):
                    self._note((*above, index), child)
                    self._read(child, (*above, index))
            case _:  # values and comments hold no keys
                pass

    def _read_pair(self, node: Node, above: KeyPath) -> None:
        key, *values = node.named_children
        path = above
        for name in _keys(key):
            path = (*path, name)
            self._note(path, key)
        for value in values:
            self._read(value, path)

    def _read_table(self, node: Node) -> None:
        key, *pairs = node.named_children
        path: KeyPath = ()
        *outer, last = _keys(key)
        for name in outer:
            path = self._newest((*path, name))
            self._note(path, key)
        path = (*path, last)
        self._note(path, key)
        if node.type == "table_array_element":
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = self._newest(path)
            self._note(path, key)
        for pair in pairs:
            self._read(pair, path)

    def _newest(self, path: KeyPath) -> KeyPath:
        """`path`, with the index of its newest element where it is an array of tables."""
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _note(self, path: KeyPath, node: Node) -> None:
        self._lines.setdefault(path, node.start_point.row + 1)


def _keys(node: Node) -> list[str]:
    """The parts of a key as TOML reads them: bare, quoted or dotted."""
    table: object = tomllib.loads(f"{(node.text or b'').decode()} = 0")
    keys = []
    while isinstance(table, dict):
        ((key, table),) = table.items()
        keys.append(key)
    return keys
