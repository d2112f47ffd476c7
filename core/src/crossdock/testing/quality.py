"""``quality.toml``: what a plugin says about itself, rule by rule. Reading the file is the only I/O."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from crossdock.errors import ConfigError

__all__ = ["Exempt", "Quality", "Tier"]

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10)]


class Tier(IntEnum):
    """How much a plugin has been shown to hold; each includes those before it."""

    BRONZE = 1
    SILVER = 2
    GOLD = 3
    PLATINUM = 4

    def __str__(self) -> str:
        return self.name.lower()


class Exempt(BaseModel):
    """A rule that does not apply, and why: one reason, or one for each verb or end that it does not apply to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exempt: Reason | Annotated[dict[str, Reason], Field(min_length=1)]

    def reason(self, end: str, verb: str) -> str | None:
        """Why the rule does not apply to `verb` at `end`; None where it does."""
        return self.exempt if isinstance(self.exempt, str) else self.exempt.get(verb) or self.exempt.get(end)


class Quality(BaseModel):
    """What a plugin claims.

    Attributes:
        tier: every rule up to this one is done or exempt.
        rules: rule to ``"done"`` or ``{ exempt = "why" }``; one that is not here is not claimed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tier: Tier | None = None
    rules: Mapping[str, Literal["done"] | Exempt] = Field(default_factory=dict)

    @field_validator("tier", mode="before")
    @classmethod
    def _by_name(cls, value: object) -> object:
        names = {str(tier): tier for tier in Tier}
        if value not in names:
            raise ValueError(f"{value!r} is no tier; allowed are {', '.join(names)}")
        return names[str(value)]

    def exemption(self, rule: str, end: str, verb: str) -> str | None:
        """Why `rule` does not apply to `verb` at `end`; None where it does, or where nothing is said."""
        claim = self.rules.get(rule)
        return claim.reason(end, verb) if isinstance(claim, Exempt) else None

    @classmethod
    def read(cls, file: Path) -> Quality:
        """Read a plugin's ``quality.toml``; a file that is not there claims nothing.

        Raises:
            ConfigError: it is no TOML, or says something that is not allowed, such as an exemption without a reason.
        """
        try:
            return cls.model_validate(tomllib.loads(file.read_text()))
        except FileNotFoundError:
            return cls()
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"is no TOML: {error}", file=file.name) from error
        except ValidationError as error:
            raise _refusal(error, file) from error


def _refusal(error: ValidationError, file: Path) -> ConfigError:
    detail = error.errors(include_url=False)[0]
    rule = ".".join(str(part) for part in detail["loc"][:2])
    if detail["loc"][:1] != ("rules",):
        return ConfigError(detail["msg"], file=file.name, key=rule)
    wanted = 'must be "done" or { exempt = "why, in a sentence" }, where a table of verbs may stand for the reason'
    return ConfigError(f"{wanted}; seen was {detail['input']!r}", file=file.name, key=rule)
