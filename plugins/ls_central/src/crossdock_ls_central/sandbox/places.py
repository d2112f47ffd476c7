"""Where a request goes: online or on premises, which surface, which company, what is left of the path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from crossdock_ls_central.sandbox.refusal import HttpRefusal
from crossdock_ls_central.sandbox.settings import COMPANY_ID, ENVIRONMENT, INSTANCE, TENANT

Surface = Literal["ws", "odatav4", "api"]
_SURFACES: Mapping[str, Surface] = {"ws": "ws", "odatav4": "odatav4", "api": "api"}


class WrongInstance(Exception):
    """No server instance listens under this path; the web server in front answers."""


@dataclass(frozen=True)
class Place:
    """A request's destination. `rest` is what follows the surface, in the case in which it was sent."""

    online: bool
    surface: Surface
    root: str
    rest: tuple[str, ...]


def locate(path: str) -> Place:
    """The destination of a decoded `path`.

    Raises:
        HttpRefusal: the tenant, environment or surface does not exist.
        WrongInstance: neither the online root nor the on-premises instance.
    """
    segments = [segment for segment in path.split("/") if segment]
    lower = [segment.lower() for segment in segments]
    if lower[:1] == ["v2.0"]:
        start = _online_start(lower)
    elif lower[:1] == [INSTANCE.lower()]:
        start = 1
    else:
        raise WrongInstance(path)
    if start >= len(lower) or lower[start] not in _SURFACES:
        raise HttpRefusal(404, "BadRequest_NotFound", f"No HTTP resource was found at '{path}'.")
    root = "/" + "/".join(segments[:start])
    return Place(lower[0] == "v2.0", _SURFACES[lower[start]], root, tuple(segments[start + 1 :]))


def _online_start(lower: Sequence[str]) -> int:
    short = len(lower) > 2 and lower[2] in _SURFACES
    start = 2 if short else 3
    if not short and (len(lower) < 2 or lower[1] != TENANT):
        raise HttpRefusal(401, "Authentication_InvalidCredentials", "The server has rejected the client credentials.")
    if len(lower) < start or lower[start - 1] != ENVIRONMENT.lower():
        raise HttpRefusal(404, "NoEnvironment", "Environment does not exist.")
    return start


def check_company(name: str | None, company: str) -> None:
    """Refuse a company that does not exist; none at all means the default company.

    Raises:
        HttpRefusal: `name` is neither the company's name nor its id.
    """
    if name is not None and name.strip().lower() not in (company.lower(), COMPANY_ID):
        raise HttpRefusal(404, "Internal_CompanyNotFound", f"Cannot find company '{name}'.")
