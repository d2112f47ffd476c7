"""Telling people, over whatever Apprise knows: mail, chats, pagers. I/O."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from pydantic import SecretStr

from crossdock.errors import ConfigError, TryLater
from crossdock.redaction import hide_secrets, register_secret
from crossdock.runner.alerts import Alert

Tell = Callable[[str, str], Awaitable[None]]
"""Tells people a title and a text; raises `TryLater` when nobody could be told."""


def messenger(to: Sequence[SecretStr]) -> Tell:
    """What tells those who are behind `to`.

    Raises:
        ConfigError: Apprise is not installed, or does not know an address; the address is not shown.
    """
    addresses = [secret.get_secret_value() for secret in to]
    for address in addresses:
        register_secret(address)
    try:
        import apprise  # loads a hundred services: only where somebody is to be told
    except ImportError:
        raise ConfigError(
            "telling people needs Apprise", key="alerts.to", hint="pip install 'crossdock[alerts]'"
        ) from None
    notifier = apprise.Apprise()
    for number, address in enumerate(addresses):
        if not notifier.add(address):
            raise ConfigError(
                f"address {number + 1} is none that Apprise knows",
                key=f"alerts.to[{number}]",
                hint="its forms are listed at https://github.com/caronc/apprise/wiki",
            )

    async def tell(title: str, text: str) -> None:
        shown = hide_secrets(text)
        told = await asyncio.to_thread(notifier.notify, body=shown, title=title, body_format=apprise.NotifyFormat.TEXT)
        if not told:
            raise TryLater(
                "an alert could not be delivered",
                hint="see whether what [alerts] names in `to` can be reached, then try: crossdock alerts test",
            )

    return tell


def message(fresh: Sequence[Alert], over: Sequence[Alert]) -> tuple[str, str]:
    """Title and text of what is told."""
    title = f"crossdock: {len(fresh)} alert{'s' if len(fresh) != 1 else ''}" if fresh else "crossdock: all well again"
    lines = [f"{alert.subject}: {alert.text}" for alert in fresh]
    lines += [f"over: {alert.subject}: {alert.text}" for alert in over]
    return title, "\n".join(lines)
