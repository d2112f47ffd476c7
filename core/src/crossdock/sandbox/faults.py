"""Faults on purpose, by rule and seed, so that a run can be repeated."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class FaultKind(StrEnum):
    """What can go wrong on the wire; every kind has been seen on a real one."""

    LOST_ANSWER = "lost_answer"  # the request is carried out, then the connection is cut without an answer
    LOST_REQUEST = "lost_request"  # the connection is cut before anything is carried out
    RATE_LIMITED = "rate_limited"  # the system's own "too many requests"
    SERVER_ERROR = "server_error"  # HTTP 500 before anything is carried out
    UNAVAILABLE = "unavailable"  # HTTP 503 before anything is carried out
    TRUNCATED = "truncated"  # carried out, but the answer ends in the middle
    NOT_JSON = "not_json"  # an HTML page of some proxy, before anything is carried out
    STATUS = "status"  # HTTP `status` with an empty body, before anything is carried out
    SLOW = "slow"  # carried out, answered after `seconds` (real time)


class Fault(BaseModel):
    """One rule. The first rule that matches a request and wins its draw is applied.

    Attributes:
        kind: what happens.
        path: regular expression searched in the request's path and, after a blank, the SOAPAction that it may name.
        probability: 0 to 1, drawn from the schedule's seed.
        times: how often at most; None is without end.
        skip: how many matching requests pass first.
        seconds: how long `slow` waits, or what `rate_limited` and `unavailable` put in Retry-After; None leaves the
            header out.
        status: what `status` answers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FaultKind
    path: str = ""
    probability: float = Field(default=1.0, ge=0, le=1)
    times: int | None = Field(default=None, ge=0)
    skip: int = Field(default=0, ge=0)
    seconds: float | None = None
    status: int = Field(default=418, ge=400, le=599)


class FaultSchedule:
    """Which request meets which fault. The same seed and the same requests give the same faults."""

    def __init__(self, rules: Sequence[Fault] = (), seed: int = 0) -> None:
        self._random = random.Random(seed)
        self.replace(rules)

    @property
    def rules(self) -> tuple[Fault, ...]:
        """The rules in force, first match first."""
        return self._rules

    def replace(self, rules: Sequence[Fault]) -> None:
        """Put other rules in force; their counts start anew."""
        self._rules = tuple(rules)
        self._seen = [0] * len(self._rules)
        self._applied = [0] * len(self._rules)

    def draw(self, path: str, action: str = "") -> Fault | None:
        """The fault that the request to `path` meets, if any; `action` is the SOAPAction that it names."""
        asked = f"{path} {action}" if action else path
        for number, rule in enumerate(self._rules):
            if not re.search(rule.path, asked):
                continue
            self._seen[number] += 1
            spent = rule.times is not None and self._applied[number] >= rule.times
            if self._seen[number] <= rule.skip or spent:
                continue
            if self._random.random() < rule.probability:
                self._applied[number] += 1
                return rule
        return None
