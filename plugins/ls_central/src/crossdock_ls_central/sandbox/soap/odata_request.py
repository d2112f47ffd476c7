"""Codeunit ODataRequest over SOAP: the replication actions, with their JSON document in ``return_value``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.odata.replication import Request, replicate
from crossdock_ls_central.sandbox.replicated.feeds import FEEDS, Feed
from crossdock_ls_central.sandbox.soap.arguments import Arguments
from crossdock_ls_central.sandbox.soap.schema import Operation, Parameter, Port, Value

Results = Mapping[str, Value | Port]
_PAGE = (
    Parameter("batchSize", "int"),
    Parameter("fullRepl", "boolean"),
    Parameter("lastKey"),
    Parameter("lastEntryNo", "int"),
    Parameter("return_value", sent=False, var=True),
)


def _operation(name: str, feed: Feed) -> Operation:
    return Operation(name, (Parameter("storeNo"), *_PAGE) if feed.takes_store else _PAGE)


def _procedure(feed: Feed) -> Callable[[Company, Arguments], Results]:
    def run(company: Company, arguments: Arguments) -> Results:
        request = Request(
            store=str(arguments["storeNo"]) if feed.takes_store else None,
            batch_size=int(str(arguments["batchSize"])),
            full=bool(arguments["fullRepl"]),
            last_key=str(arguments["lastKey"]),
            last_entry=int(str(arguments["lastEntryNo"])),
        )
        return {"return_value": json.dumps(replicate(company, feed, request))}

    return run


ODATA_REQUEST: Mapping[str, Operation] = {name: _operation(name, feed) for name, feed in FEEDS.items()}
ODATA_PROCEDURES = {name: _procedure(feed) for name, feed in FEEDS.items()}
