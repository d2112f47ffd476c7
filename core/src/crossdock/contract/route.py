"""A route: a channel, a backend, and the flows between them with their options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from crossdock.contract.verbs import Verbs


@dataclass(frozen=True, eq=False)
class Side:
    """One end of a route.

    Attributes:
        connection: its name in the config.
        ask: every verb of the connection, extensions first.
        verbs: the verbs that the connection itself answers: what it can do.
        options: what the route says to this end, an instance of the plugin's `route_options`; None without.
        refuses_duplicates: as the plugin says.
    """

    connection: str
    ask: Verbs
    verbs: frozenset[str] = frozenset()
    options: BaseModel | None = None
    refuses_duplicates: bool = False

    def can(self, verb: str) -> bool:
        """Whether the connection answers `verb`."""
        return verb in self.verbs


@dataclass(frozen=True, eq=False)
class Route:
    """What a verb is told about where it runs.

    Attributes:
        name: as in the config.
        channel: where buyers are.
        backend: where the business is run.
        both: extensions first, then channel, then backend: whom `rewrite_*` verbs are asked of.
        flows: options by flow, such as ``flows["orders"]``; a flow that is not there is off.
    """

    name: str
    channel: Side
    backend: Side
    both: Verbs
    flows: Mapping[str, BaseModel] = field(default_factory=dict)

    def side(self, name: str) -> Side:
        """``channel`` or ``backend``."""
        return self.channel if name == "channel" else self.backend
