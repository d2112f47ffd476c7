"""Trying a connection: can we sign in, is the company there, is the store there, and what is offered."""

from __future__ import annotations

from crossdock.contract import Probe
from crossdock.errors import Refused
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.store import StoreFacts
from crossdock_ls_central.versions import Versions
from crossdock_ls_central.wire.calls import connection_call

__all__ = ["probe"]


async def probe(client: LsClient, versions: Versions, store: StoreFacts) -> Probe:
    """Sign in and look around; changes nothing.

    Raises:
        SignInAgain: the credentials are refused.
        Refused: there is no such company or store, or a web service is not published.
    """
    settings = client.settings
    try:
        reply = await client.ask(connection_call(), verb="probe")
    except Refused as error:
        raise error.at(
            hint=f"check that company {settings.company!r} exists and that codeunit OmniWrapper is published there"
        ) from None
    row = await store.store()
    if not row:
        raise Refused(
            f"There is no store {settings.store} in company {settings.company}.",
            code="1601",
            hint="correct `store` of the connection",
        )
    offered = sorted(await versions.offered(), reverse=True)
    currency = await store.currency()
    release = reply.values.get("lSRetailVersion", "")
    facts = {
        "company": settings.company,
        "store": settings.store,
        "store_name": row.get("Name", ""),
        "currency": currency,
        "ls_central": release,
        "business_central": reply.values.get("applicationVersion", ""),
        "create": " ".join(offered),
    }
    version = release or "LS Central of unknown version"
    summary = f"{settings.company}, store {settings.store}, {currency}, {version}"
    return Probe(summary, facts, _warnings(offered))


def _warnings(offered: list[str]) -> list[str]:
    if not offered:
        return ["OmniWrapper offers no CustomerOrderCreate: orders cannot be created"]
    return [] if "V6" in offered else ["OmniWrapper offers no CustomerOrderCreateV6: orders are created with V5"]
