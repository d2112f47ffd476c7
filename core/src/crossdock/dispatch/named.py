"""From the name in the config to a dispatcher, found by stevedore under ``crossdock.dispatchers``."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast

from stevedore import DriverManager
from stevedore.exception import NoMatches

from crossdock.dispatch.dispatcher import Opens
from crossdock.errors import ConfigError

GROUP = "crossdock.dispatchers"


def find(name: str) -> Opens:
    """Load what makes the dispatcher `name`.

    Raises:
        ConfigError: none of this name is installed, or it cannot be imported.
    """
    try:
        manager = _Driver(GROUP, name)
    except NoMatches:
        names = ", ".join(sorted({point.name for point in entry_points(group=GROUP)})) or "none"
        raise ConfigError(
            f"there is no dispatcher {name!r}", key="runner.dispatcher", hint=f"installed: {names}"
        ) from None
    except ImportError as error:
        hint = f"pip install 'crossdock[{name}]'" if name == "procrastinate" else None
        raise ConfigError(
            f"the dispatcher {name!r} cannot be imported: {error}", key="runner.dispatcher", hint=hint
        ) from error
    return cast(Opens, manager.driver)


class _Driver(DriverManager[Any]):
    """stevedore over live metadata: its cache hides fresh installations."""

    def list_entry_points(self) -> list[EntryPoint]:
        return list(entry_points(group=self.namespace))
