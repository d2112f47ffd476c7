"""A bounded memory of what was asked lately, so that an idle look does not ask it again."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

__all__ = ["Memory"]

V = TypeVar("V")


class Memory(Generic[V]):
    """Keeps the newest entries by name.

    Args:
        size: how many.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[str, V] = OrderedDict()

    def get(self, name: str) -> V | None:
        """What was kept last under `name`."""
        return self._kept.get(name)

    def keep(self, name: str, value: V) -> None:
        """Keep `value`, and forget the oldest where there is no room."""
        self._kept[name] = value
        self._kept.move_to_end(name)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
