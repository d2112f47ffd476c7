"""What a profile file must say, checked when it is loaded."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from crossdock.errors import ConfigError

__all__ = ["Profile", "load"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Operation(_Part):
    """One call: verb, path, and how our arguments are called in the query."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    query: dict[str, str] = {}
    repeatable: bool = True
    """Sending it twice does no more than sending it once, so a lost answer is no reason to look first."""

    def address(self, **names: str) -> str:
        """The path with its names filled in, percent-encoded."""
        return self.path.format(**{key: quote(value, safe="") for key, value in names.items()})

    def asks(self, **values: str) -> dict[str, str]:
        """The query; empty values are left out."""
        return {self.query[key]: value for key, value in values.items() if value}


class Failure(_Part):
    """Where a failure stands in an answer."""

    marker: str
    code: str
    message: str
    details: str
    fields: str


class SignIn(_Part):
    """How a token is asked for."""

    path: str
    token: str
    lifetime: str
    form: dict[str, str]
    client_id: str
    client_secret: str


class PageNames(_Part):
    """The envelope of a list."""

    items: str
    next: str
    server_time: str
    end: str = ""
    """Our code of the error by which an OMS answers the page after the last one; empty where it never does."""


class Limits(_Part):
    """What one call may carry."""

    page_size: int
    lookup_lag_seconds: int
    batch_rows: int
    feed_rows: int
    label_bytes: int


class EventFlow(_Part):
    """What an event leads to."""

    flow: str = ""
    key: Literal["", "order", "reference", "skus", "what"] = ""


class Event(_Part):
    """How push messages are signed, and where they say what."""

    name_header: str
    delivery_header: str
    timestamp_header: str
    signature_header: str
    signature_prefix: str = ""
    signed: str
    encoding: Literal["hex", "base64"] = "hex"
    event_id: str = ""
    store: str
    occurred_at: str
    order: str
    reference: str
    skus: str
    what: str
    flows: dict[str, EventFlow]


class LabelNames(_Part):
    """The answer for a label where it is no file."""

    link: str


class Profile(_Part):
    """One variant of the wire."""

    name: str
    version: int
    failure: Failure
    sign_in: SignIn
    page: PageNames
    label: LabelNames
    operations: dict[str, Operation]
    limits: Limits
    records: dict[str, dict[str, str]]
    words: dict[str, dict[str, str]]
    spoken: dict[str, str]
    errors: dict[str, str]
    event: Event


@lru_cache(maxsize=8)
def load(name: str) -> Profile:
    """The profile of this name, or in this TOML file.

    Raises:
        ConfigError: there is none, or it does not say what a profile must say.
    """
    source = Path(name) if name.endswith(".toml") else resources.files(__package__) / f"{name}.toml"
    try:
        return Profile.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))
    except OSError:
        raise ConfigError(f"wire profile {name!r} is not there", hint="oms_rest_neutral, or a .toml file") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"wire profile {name!r} is no TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"wire profile {name!r}: {place}: {first['msg']}") from None
