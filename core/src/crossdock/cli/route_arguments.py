"""The arguments ROUTE and FLOW that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

from crossdock.config import Configuration, RouteConfig, nearest
from crossdock.errors import ConfigError
from crossdock.flows.options import FLOWS

Route = Annotated[str, typer.Argument(help="A route of the configuration.")]
Flow = Annotated[str, typer.Argument(help="A flow of the route: orders (shipments included), stock or products.")]


def checked_route(configuration: Configuration, route: str) -> RouteConfig:
    """The route of this name.

    Raises:
        ConfigError: there is none, or it needs a plugin that cannot be used.
    """
    if route in configuration.left_out:
        raise configuration.left_out[route]
    found = configuration.routes.get(route)
    if found is None:
        hint = nearest(route, configuration.routes) or "the configuration has no routes"
        raise ConfigError(f"there is no route {route!r}", file=str(configuration.path), hint=hint)
    return found


def checked_flow(configuration: Configuration, route: str, flow: str) -> RouteConfig:
    """The route of this name, which has the flow.

    Raises:
        ConfigError: there is no such route or flow, the flow is off, or a plugin that it needs cannot be used.
    """
    found = checked_route(configuration, route)
    if flow not in FLOWS:
        raise ConfigError(f"there is no flow {flow!r}", hint=nearest(flow, FLOWS))
    if flow not in found.flows:
        hint = f"switch it on with [routes.{route}.{flow}]"
        raise ConfigError(f"route {route!r} has no flow {flow!r}", file=str(configuration.path), hint=hint)
    return found
