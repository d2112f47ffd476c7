"""Faults as people write them: in a file, or one after the other on the command line."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from pydantic import ValidationError

from crossdock.errors import ConfigError
from crossdock.sandbox import Fault, FaultKind
from crossdock.sandbox.server import Faults

__all__ = ["rule_of", "rules_in"]


def rules_in(file: Path | None) -> list[Fault]:
    """The faults of a TOML or JSON file with a list `rules`; none without a file.

    Raises:
        ConfigError: it cannot be read, or says something that is not allowed.
    """
    if file is None:
        return []
    try:
        text = file.read_text()
        data = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
        return Faults.model_validate(data).rules
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=str(file)) from error
    except ValidationError as error:
        raise ConfigError(_first(error), file=str(file), key=_place(error)) from error
    except ValueError as error:
        raise ConfigError(f"is neither TOML nor JSON: {error}", file=str(file)) from error


def rule_of(text: str) -> Fault:
    """One fault, such as ``lost_answer`` or ``rate_limited,path=/orders,times=2,seconds=5``.

    Raises:
        ConfigError: it is none; names what is allowed.
    """
    kind, *rest = text.split(",")
    given = dict(part.partition("=")[::2] for part in rest)
    try:
        return Fault.model_validate({"kind": kind, **given})
    except ValidationError as error:
        hint = f"kinds are {', '.join(FaultKind)}; then path=REGEX, times=N, skip=N, probability=P, seconds=S, status=N"
        raise ConfigError(f"--fault {text!r}: {_place(error)}: {_first(error)}", hint=hint) from error


def _first(error: ValidationError) -> str:
    return str(error.errors(include_url=False)[0]["msg"]).replace("Input should be", "must be")


def _place(error: ValidationError) -> str:
    return ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
